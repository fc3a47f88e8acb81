-- IPC: the channel is a file descriptor whose number is in NODE_CHANNEL_FD
-- sample: S091
-- watch: a shell takes part in the conversation: it reads the number from its environment and writes one
--   line of JSON to that descriptor. That is all there is on the wire.
-- try: let the shell write a number instead of an object: any JSON value is a message.
local child_process = require "child_process"

if process.argv[3] == "child" then
  process.send {
    variable = process.env.NODE_CHANNEL_FD == nil,
    hasChannel = process.channel ~= nil,
  }
  process.disconnect()
  return
end

-- A shell: it reads the number, and writes one line of JSON to that descriptor.
local script = [[
  echo "descriptor $NODE_CHANNEL_FD"
  echo '{"hello":"from a shell"}' >&$NODE_CHANNEL_FD
  read line <&$NODE_CHANNEL_FD
  echo "shell received $line"
]]
local sh = child_process.spawn("sh", { "-c", script },
  { stdio = { "ignore", "pipe", "inherit", "ipc" } })
local out = ""
sh.stdout:on("data", function(d) out = out .. d end)
sh:on("message", function(m)
  print("message from the shell: hello = " .. tostring(type(m) == "table" and m.hello or m))
  sh:send { answer = 42 }
end)
sh:on("close", function(code)
  io.write(out)
  print("shell closed with " .. code)

  local child = child_process.fork(__filename, { "child" })
  child:on("message", function(m)
    print("forked child: has a channel " .. tostring(m.hasChannel))
    print("forked child: the variable has been used up and is gone " .. tostring(m.variable))
  end)
end)
