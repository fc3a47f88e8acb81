-- A Lua function in place of a script.
local tap = require "../lib/tap"
local child_process = require "child_process"

tap.test("runs in the child with its arguments", function(done)
  local c = child_process.fork(function(...) process.send { ... } end, { "a", "b" })
  c:on("message", function(m)
    tap.is_deep(m, { "a", "b" })
  end)
  c:on("close", function(code)
    tap.is(code, 0)
    done()
  end)
end)

tap.test("answers messages", function(done)
  local c = child_process.fork(function()
    process:on("message", function(m)
      process.send(m .. "!")
      process.disconnect()
    end)
  end)
  c:on("message", tap.expect(function(m) tap.is(m, "hello!") end))
  c:on("close", function() done() end)
  c:send "hello"
end)

tap.test("knows the file it stands in", function(done)
  local c = child_process.fork(function() process.send(__filename) end)
  c:on("message", function(m) tap.is(m, __filename) end)
  c:on("close", function() done() end)
end)

tap.test("an error in it names file and line", function(done)
  local c = child_process.fork(function() error "boom" end, {}, { silent = true })
  local text = ""
  c.stderr:on("data", function(d) text = text .. d end)
  c:on("close", function(code)
    tap.is(code, 1)
    tap.like(text, "fork_function%.lua:35: boom")
    done()
  end)
end)

tap.test("a local of the code around it is refused by name", function()
  local outside = 1
  tap.raises(function() child_process.fork(function() return outside end) end,
    { code = "ERR_INVALID_ARG_VALUE", message = "the local 'outside'" })
end)

tap.test("a built-in function is refused", function()
  tap.raises(function() child_process.fork(print) end, { code = "ERR_INVALID_ARG_VALUE" })
end)
