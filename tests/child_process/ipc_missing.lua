-- A program that is not there: the channel ends after the error has been told.
local tap = require "../lib/tap"
local fork = require("child_process").fork

tap.test("fork of a missing execPath", function(done)
  local c = fork("x.lua", {}, { execPath = "/nope/nothing" })
  local seen = {}
  tap.is(c.connected, true)
  tap.is(c.pid, nil)
  tap.is(c:send("x", function(err) seen[#seen + 1] = err.code end), true)
  for _, name in ipairs { "spawn", "exit", "error", "close", "disconnect" } do
    c:on(name, function(...)
      seen[#seen + 1] = name
      if name == "error" then tap.is_error(..., { code = "ENOENT" }) end
      if name == "close" then tap.is((...), -2) end
      tap.is(c.connected, name == "error")
      if name ~= "disconnect" then return end
      tap.is_deep(seen, { "error", "EPIPE", "close", "disconnect" })
      done()
    end)
  end
end)
