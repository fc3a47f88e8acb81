-- What cannot be read closes this channel, and nothing else.
local tap = require "../lib/tap"
local child_process = require "child_process"

local function shell(name, script, why)
  tap.test(name, function(done)
    local c = child_process.spawn("sh", { "-c", script }, { stdio = { "ignore", "ignore", "inherit", "ipc" } })
    local messages, told = {}, nil
    c:on("message", function(m) messages[#messages + 1] = m end)
    c:on("error", function(e) told = e end)
    c:on("close", function()
      tap.is_error(told, { code = "ERR_IPC_MALFORMED", message = why })
      tap.is_deep(messages, { "before" })
      tap.is(c.connected, false)
      done()
    end)
  end)
end

shell("bad JSON", [[echo '"before"' >&3; echo '{bad' >&3; sleep 0.1; true]], "not JSON")
shell("an empty line", [[echo '"before"' >&3; echo >&3; sleep 0.1; true]], "empty line")
shell("a stray acknowledgement", [[echo '"before"' >&3; echo '{"cmd":"NODE_HANDLE_ACK"}' >&3; sleep 0.1; true]],
  "NODE_HANDLE_ACK")

tap.test("without a listener it is a warning, and other channels live on", function(done)
  local other = child_process.fork(function() process:on("message", function(m) process.send(m) end) end)
  local c = child_process.spawn("sh", { "-c", "echo nonsense >&3; sleep 0.1; true" },
    { stdio = { "ignore", "ignore", "inherit", "ipc" } })
  local warned
  process:once("warning", function(w) warned = w end)
  c:on("close", function()
    tap.is(warned and warned.code, "ERR_IPC_MALFORMED")
    other:send "still here"
  end)
  other:on("message", function(m)
    tap.is(m, "still here")
    other:disconnect()
  end)
  other:on("close", function() done() end)
end)
