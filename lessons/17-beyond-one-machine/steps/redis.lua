-- The same queue in a real broker: Redis, started for this lesson in a folder of its own. Where it is not
-- installed, a small broker of ours takes its place, and says so.
local child_process = require "child_process"
local fs = require "fs"
local os = require "os"
local path = require "path"
local once = require "events".once
local sleep = require "timers/promises".setTimeout

-- A broker of ours with the four commands of the lesson; the same shape as a client of redis.
local function embedded()
  local queue, doing = {}, {}
  local commands = {}
  function commands.lpush(_, job) table.insert(queue, 1, job) return #queue end
  function commands.rpoplpush()
    local job = table.remove(queue)
    if job then table.insert(doing, 1, job) end
    return job
  end
  function commands.lrem(_, _, job)
    for i, j in ipairs(doing) do
      if j == job then table.remove(doing, i) return 1 end
    end
    return 0
  end
  function commands.llen(list) return list == "doing" and #doing or #queue end
  return {
    command = function(_, name, ...) return Promise.resolve(commands[name](...)) end,
    finish = function() end,
  }
end

local folder = fs.mkdtempSync(path.join(os.tmpdir(), "redis-"))
local socket, server = path.join(folder, "socket"), nil
local client
-- Its title would be written over its environment, by which the lesson knows its own processes.
local function start()
  server = child_process.spawn("redis-server",
    { "--port", "0", "--unixsocket", socket, "--save", "", "--dir", folder, "--set-proc-title", "no" },
    { stdio = "ignore" })
  while not fs.existsSync(socket) and not server.exitCode do await(sleep(10)) end
  return not server.exitCode
end

-- The file is there a moment before anybody listens.
local function connect()
  while true do
    local made = require "redis".createClient { path = socket }
    if pcall(function() await(once(made, "connect")) end) then return made end
    assert(not server.exitCode, "redis-server has ended")
    await(sleep(10))
  end
end

if child_process.spawnSync("redis-server", { "--version" }).error then
  print "redis-server is not installed: the embedded broker is used"
elseif not start() then
  print(("redis-server ends with code %d (6.2 or later is wanted): the embedded broker is used"):format(server.exitCode))
  server = nil
end
if server then
  client = connect()
  print "connected to a redis-server of our own"
else
  client = embedded()
end

for i = 1, 3 do await(client:command("lpush", "jobs", "job " .. i)) end
print("waiting: " .. await(client:command("llen", "jobs")))

-- Taking a job moves it to a second list; it is gone only when it was done.
local job = await(client:command("rpoplpush", "jobs", "doing"))
print("taken: " .. job)
print(("waiting %d, under way %d"):format(await(client:command("llen", "jobs")), await(client:command("llen", "doing"))))
await(client:command("lrem", "doing", "1", job))
print(("done: waiting %d, under way %d"):format(await(client:command("llen", "jobs")),
  await(client:command("llen", "doing"))))

client:finish()
if server then
  server:kill()
  await(once(server, "exit"))
end
fs.rmSync(folder, { recursive = true, force = true })
