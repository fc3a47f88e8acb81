-- MessagePort, transfer lists, BroadcastChannel: Node's rules.
local tap = require "../lib/tap"
local threads = require "worker_threads"
local receive = threads.receiveMessageOnPort

tap.test("messages wait, once takes one, the rest goes on waiting", function(done)
  local c = MessageChannel()
  tap.is(c.port2:hasRef(), false)
  for i = 1, 3 do c.port1:postMessage(i) end
  c.port2:once("message", function(first)
    tap.is(first, 1)
    tap.is(c.port2:hasRef(), false, "nobody listens any more")
    setImmediate(function()
      local seen = {}
      c.port2:on("message", function(m)
        seen[#seen + 1] = m
        if #seen < 2 then return end
        tap.is_deep(seen, { 2, 3 })
        tap.is(c.port2:hasRef(), true)
        c.port2:close()
        done()
      end)
    end)
  end)
end)

tap.test("onmessage and addEventListener get an Event", function(done)
  local c, seen = MessageChannel(), {}
  local function once(event) seen[#seen + 1] = "once " .. event.data end
  local function gone() tap.fail "was taken off" end
  c.port2:addEventListener("message", once, { once = true })
  c.port2:addEventListener("message", gone)
  c.port2:removeEventListener("message", gone)
  local function second(event)
    tap.is(event.type, "message")
    tap.is(event.target, c.port2)
    seen[#seen + 1] = "property " .. event.data
    if event.data ~= "b" then return end
    tap.is_deep(seen, { "once a", "property a", "property b" })
    c.port1:close()
    done()
  end
  c.port2.onmessage = function() tap.fail "was replaced" end
  c.port2.onmessage = second
  tap.is(c.port2.onmessage, second)
  c.port1:postMessage "a"
  c.port1:postMessage "b"
end)

tap.test("close delivers what was posted, then closes both", function(done)
  local c, seen = MessageChannel(), {}
  c.port1:on("close", function() seen[#seen + 1] = "close 1" end)
  c.port2:on("close", function()
    seen[#seen + 1] = "close 2"
    setImmediate(function()
      table.sort(seen)
      tap.is_deep(seen, { "close 1", "close 2", "message last" })
      c.port1:postMessage "nobody" -- nothing happens
      done()
    end)
  end)
  c.port2:on("message", function(m) seen[#seen + 1] = "message " .. m end)
  c.port1:postMessage "last"
  c.port1:close()
  c.port1:postMessage "after"
end)

tap.test("transfer lists", function(done)
  local c = MessageChannel()
  local memory = ArrayBuffer(8)
  local view = Uint8Array(memory)
  view[0] = 7
  c.port1:postMessage({ view = view, same = memory }, { transfer = { memory } })
  tap.is(memory.byteLength, 0)
  tap.is(#view, 0)
  tap.is(view[0], nil)
  local m = receive(c.port2).message
  tap.is(m.view[0], 7)
  tap.is(m.view.buffer, m.same, "what was shared is shared")
  local pooled = Buffer.from "small"
  c.port1:postMessage(pooled, { pooled.buffer })
  tap.is(pooled:toString(), "small", "the pool's memory is copied")
  tap.is(receive(c.port2).message:toString(), "small")
  local kept = ArrayBuffer(4)
  threads.markAsUntransferable(kept)
  c.port1:postMessage(kept, { kept })
  tap.is(kept.byteLength, 4)
  tap.is(receive(c.port2).message.byteLength, 4)

  local function refused(want, value, list)
    tap.raises(function() c.port1:postMessage(value, list) end, want)
  end
  refused({ code = "ERR_INVALID_TRANSFER_OBJECT" }, 1, { {} })
  refused({ code = "ERR_INVALID_TRANSFER_OBJECT" }, 1, { Buffer.alloc(4) })
  refused({ code = "ERR_INVALID_TRANSFER_OBJECT" }, 1, { SharedArrayBuffer(4) })
  local twice = ArrayBuffer(4)
  refused({ code = 25, message = "Transfer list contains duplicate ArrayBuffer" }, 1, { twice, twice })
  refused({ code = 25, message = "Transfer list contains source port" }, 1, { c.port1 })
  refused({ code = "ERR_MISSING_TRANSFERABLE_IN_TRANSFER_LIST" }, { MessageChannel().port1 })
  refused({ code = "ERR_INVALID_ARG_TYPE" }, 1, 5)
  refused({ code = 25, message = "value.list[2].f is a function" }, { list = { 1, { f = print } } })
  refused({ code = 25 }, memory) -- detached
  tap.is(twice.byteLength, 4, "a refusal changes nothing")
  tap.raises(function() c.port1:postMessage() end, { code = "ERR_MISSING_ARGS" })
  tap.raises(function() MessagePort() end, { code = "ERR_CONSTRUCT_CALL_INVALID" })
  tap.raises(function() receive {} end, { code = "ERR_INVALID_ARG_TYPE" })
  c.port1:close()
  setImmediate(done)
end)

tap.test("a port travels with what waits in it", function(done)
  local outer, inner = MessageChannel(), MessageChannel()
  inner.port1:postMessage "waited"
  outer.port1:postMessage({ port = inner.port2 }, { inner.port2 })
  inner.port2:postMessage "nothing happens"
  tap.raises(function() outer.port1:postMessage(1, { inner.port2 }) end,
    { message = "MessagePort in transfer list is already detached" })
  local port = receive(outer.port2).message.port
  port:on("message", function(m)
    tap.is(m, "waited")
    port:close()
    outer.port1:close()
    done()
  end)
end)

tap.test("clones", function(done)
  local cycle = { n = 1, f = 1.0, null, name = "x" }
  cycle.self = cycle
  cycle.bytes = Int16Array { 1, -2 }
  local c = structuredClone(cycle)
  tap.is(c.self, c)
  tap.is(math.type(c.n), "integer")
  tap.is(math.type(c.f), "float")
  tap.is(c[1], null)
  tap.is(c.bytes[1], -2)
  local e = structuredClone(TypeError("bad", { cause = { 1 } }))
  tap.ok(instanceof(e, TypeError))
  tap.is(e.message, "bad")
  tap.is_deep(e.cause, { 1 })
  local shared = SharedArrayBuffer(4)
  Int32Array(structuredClone(shared))[0] = 5
  tap.is(Int32Array(shared)[0], 5, "shared memory is shared")
  local view = DataView(ArrayBuffer(8), 2, 4)
  tap.is(structuredClone(view).byteOffset, 2)
  done()
end)

tap.test("BroadcastChannel reaches all others, in threads too", function(done)
  local name = "news " .. process.pid
  local a, b = BroadcastChannel(name), BroadcastChannel(name)
  local seen = {}
  local worker = threads.Worker(function()
    local t = require "worker_threads"
    local c = BroadcastChannel(t.workerData)
    t.parentPort:postMessage "open"
    c.onmessage = function(event)
      c:postMessage("thread got " .. event.data)
      c:close()
    end
  end, { workerData = name })
  a.onmessage = function(event)
    seen[#seen + 1] = event.data
    if event.data ~= "thread got hello" then return end
    tap.is_deep(seen, { "thread got hello" }, "not its own")
    a:close()
    b:close()
    tap.raises(function() a:postMessage(1) end, { name = "InvalidStateError", code = 11 })
    done()
  end
  worker:on("message", function() a:postMessage "hello" end)
end)

tap.test("postMessageToThread", function(done)
  local worker = threads.Worker(function()
    local t = require "worker_threads"
    process:on("workerMessage", function(value, source)
      if value == "throw" then error "no" end
      t.parentPort:postMessage { value, source }
    end)
    t.parentPort:on("message", function() process.exit(0) end)
    t.parentPort:postMessage "ready"
  end)
  local function code_of(...)
    local ok, e = pcall(await, threads.postMessageToThread(...))
    return ok or e.code
  end
  worker:once("message", async(function()
    worker:once("message", function(m) tap.is_deep(m, { "hello", 0 }) end)
    tap.is(code_of(worker.threadId, "hello"), true)
    tap.is(code_of(worker.threadId, "throw"), "ERR_WORKER_MESSAGING_ERRORED")
    tap.is(code_of(99999, 1), "ERR_WORKER_MESSAGING_FAILED")
    tap.is(code_of(0, 1), "ERR_WORKER_MESSAGING_SAME_THREAD")
    worker:postMessage "end"
    worker:on("exit", function() done() end)
  end))
end)
