-- Atomics: exact sums over threads, waiting and waking, Node's values and errors.
local tap = require "../lib/tap"
local Worker = require "worker_threads".Worker

tap.test("two threads lose nothing", function(done)
  local shared = SharedArrayBuffer(8)
  local n, left, each = Int32Array(shared), 2, tap.scale(100000)
  for _ = 1, 2 do
    Worker(function()
      local data = require "worker_threads".workerData
      local n = Int32Array(data.shared)
      for _ = 1, data.each do Atomics.add(n, 0, 1) end
    end, { workerData = { shared = shared, each = each } }):on("exit", function()
      left = left - 1
      if left > 0 then return end
      tap.is(n[0], 2 * each)
      done()
    end)
  end
end)

tap.test("wait and notify between threads", function(done)
  local shared = SharedArrayBuffer(8)
  local n = Int32Array(shared)
  local worker = Worker(function()
    local t = require "worker_threads"
    local n = Int32Array(t.workerData)
    Atomics.store(n, 1, 1)
    t.parentPort.postMessage(Atomics.wait(n, 0, 0))
  end, { workerData = shared })
  worker:on("message", function(result)
    tap.is(result, "ok")
    done()
  end)
  local function wake()
    if Atomics.notify(n, 0) == 0 then setTimeout(wake, 1) end
  end
  wake()
end)

tap.test("operations", function(done)
  local n = Int32Array(SharedArrayBuffer(8))
  tap.is(Atomics.add(n, 0, 5), 0)
  tap.is(Atomics.sub(n, 0, 2), 5)
  tap.is(Atomics.bor(n, 0, 12), 3)
  tap.is(Atomics.band(n, 0, 6), 15)
  tap.is(Atomics.bxor(n, 0, 3), 6)
  tap.is(Atomics["and"](n, 0, 4), 5)
  tap.is(Atomics["or"](n, 0, 1), 4)
  tap.is(Atomics.xor(n, 0, 0), 5)
  tap.is(Atomics.exchange(n, 0, 9), 5)
  tap.is(Atomics.compareExchange(n, 0, 9, 1), 9)
  tap.is(Atomics.compareExchange(n, 0, 9, 2), 1)
  tap.is(Atomics.load(n, 0), 1)
  local bytes = Uint8Array(SharedArrayBuffer(2))
  tap.is(Atomics.store(bytes, 0, 300), 300)
  tap.is(bytes[0], 44)
  local wide = BigInt64Array(SharedArrayBuffer(8))
  tap.is(Atomics.add(wide, 0, 1 << 40), 0)
  tap.is(Atomics.load(wide, 0), 1 << 40)
  tap.is(Atomics.wait(n, 0, 7), "not-equal")
  tap.is(Atomics.wait(n, 0, 1, 5), "timed-out")
  tap.is(Atomics.wait(n, 0, 1, -5), "timed-out")
  tap.is(Atomics.notify(Int32Array(1), 0), 0)
  tap.ok(Atomics.isLockFree(8) and not Atomics.isLockFree(3))
  done()
end)

tap.test("errors", function(done)
  tap.raises(function() Atomics.add(Float64Array(1), 0, 1) end,
    { name = "TypeError", message = "[object Float64Array] is not an integer typed array." })
  tap.raises(function() Atomics.wait(Int32Array(1), 0, 0, 1) end,
    { name = "TypeError", message = "[object Int32Array] is not a shared typed array." })
  tap.raises(function() Atomics.wait(Uint8Array(SharedArrayBuffer(1)), 0, 0) end,
    { name = "TypeError", message = "[object Uint8Array] is not an int32 or BigInt64 typed array." })
  tap.raises(function() Atomics.load(Int32Array(1), 1) end,
    { name = "RangeError", message = "Invalid atomic access index" })
  done()
end)

tap.test("waitAsync", function(done)
  local n = Int32Array(SharedArrayBuffer(4))
  tap.is_deep(Atomics.waitAsync(n, 0, 1), { async = false, value = "not-equal" })
  tap.is_deep(Atomics.waitAsync(n, 0, 0, 0), { async = false, value = "timed-out" })
  local told, late = Atomics.waitAsync(n, 0, 0), Atomics.waitAsync(n, 0, 0, 5)
  tap.ok(told.async and late.async)
  tap.is(Atomics.notify(n, 0, 1), 1)
  local alive = setInterval(function() end, 1000) -- a wait does not keep the program running
  told.value:andThen(function(v) tap.is(v, "ok") return late.value end):andThen(function(v)
    tap.is(v, "timed-out")
    clearInterval(alive)
    done()
  end)
end)
