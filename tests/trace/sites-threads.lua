-- What threads and the messages between them record.
local tap = require "../lib/tap"
local traced = require "./lib/traced"

-- The rings by number of the thread.
local function threads(dir)
  local list = {}
  for _, ring in ipairs(traced.all(dir)) do list[ring.thread_id] = ring end
  return list
end

local function slot(ring, id)
  for _, channel in ipairs(ring.channels) do
    if channel.id == id then return channel end
  end
  return {}
end

tap.test("a worker is told by who starts it; its messages pair up", function()
  local dir = traced.run [[
    local threads = require "worker_threads"
    if threads.isMainThread then
      local w = threads.Worker(__filename)
      w:on("message", function(m) if m.n == 3 then w:postMessage "end" end end)
      for n = 1, 3 do w:postMessage { n = n } end
    else
      threads.parentPort:on("message", function(m)
        if m == "end" then return threads.parentPort:close() end
        threads.parentPort:postMessage(m)
      end)
    end]]
  local rings = threads(dir)
  local spawn = traced.events(rings[0], "thr.spawn")[1]
  tap.is(spawn.n[1], 1)
  tap.ok(spawn.text:find("main.lua", 1, true), spawn.text)
  tap.is(traced.match(dir, "msg.post", "msg.recv"), 7)
  local posts = traced.events(rings[0], "msg.post")
  tap.is(traced.texts(posts), '{n = 1} {n = 2} {n = 3} "end"')
  tap.is(posts[1].n[2] .. posts[2].n[2] .. posts[3].n[2] .. posts[4].n[2], "1234")
  tap.is(posts[1].n[4], 1, "the thread that it goes to")
  tap.is(posts[1].flags, 0)
  local back = traced.events(rings[0], "msg.recv")
  tap.is(back[1].flags, traced.UP)
  tap.is(back[1].n[4], 1, "the thread that it comes from")
  tap.is(traced.events(rings[1], "msg.recv")[1].n[4], 0)
  local id = posts[1].n[1]
  tap.is(slot(rings[0], id).sent .. " " .. slot(rings[0], id).received, "4 3")
  tap.is(slot(rings[1], id).sent .. " " .. slot(rings[1], id).received, "3 4")
end)

tap.test("a thread of a thread says by whom it was started", function()
  local dir = traced.run [[
    local threads = require "worker_threads"
    if threads.threadId < 2 then threads.Worker(__filename) end]]
  local rings = threads(dir)
  tap.is(table.concat(rings[1].records[1].n, " "), "1 0 0 0")
  tap.is(table.concat(rings[2].records[1].n, " "), "2 1 0 0")
end)

tap.test("a port that moves to another thread keeps its channel and its count", function()
  local dir = traced.run [[
    local threads = require "worker_threads"
    if threads.isMainThread then
      local channel = MessageChannel()
      channel.port1:postMessage "first"
      channel.port1:on("message", function() channel.port1:close() end)
      local w = threads.Worker(__filename)
      w:postMessage(channel.port2, { channel.port2 })
      channel.port1:postMessage "second"
    else
      threads.parentPort:once("message", function(port)
        port:on("message", function(m) if m == "second" then port:postMessage "back" end end)
      end)
    end]]
  local rings = threads(dir)
  local got = traced.events(rings[1], "msg.recv")
  tap.is(traced.texts(got), 'MessagePort "first" "second"')
  tap.is(got[2].n[1], got[3].n[1])
  tap.is(got[2].n[2] .. got[3].n[2], "12")
  tap.is(traced.match(dir, "msg.post", "msg.recv"), 4)
end)

tap.test("a BroadcastChannel has a channel for each who listens", function()
  local dir = traced.run [[
    local a, b, c = BroadcastChannel "x", BroadcastChannel "x", BroadcastChannel "y"
    b.onmessage = function() a:close() b:close() c:close() end
    a:postMessage { 1, 2 }]]
  local posts = traced.events(traced.ring(dir, "main.lua"), "msg.post")
  tap.is(traced.texts(posts), "{1, 2}")
  tap.is(traced.match(dir, "msg.post", "msg.recv"), 1)
end)

tap.test("postMessageToThread, whose answer is the protocol's own", function()
  local dir = traced.run [[
    local threads = require "worker_threads"
    if threads.isMainThread then
      local w = threads.Worker(__filename)
      w:once("message", function()
        threads.postMessageToThread(w.threadId, "hello"):andThen(function() w:terminate() end)
      end)
    else
      process:on("workerMessage", function() end)
      threads.parentPort:on("message", function() end)
      threads.parentPort:postMessage "ready"
    end]]
  local rings = threads(dir)
  local post = traced.events(rings[0], "msg.post")[1]
  tap.is(post.text .. " to " .. post.n[4], '"hello" to 1')
  tap.is(post.flags & traced.INTERNAL, 0)
  local answer = traced.events(rings[0], "msg.recv")[2]
  tap.ok(traced.has(answer, traced.INTERNAL), "the answer")
  tap.is(traced.match(dir, "msg.post", "msg.recv"), 3)
end)

tap.test("a channel keeps its place in the page when another one closes", function()
  local dir = traced.run [[
    local one, two = MessageChannel(), MessageChannel()
    two.port2:on("message", function(n)
      if n == 1 then
        one.port1:close()
        setTimeout(function() two.port1:postMessage(2) end, 10)
      else
        two.port1:close()
      end
    end)
    one.port2:on("message", function() two.port1:postMessage(1) end)
    one.port1:postMessage(0)]]
  local ring = traced.ring(dir, "main.lua")
  local ids = {}
  for _, channel in ipairs(ring.channels) do
    tap.ok(not ids[channel.id], "a channel is shown once")
    ids[channel.id] = channel
  end
  local two = ids[traced.events(ring, "msg.recv")[3].n[1]]
  tap.is(two.open, 0)
end)

tap.test("previews can be switched off", function()
  local dir = traced.run [[
    require("trace").preview = false
    local channel = MessageChannel()
    channel.port2:on("message", function() channel.port1:close() end)
    channel.port1:postMessage "secret"]]
  local ring = traced.ring(dir, "main.lua")
  local post = traced.events(ring, "msg.post")[1]
  tap.is(post.text .. traced.events(ring, "msg.recv")[1].text, "")
  tap.is(post.flags & traced.INTERNAL, 0)
  tap.ok(post.n[3] > 0, "bytes")
end)
