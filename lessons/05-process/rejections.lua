-- promises: unhandledRejection and rejectionHandled
-- sample: S126
-- watch: a rejection counts as unhandled when the running code and its microtasks have ended. Without a
--   listener it ends the process with code 1, like an error that nobody catches.
-- try: catch the late one at once, without the timer: both events stay away.
local child_process = require "child_process"

if process.argv[3] == "child" then
  setTimeout(function() print "never printed" end, 50)
  Promise.reject(Error "nobody cares")
  return
end

process:on("unhandledRejection", function(reason) print("unhandledRejection: " .. reason.message) end)
process:on("rejectionHandled", function() print "rejectionHandled: a handler came late" end)

Promise.reject(Error "handled in time"):catch(function(e) print("caught: " .. e.message) end)

local late = Promise.reject(Error "handled late")
setTimeout(function()
  late:catch(function(e) print("caught at last: " .. e.message) end)
end, 10)

setTimeout(function()
  local r = child_process.spawnSync(process.execPath, { __filename, "child" }, { encoding = "utf8" })
  print(("without listeners: code %d, printed %s, message on stderr %s"):format(r.status,
    r.stdout:match "%w+" or "nothing", r.stderr:find "nobody cares" ~= nil))
end, 30)
