-- What the client makes of a connection that is refused, breaks, or talks nonsense: no Redis is needed.
local tap = require "../lib/tap"
local net = require "net"
local redis = require "redis"

-- Answers each connection with what `answer(socket, bytes)` writes; gives the client to fn.
local function with_server(answer, fn)
  local server = net.createServer(function(socket)
    socket:on("error", function() end)
    socket:on("data", function(bytes) answer(socket, tostring(bytes)) end)
  end)
  server:listen(0, "127.0.0.1")
  await(require "events".once(server, "listening"))
  local client = redis.createClient { port = server:address().port }
  local ended = Promise(function(resolve) client:on("end", resolve) end)
  client:on("error", function(e) client.failure = e end)
  fn(client)
  await(ended)
  server:close()
  await(require "events".once(server, "close"))
end

local function reason(promise)
  local ok, e = pcall(await, promise)
  return not ok and e or nil
end

tap.test("a refused connection is told, not swallowed", async(function()
  local probe = net.createServer():listen(0, "127.0.0.1")
  await(require "events".once(probe, "listening"))
  local port = probe:address().port
  probe:close()
  await(require "events".once(probe, "close"))
  local client = redis.createClient { port = port }
  local seen = {}
  client:on("error", function(e) seen[#seen + 1] = e end)
  local ended = Promise(function(resolve) client:on("end", resolve) end)
  local refused = reason(client:command "ping")
  await(ended)
  tap.is(#seen, 1)
  tap.is(seen[1].code, "ECONNREFUSED")
  tap.is(seen[1].port, port)
  tap.is(refused.code, "ECONNREFUSED")
  tap.is(reason(client:command "ping").code, "ECONNREFUSED")
end))

tap.test("a socket that is not there", async(function()
  local client = redis.createClient { path = "/nonexistent/redis" }
  local error = await(require "events".once(client, "error"))[1]
  tap.is(error.code, "ENOENT")
  tap.is(error.address, "/nonexistent/redis")
end))

tap.test("every kind of reply, cut anywhere", async(function()
  local text = "+OK\r\n:-7\r\n$3\r\na\0b\r\n$-1\r\n*3\r\n:1\r\n$-1\r\n*1\r\n+x\r\n-WRONGTYPE no\r\n*0\r\n"
  with_server(function(socket)
    if socket.begun then return end
    socket.begun = true
    for i = 1, #text do socket:write(text:sub(i, i)) end
  end, function(client)
    local got = {}
    for i = 1, 7 do got[i] = client:command("ask", i) end
    tap.is(await(got[1]), "OK")
    tap.is(await(got[2]), -7)
    tap.is(await(got[3]), "a\0b")
    tap.is(await(got[4]), nil)
    tap.is_deep(await(got[5]), { 1, null, { "x" } })
    local e = reason(got[6])
    tap.is(e.name, "ReplyError")
    tap.is(e.code, "WRONGTYPE")
    tap.is_deep(await(got[7]), {})
    client:finish()
  end)
end))

tap.test("a reply that looks like a message, from before the subscription", async(function()
  local function list(...)
    local words = { ... }
    for i, word in ipairs(words) do words[i] = ("$%d\r\n%s\r\n"):format(#word, word) end
    return ("*%d\r\n%s"):format(#words, table.concat(words))
  end
  with_server(function(socket)
    if socket.begun then return end
    socket.begun = true
    socket:write(list("message", "news", "old") .. "*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n" ..
      list("message", "news", "new"))
  end, function(client)
    local got
    local heard = Promise(function(resolve)
      got = client:command("lrange", "log", 0, -1)
      client:subscribe("news", resolve)
    end)
    tap.is_deep(await(got), { "message", "news", "old" })
    tap.is(await(heard), "new")
    client:finish()
  end)
end))

tap.test("a channel that was refused is asked for anew", async(function()
  with_server(function(socket)
    socket.asked = (socket.asked or 0) + 1
    socket:write(socket.asked == 1 and "-NOPERM no\r\n" or "*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n")
  end, function(client)
    tap.is(reason(client:subscribe("a", print)).code, "NOPERM")
    tap.is(reason(client:subscribe("a", print)), nil)
    client:finish()
  end)
end))

tap.test("what nobody asked for ends the connection", async(function()
  with_server(function(socket) socket:write "+OK\r\n+OK\r\n" end, function(client)
    tap.is(await(client:command "ping"), "OK")
    await(Promise(function(resolve) client:on("end", resolve) end))
    tap.is(client.failure.code, "EPROTO")
  end)
end))

for name, bytes in pairs { ["no protocol"] = "HTTP/1.1 400 Bad Request\r\n\r\n", ["a length below zero"] = "*-7\r\n",
    ["a length of letters"] = "$abc\r\nxx\r\n", ["lists in lists in lists"] = ("*1\r\n"):rep(40) .. ":1\r\n" } do
  tap.test("nonsense: " .. name, async(function()
    with_server(function(socket) socket:write(bytes) end, function(client)
      tap.is(reason(client:command "ping").code, "EPROTO")
    end)
  end))
end

tap.test("a server that goes away fails what waits", async(function()
  with_server(function(socket) socket:destroy() end, function(client)
    local first, second = client:command "ping", client:command "ping"
    tap.ok(reason(first).code:match "^E")
    tap.ok(reason(second).code:match "^E")
    tap.ok(client.failure)
  end)
end))

tap.test("finish waits for the replies that are due", async(function()
  with_server(function(socket)
    setTimeout(function() socket:write "+late\r\n" end, 20)
  end, function(client)
    local reply = client:command "ping"
    client:finish()
    client:finish()
    tap.is(reason(client:command "ping").code, "ERR_REDIS_CLOSED")
    tap.is(await(reply), "late")
    tap.is(client.failure, nil)
  end)
end))

tap.test("arguments", function()
  local function refused(code, fn, ...)
    local ok, e = pcall(fn, ...)
    tap.is(not ok and e.code, code)
  end
  refused("ERR_INVALID_ARG_TYPE", redis.createClient, 5)
  refused("ERR_OUT_OF_RANGE", redis.createClient, { port = 70000 })
  refused("ERR_INVALID_ARG_VALUE", redis.createClient, { host = "redis.example" })
  refused("ERR_INVALID_ARG_TYPE", redis.createClient, { path = 5 })
  local client = redis.createClient { path = "/nonexistent/redis" }
  client:on("error", function() end)
  refused("ERR_INVALID_ARG_TYPE", client.command, client)
  refused("ERR_INVALID_ARG_TYPE", client.command, client, {})
  refused("ERR_INVALID_ARG_TYPE", client.command, client, "set", {})
  refused("ERR_REDIS_COMMAND", client.command, client, "Monitor")
  refused("ERR_INVALID_ARG_TYPE", client.subscribe, client, "a")
  refused("ERR_INVALID_ARG_TYPE", client.subscribe, client, 5, print)
end)
