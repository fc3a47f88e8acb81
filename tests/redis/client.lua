-- The client against a real Redis, one of our own.
local tap = require "../lib/tap"
local redis = require "redis"

local server = await(async(require "./lib/server")())
if not server then tap.skip_all "redis-server is not installed" end

local function connect()
  local client = redis.createClient { path = server.path }
  return client, Promise(function(resolve) client:on("end", resolve) end)
end

tap.test("commands travel in order", async(function()
  local client, ended = connect()
  local replies = {}
  for i = 1, 1000 do replies[i] = client:command("rpush", "list", i) end
  for i = 1, 1000 do tap.is(await(replies[i]), i) end
  tap.is(#await(client:command("lrange", "list", 0, -1)), 1000)
  client:finish()
  await(ended)
end))

tap.test("bytes arrive as they are", async(function()
  local client, ended = connect()
  local bytes = require "crypto".randomBytes(1 << 20)
  await(client:command("set", "bytes", bytes))
  tap.ok(Buffer.from(await(client:command("get", "bytes"))):equals(bytes))
  tap.is(await(client:command("get", "nothing")), nil)
  client:finish()
  await(ended)
end))

tap.test("publish reaches each function of each subscriber", async(function()
  local speaker, ended = connect()
  local listener, over = connect()
  local got = {}
  local all = Promise(function(resolve)
    listener:subscribe("news", function(text, channel) got[#got + 1] = channel .. ":" .. text end)
    listener:subscribe("news", function(text)
      got[#got + 1] = text
      if text == "b" then resolve() end
    end)
  end)
  while await(speaker:command("pubsub", "numsub", "news"))[2] == 0 do end
  speaker:command("publish", "news", "a")
  speaker:command("publish", "news", "b")
  await(all)
  tap.is_deep(got, { "news:a", "a", "news:b", "b" })
  local ok, e = pcall(listener.command, listener, "get", "x")
  tap.is(not ok and e.code, "ERR_REDIS_LISTENING")
  listener:finish()
  speaker:finish()
  await(over)
  await(ended)
end))

tap.test("a server that is stopped", async(function()
  local client, ended = connect()
  local failure
  client:on("error", function(e) failure = e end)
  tap.is(await(client:command "ping"), "PONG")
  server.stop()
  await(ended)
  tap.ok(failure.code == "EOF" or failure.code == "ECONNRESET", failure.code)
end))
