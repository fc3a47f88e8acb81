-- terminate() ends any Lua code, and nobody waits for it.
local tap = require "../lib/tap"
local Worker = require "worker_threads".Worker

local loops = {
  plain = function() while true do end end,
  ["under pcall"] = function() while true do pcall(function() while true do end end) end end,
  coroutine = function() coroutine.wrap(function() while true do end end)() end,
  ["nested coroutines"] = function()
    while true do pcall(coroutine.wrap(function() pcall(function() while true do end end) end)) end
  end,
  idle = function() setInterval(function() end, 1000) end,
  ["exit listener"] = function() process.on("exit", function() while true do end end) end,
  ["Atomics.wait"] = function() Atomics.wait(Int32Array(SharedArrayBuffer(4)), 0, 0) end,
  ticks = function() local function f() process.nextTick(f) end f() end,
  ["its own worker"] = function()
    require "worker_threads".Worker(function() while true do end end)
    while true do end
  end
}

for name, loop in pairs(loops) do
  tap.test(name, function(done)
    local worker = Worker(loop)
    worker:on("error", function(e) tap.fail(tostring(e)) end)
    worker:on("online", function()
      local promise = worker:terminate()
      promise:andThen(function(code) tap.is(code, 1, name) end)
    end)
    worker:on("exit", function()
      worker:terminate():andThen(function(code)
        tap.is(code, nil, name .. ": had ended")
        done()
      end)
    end)
  end)
end

tap.test("at any moment of its start", function(done)
  local left = tap.scale(50)
  local total = left
  for i = 1, total do
    local worker = Worker(function() while true do end end)
    local function stop() worker:terminate() end
    if i % 3 == 0 then stop() elseif i % 3 == 1 then setImmediate(stop) else setTimeout(stop, i % 7) end
    worker:on("exit", function()
      left = left - 1
      if left == 0 then
        tap.pass(total .. " ended")
        done()
      end
    end)
  end
end)
