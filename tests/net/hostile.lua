-- Listeners and look-ups that do what nobody expects: connect again, destroy, answer twice or never.
local tap = require "../lib/tap"
local net = require "net"

local two = { { address = "127.0.0.2", family = 4 }, { address = "127.0.0.1", family = 4 } }
local events = { "lookup", "connectionAttempt", "connectionAttemptFailed", "connect", "ready", "close", "error" }

local function each_event(act, done)
  local left = #events
  for _, event in ipairs(events) do
    local times = 0
    local s = net.Socket()
    s:on("error", function() end)
    s:on(event, function()
      times = times + 1
      if times < 3 then pcall(act, s) end
    end)
    local over = false
    s:on("close", function()
      if over then return end
      over = true
      left = left - 1
      if left == 0 then setTimeout(done, 20) end
    end)
    s:connect { port = 1, host = "x", lookup = function(_, _, answer) process.nextTick(answer, nil, two) end }
  end
end

tap.test("destroy in every event", function(done) each_event(function(s) s:destroy() end, done) end)

tap.test("connect in every event", function(done)
  each_event(function(s) s:connect { port = 1, host = "127.0.0.1" } end, done)
end)

tap.test("connect with a look-up in every event", function(done)
  each_event(function(s)
    s:connect { port = 1, host = "y", lookup = function(_, _, answer) answer(nil, two) end }
  end, done)
end)

tap.test("a look-up that answers twice, at once and late", function(done)
  local s = net.connect { port = 1, host = "x", lookup = function(_, _, answer)
    answer(nil, two)
    answer(nil, { two[1] })
    answer(Error "no")
    setImmediate(answer, nil, two)
  end }
  s:on("error", function() end)
  s:on("close", function() setTimeout(done, 10) end)
end)

tap.test("answers of all kinds", function(done)
  local odd = { false, 5, "x", {}, { 1, 2 }, { { address = 5, family = 4 } }, { { address = "::1", family = "6" } },
    { { address = "127.0.0.1", family = 6 } }, setmetatable({}, { __index = error }) }
  local left = 2 * #odd
  for _, value in ipairs(odd) do
    for _, several in ipairs { true, false } do
      local s
      s = net.connect { port = 1, host = "x", autoSelectFamily = several,
        lookup = function(_, _, answer) setImmediate(function() pcall(answer, nil, value, value) s:destroy() end) end }
      s:on("error", function() end)
      s:on("close", function()
        left = left - 1
        if left == 0 then done() end
      end)
    end
  end
end)

tap.test("a server that is closed and opened while its host is looked up", function(done)
  local server = net.createServer()
  local heard = 0
  server:on("listening", function() heard = heard + 1 end)
  for _ = 1, 5 do
    server:listen(0, "localhost")
    server:close()
  end
  server:listen(0, "127.0.0.1", function()
    server:close(function()
      tap.is(heard, 1)
      done()
    end)
  end)
end)
