-- The end of a channel, from either side.
local tap = require "../lib/tap"
local child_process = require "child_process"
local fork = child_process.fork

local function echo()
  return fork(function() process:on("message", function(m) process.send(m) end) end)
end

tap.test("disconnect by the parent ends a child that only listens", function(done)
  local c = echo()
  tap.is(c.connected, true)
  tap.ok(c.channel.fd > 2)
  c:on("message", function()
    c:disconnect()
    tap.is(c.connected, false)
    tap.is(c.channel, nil)
  end)
  local seen = {}
  for _, name in ipairs { "disconnect", "exit", "close" } do
    c:on(name, function() seen[#seen + 1] = name end)
  end
  c:on("close", function(code)
    tap.is(code, 0)
    tap.is_deep(seen, { "disconnect", "exit", "close" })
    done()
  end)
  c:send "x"
end)

tap.test("send after the end", function(done)
  local c = fork(function() end)
  c:on("close", function()
    tap.is(c:send("x", function(err)
      tap.is_error(err, { code = "ERR_IPC_CHANNEL_CLOSED", message = "Channel closed" })
      c:once("error", function(e)
        tap.is(e.code, "ERR_IPC_CHANNEL_CLOSED")
        local told
        c:once("error", function(again) told = again.code end)
        c:disconnect()
        tap.is(told, "ERR_IPC_DISCONNECTED", "at once")
        done()
      end)
      tap.is(c:send "y", false)
    end), false)
  end)
end)

tap.test("a child that never listens ends by itself", function(done)
  fork(function() end):on("close", function(code)
    tap.is(code, 0)
    done()
  end)
end)

tap.test("once releases the child", function(done)
  local c = fork(function() process:once("message", function() end) end)
  c:send "x"
  c:on("close", function(code)
    tap.is(code, 0)
    done()
  end)
end)

tap.test("channel.ref holds a child without listeners", function(done)
  local c = fork(function()
    process.channel:ref()
    process.send "up"
  end)
  c:on("message", function() setTimeout(function() c:disconnect() end, 20) end)
  c:on("close", function(code)
    tap.is(code, 0)
    done()
  end)
end)

tap.test("the child hears of its parent's disconnect", function(done)
  local c = fork(function()
    process:on("disconnect", function() process.exit(process.connected and 1 or 7) end)
    process.send "up"
  end)
  c:on("message", function() c:disconnect() end)
  c:on("close", function(code)
    tap.is(code, 7)
    done()
  end)
end)

tap.test("what the message may not be", function(done)
  local c = echo()
  tap.raises(function() c:send() end, { code = "ERR_MISSING_ARGS" })
  tap.raises(function() c:send(print) end, { code = "ERR_INVALID_ARG_TYPE" })
  local cycle = {}
  cycle.self = cycle
  tap.raises(function() c:send(cycle) end, { name = "TypeError", message = "circular" })
  tap.raises(function() c:send "\xff" end, { name = "TypeError", message = "UTF%-8" })
  tap.raises(function() c:send("x", {}) end, { code = "ERR_INVALID_HANDLE_TYPE" })
  c:disconnect()
  c:on("close", function() done() end)
end)

tap.test("without a channel send says what is missing", function(done)
  local c = child_process.spawn("true")
  tap.raises(function() c:send "x" end, { code = "ERR_CHILD_PROCESS_IPC_REQUIRED" })
  c:on("close", function() done() end)
end)
