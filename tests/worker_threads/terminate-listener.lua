-- terminate() reaches a busy thread however often a listener of SIGURG, the signal that stops it, comes and goes.
local tap = require "../lib/tap"
local Worker = require "worker_threads".Worker

local ROUNDS = tap.scale(1000)
local heard, ended, wrong = 0, 0, 0
local function hear() heard = heard + 1 end
local function come_and_go(times)
  for _ = 1, times do process:on("SIGURG", hear):off("SIGURG", hear) end
end

tap.test(ROUNDS .. " threads", function(done)
  local function one()
    local worker = Worker("require('worker_threads').parentPort:postMessage(1) while true do end", { eval = true })
    worker:on("message", function()
      come_and_go(ended % 3)
      worker:terminate()
      come_and_go(5)
    end)
    worker:on("exit", function(code)
      ended = ended + 1
      if code ~= 1 then wrong = wrong + 1 end
      if ended < ROUNDS then one() else done() end
    end)
  end
  one()
end)

tap.test("what was heard", function(done)
  tap.is(ended, ROUNDS, "each of them has ended")
  tap.is(wrong, 0, "as one that was stopped")
  tap.is(heard, 0, "and the listener has heard nothing of it")
  local wait = setInterval(function() end, 1000) -- a listener keeps nobody alive
  process:once("SIGURG", function(name)
    clearInterval(wait)
    tap.is(name, "SIGURG", "it hears its own")
    done()
  end)
  process:kill(process.pid, "SIGURG")
end)
