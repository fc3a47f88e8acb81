-- What cannot be read closes this channel, and nothing else.
local tap = require "../lib/tap"
local child_process = require "child_process"

-- A child that writes `chunks` to its channel, one after the other, and stays until it is closed.
local function raw(name, options, chunks, why, before)
  tap.test(name, function(done)
    local c = child_process.spawn("sh", { "-c", "cat <&4 >&3; cat <&3 >/dev/null" },
      { stdio = { "ignore", "ignore", "inherit", "ipc", "pipe" }, serialization = options.serialization,
        maxMessageSize = options.maxMessageSize })
    local messages, told = {}, nil
    c:on("message", function(m) messages[#messages + 1] = m end)
    c:on("error", function(e) told = e end)
    c:on("disconnect", function() tap.is(c.connected, false) end)
    c:on("close", function()
      tap.is_error(told, { code = "ERR_IPC_MALFORMED", message = why })
      tap.is_deep(messages, before or { "before" })
      done()
    end)
    c.stdio[5]:on("error", function() end)
    for _, chunk in ipairs(chunks) do c.stdio[5]:write(chunk) end
    c.stdio[5]:finish()
  end)
end

local json, advanced = {}, { serialization = "advanced" }
local function frame(bytes) return (">s4"):pack(bytes) end
local before = frame "\xff\x0f\"\6before"

raw("bad JSON", json, { '"before"\n{bad\n"after"\n' }, "not JSON")
raw("an empty line", json, { '"before"\n\n' }, "empty line")
raw("a stray acknowledgement", json, { '"before"\n{"cmd":"NODE_HANDLE_ACK"}\n' }, "NODE_HANDLE_ACK")
raw("a stray refusal", json, { '"before"\n{"cmd":"NODE_HANDLE_NACK"}\n' }, "NODE_HANDLE_NACK")
raw("bytes without a line end", { maxMessageSize = 100000 },
  { '"before"\n', ("x"):rep(60000), ("y"):rep(60000) }, "longer than 100000 bytes")
raw("a message over the limit", { maxMessageSize = 10 }, { '"before"\n"and a long one"\n' }, "longer than 10 bytes")
raw("a frame of 4 GiB", advanced, { before .. "\xff\xff\xff\xff" }, "longer than 268435456 bytes")
raw("a frame that is no message", advanced, { before .. frame "nonsense" }, "V8's format")
raw("an empty frame", advanced, { before .. frame "" }, "V8's format")
raw("a count that is wrong", advanced, { before .. frame "\xff\x0fo\"\1aI\2{\2" }, "a count is wrong")
raw("a stray acknowledgement in frames", advanced,
  { before .. frame "\xff\x0fo\"\3cmd\"\15NODE_HANDLE_ACK{\1" }, "NODE_HANDLE_ACK")
raw("nothing but nonsense", json, { ("\0\1\2"):rep(1000) .. "\n" }, "not JSON", {})

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

tap.test("a child whose parent talks nonsense hears of it and lives on", function(done)
  local env = { NODE_CHANNEL_FD = "3" }
  for k, v in pairs(process.env) do env[k] = env[k] or v end
  local c = child_process.spawn(process.execPath, { "-e", [[
    process:on("message", function(m) print("message " .. m) end)
    process:on("error", function(e) print(e.code) end)
    process:on("disconnect", function()
      print "disconnect"
      setTimeout(print, 1, "alive")
    end)]] }, { stdio = { "ignore", "pipe", "inherit", "pipe" }, env = env })
  c.stdio[4]:write '"one"\n\n"two"\n'
  local out = ""
  c.stdout:on("data", function(d) out = out .. d end)
  c:on("close", function(code)
    tap.is(code, 0)
    tap.is(out, "message one\nERR_IPC_MALFORMED\ndisconnect\nalive\n")
    done()
  end)
end)

tap.test("the limit of a process, and of a channel", function(done)
  local c = child_process.fork(function()
    process.send { process.channel.maxMessageSize, process.env.MOONFORK_IPC_LIMIT }
    process.channel.maxMessageSize = 50
    process:on("error", function(e) process.exit(e.code == "ERR_IPC_MALFORMED" and 3 or 4) end)
    process:on("message", function() end)
  end, { maxMessageSize = 1000 })
  tap.is(c.channel.maxMessageSize, 1000)
  tap.raises(function() c:send(("x"):rep(1000)) end, { code = "ERR_OUT_OF_RANGE" })
  tap.raises(function() c.channel.maxMessageSize = 0 end, { code = "ERR_OUT_OF_RANGE" })
  c:on("message", function(m)
    tap.is_deep(m, { 1000, "1000" })
    c:send(("x"):rep(100))
  end)
  c:on("close", function(code)
    tap.is(code, 3)
    done()
  end)
end)
