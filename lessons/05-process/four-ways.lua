-- child_process: the four ways side by side
-- sample: S094
-- watch: spawn gives a stream, execFile and exec the whole output at the end (exec by way of a shell),
--   fork a channel for messages.
-- try: run the line of exec with execFile("echo", ...): there is no shell, and && is printed.
local child_process = require "child_process"

if process.argv[3] == "child" then
  process.send { text = "by message" }
  process.disconnect()
  return
end

local function forked()
  local child = child_process.fork(__filename, { "child" })
  print("fork has a channel: " .. tostring(child.connected))
  child:on("message", function(m) print("fork: " .. m.text) end)
  child:on("close", function() print "done" end)
end

local function by_exec()
  child_process.exec("echo by callback, && echo through a shell", function(_, stdout)
    print("exec: " .. stdout:gsub("\n$", ""):gsub("\n", " "))
    forked()
  end)
end

local function by_exec_file()
  child_process.execFile("echo", { "by callback, no shell" }, function(_, stdout)
    io.write("execFile: " .. stdout)
    by_exec()
  end)
end

local child = child_process.spawn("echo", { "as a stream" })
child.stdout:on("data", function(d) io.write("spawn: " .. d) end)
child:on("close", function()
  print("spawn has a channel: " .. tostring(child.connected))
  by_exec_file()
end)
