-- autoSelectFamily: an address that does not answer in time is given up for the next one.
local tap = require "../lib/tap"
local net = require "net"
local fork = require("child_process").fork

-- A child that listens at 127.0.0.2, does not accept (it is stopped), and whose queue is full.
local function deaf(port, ready)
  local child = fork(function()
    process.on("message", function(p)
      require("net").createServer():listen({ port = p, host = "127.0.0.2", backlog = 1 }, function() process.send "up" end)
    end)
  end)
  child:send(port)
  child:on("message", function()
    child:kill "SIGSTOP"
    local fillers = {}
    for i = 1, 8 do
      fillers[i] = net.connect(port, "127.0.0.2")
      fillers[i]:on("error", function() end)
    end
    setTimeout(function()
      ready(function(done)
        for _, s in ipairs(fillers) do s:destroy() end
        child:on("exit", function() done() end)
        child:kill "SIGKILL"
      end)
    end, 50)
  end)
end

local function lookup(_, _, callback)
  process.nextTick(callback, nil, { { address = "127.0.0.2", family = 4 }, { address = "127.0.0.1", family = 4 } })
end

tap.test("the second address answers", function(done)
  local server = net.createServer(function(c) c:finish "hi" end)
  server:listen(0, "127.0.0.1", function()
    local port = server:address().port
    deaf(port, function(over)
      local log = {}
      local s = net.connect { port = port, host = "x", lookup = lookup, autoSelectFamilyAttemptTimeout = 30 }
      for _, e in ipairs { "connectionAttempt", "connectionAttemptFailed", "connectionAttemptTimeout", "connect" } do
        s:on(e, function(ip) log[#log + 1] = e .. " " .. tostring(ip) end)
      end
      s:resume()
      s:on("close", function()
        tap.is_deep(log, { "connectionAttempt 127.0.0.2", "connectionAttemptTimeout 127.0.0.2",
          "connectionAttempt 127.0.0.1", "connect nil" })
        tap.is(s.autoSelectFamilyAttemptedAddresses[2], "127.0.0.1:" .. port)
        -- nobody answers: the errors of both, the first one is the time limit
        server:close(function()
          local t = net.connect { port = port, host = "x", lookup = lookup, autoSelectFamilyAttemptTimeout = 30 }
          t:on("error", function(e)
            tap.is(e.name, "AggregateError")
            tap.is_deep({ e.code, e.errors[1].message, e.errors[2].message }, { "ETIMEDOUT",
              "connect ETIMEDOUT 127.0.0.2:" .. port, "connect ECONNREFUSED 127.0.0.1:" .. port })
            -- destroyed while it waits
            local u = net.connect { port = port, host = "x", lookup = lookup }
            u:on("connectionAttemptTimeout", function() tap.ok(false, "no attempt goes on") end)
            setTimeout(function() u:destroy() end, 1)
            u:on("close", function() over(done) end)
          end)
        end)
      end)
    end)
  end)
end)
