-- Runs the student's primary under the manager, with clients for 20 seconds, and tells the guide's check.
local child_process = require "child_process"
local http = require "http"
local path = require "path"
local once = require "events".once
local sleep = require "timers/promises".setTimeout
local SECONDS = tonumber(process.env.SERVICE_SECONDS) or 20

local parts = path.join(__dirname, "parts")
local manager = child_process.fork(path.join(parts, "manager.lua"), { process.argv[3] })
local manager_ended
manager:on("exit", function(code) manager_ended = code or -1 end)

-- The next message that `fits`; nil after so many milliseconds.
local function hear(fits, limit)
  return await(Promise(function(resolve)
    local clock, listener
    local function finish(m)
      clearTimeout(clock)
      manager:removeListener("message", listener)
      resolve(m)
    end
    function listener(m) if fits(m) then finish(m) end end
    manager:on("message", listener)
    clock = setTimeout(finish, limit, nil)
  end))
end
local function ask(command, fits, limit)
  if manager.connected then manager:send { command = command } end
  return hear(fits, limit)
end
local function report() return ask("report", function(m) return m.workers ~= nil end, 2000) end

-- Tells the guide's check, and ends: nothing else can be tried.
local function give_up()
  if manager_ended == nil then manager:disconnect() end
  await(sleep(300))
  process.exit()
end

local ready = hear(function(m) return m.ready end, 5000)
process.send { ready = ready ~= nil }
if not ready then give_up() end
local first = report()
process.send { workers = first and #first.workers or 0 }
if not first then give_up() end

-- Clients: quick and heavy requests all the time.
local counted, failed, quick, stop = 0, 0, 0, false
local function get(url)
  return Promise(function(resolve)
    local clock = setTimeout(resolve, 5000, nil)
    local function finish(v) clearTimeout(clock) resolve(v) end
    http.get({ host = "127.0.0.1", port = ready.port, path = url, agent = false }, function(res)
      local body = ""
      res:on("data", function(piece) body = body .. tostring(piece) end)
      res:on("end", function() finish(body) end)
      res:on("error", function() finish(nil) end)
    end):on("error", function() finish(nil) end)
  end)
end
local client = async(function(url)
  while not stop do
    local body = await(get(url))
    counted = counted + 1
    if not body then failed = failed + 1 end
    if url == "/" then quick = quick + 1 end
    await(sleep(url == "/" and 5 or 20))
  end
end)
local clients = { client "/", client "/", client "/heavy" }
local began = performance.now()

-- Two reloads: no request fails.
local function reload()
  local before = report()
  local done = ask("reload", function(m) return m.reloaded end, 5000)
  local after = report()
  if not before or not after then return false end
  local new = 0
  for _, pid in ipairs(after.workers) do
    local old = false
    for _, p in ipairs(before.workers) do old = old or p == pid end
    if not old then new = new + 1 end
  end
  return done ~= nil and new == 2 and before.agent == after.agent
end
local reloaded = reload()
await(sleep(500))
reloaded = reload() and reloaded
process.send { reloaded = reloaded, failed = failed }
if not reloaded then stop = true give_up() end

-- One push reaches all workers.
manager:send { command = "push", list = 42 }
local fresh = false
for _ = 1, 100 do
  local seen, all = {}, true
  for _ = 1, 6 do
    local body = await(get "/")
    local answer = body and JSON.parse(body) or {}
    seen[answer.pid or 0] = answer.list
  end
  local n = 0
  for _, list in pairs(seen) do
    n = n + 1
    all = all and list == 42
  end
  if n >= 2 and all then fresh = true break end
  await(sleep(20))
end
process.send { pushed = fresh }

-- Waits until two workers are there again and none of them is `pid`.
local function replaced(pid)
  for _ = 1, 250 do
    local now = report()
    if now and #now.workers == 2 and now.workers[1] ~= pid and now.workers[2] ~= pid then return true end
    await(sleep(20))
  end
  return false
end
local victim = report().workers[1]
pcall(process.kill, math.tointeger(victim), "SIGKILL")
process.send { killed = replaced(victim) }

local stuck = Promise(function(resolve) get "/stuck":andThen(resolve) end)
local before = report()
local gone = false
for _ = 1, 250 do
  local now = report()
  gone = now ~= nil and #now.workers == 2 and now.replaced >= (before and before.replaced or 0) + 1
  if gone then break end
  await(sleep(20))
end
await(stuck)
process.send { stuck = gone }

while performance.now() - began < SECONDS * 1000 do await(sleep(50)) end
stop = true
await(Promise.all(clients))
local last = report()
process.send { counted = counted, quick = quick, metrics = last and last.requests or 0 }

manager:send { command = "stop" }
for _ = 1, 300 do
  if manager_ended ~= nil then break end
  await(sleep(10))
end
process.send { ended = manager_ended or "nothing", free = await(get "/") == nil }
if manager_ended == nil then give_up() end
