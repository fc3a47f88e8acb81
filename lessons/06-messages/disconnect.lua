-- process: channel, connected, disconnect
-- sample: S114
-- watch: both sides hear of the end of the channel; a send after it fails, in the child and in the
--   parent. A process that was not forked has no send at all.
-- try: let the child exit with code 5 instead of disconnecting: only the parent hears of the channel's
--   end.
local child_process = require "child_process"
local role = process.argv[3]

if role == "child" then
  process:on("disconnect", function()
    print("child: disconnect event, connected " .. tostring(process.connected))
    process.send "too late"
  end)
  process:on("error", function(e) print("child: error " .. e.code) end)
  process:on("message", function()
    print("child: connected " .. tostring(process.connected))
    process.disconnect()
  end)
  return
elseif role == "plain" then
  print(("plain child: has send %s, has a channel %s"):format(process.send ~= nil, process.channel ~= nil))
  return
end

local child = child_process.fork(__filename, { "child" })
print("parent: connected " .. tostring(child.connected))
local told = "parent: no disconnect event"
child:on("disconnect", function()
  told = "parent: disconnect event, connected " .. tostring(child.connected)
end)
child:on("close", function(code)
  print(told)
  print("child closed with " .. code)
  child:once("error", function(e) print("send afterwards: " .. e.code) end)
  child:send "hello?"
  local r = child_process.spawnSync(process.execPath, { __filename, "plain" }, { encoding = "utf8" })
  io.write(r.stdout)
end)
child:send "go"
