-- Runs the student's broker with consumers that die, and tells the guide's check what became of the jobs.
local child_process = require "child_process"
local net = require "net"
local once = require "events".once
local sleep = require "timers/promises".setTimeout
local JOBS, PATIENCE = 100, 5000 -- ms without any progress

-- A consumer takes jobs until it is its turn to die: after so many, in the middle or just before `done`.
local function consumer()
  local net = require "net"
  local port, lives, how = tonumber(process.env.PORT), tonumber(process.env.LIVES), process.env.HOW
  local socket, rest, count = net.connect(port, "127.0.0.1"), "", 0
  local function send(m) socket:write(JSON.stringify(m) .. "\n") end
  socket:on("error", function() process.exit(0) end)
  socket:on("close", function() process.exit(0) end)
  process:on("disconnect", function() process.exit(0) end)
  socket:on("data", function(chunk)
    rest = (rest .. tostring(chunk)):gsub("([^\n]*)\n", function(text)
      local m = JSON.parse(text)
      count = count + 1
      if count == lives then
        local message = how == "before" and { died = m.job } or { died = m.job, did = m.job }
        process.send(message, function() process.kill(process.pid, "SIGKILL") end)
        return ""
      end
      process.send { did = m.job }
      send { done = m.id }
      send { take = 1 }
      return ""
    end)
  end)
  send { take = 1 }
end

local broker = require "../../../student" "function"

-- A broker that listens and has so many jobs.
local function begin(jobs)
  local server = broker()
  await(once(server:listen(0, "127.0.0.1"), "listening"))
  local producer = net.connect(server:address().port, "127.0.0.1")
  for i = 1, jobs do producer:write(JSON.stringify { put = "job " .. i } .. "\n") end
  producer:finish()
  return server, server:address().port
end

-- A consumer that takes one job: its socket, the job (nil: none came).
local function take(port)
  local socket = net.connect(port, "127.0.0.1")
  socket:write(JSON.stringify { take = 1 } .. "\n")
  local data = await(Promise.race { once(socket, "data"), sleep(PATIENCE) })
  return socket, data and JSON.parse(tostring(data[1])).job
end

-- Two jobs are under way, and the first one's consumer goes away.
do
  local server, port = begin(2)
  local first, job = take(port)
  local second = take(port)
  first:destroy()
  local third, again = take(port)
  process.send { back = job ~= nil and again == job }
  second:destroy()
  third:destroy()
  server:close()
end

local server, port = begin(JOBS)
port = tostring(port)

local did, died, deaths, started, children = {}, {}, 0, 0, {}
local over, finish = false, nil
local finished = Promise(function(resolve) finish = resolve end)
local clock = setTimeout(finish, PATIENCE)

local function all_done()
  for i = 1, JOBS do
    if not did["job " .. i] then return false end
  end
  return true
end

local function start()
  if over then return end
  started = started + 1
  -- Consumers 1 to 12 die, after 2 to 8 jobs, in the two ways by turns; the later ones live.
  local lives = started <= 12 and 2 + started * 5 % 7 or 1000000
  local child = child_process.fork(consumer, { env = {
    PORT = port, LIVES = tostring(lives), HOW = started % 2 == 0 and "before" or "after", PATH = process.env.PATH,
  } })
  children[#children + 1] = child
  child:on("message", function(m)
    if m.did then did[m.did] = (did[m.did] or 0) + 1 end
    if m.died then died[m.died], deaths = true, deaths + 1 end
    clock:refresh()
    if all_done() and deaths >= 12 then finish() end
  end)
  child:on("exit", start)
end
for _ = 1, 3 do start() end

await(finished)
clearTimeout(clock)
local till = performance.now() + PATIENCE
while server.held() > 0 and performance.now() < till do await(sleep(10)) end -- the last `done` is on its way

local least, twice = 0, 0
for i = 1, JOBS do
  local name = "job " .. i
  if did[name] then least = least + 1 end
  if (did[name] or 0) > 1 and not died[name] then twice = twice + 1 end
end
process.send { done = least, deaths = deaths, twice = twice, held = server.held() }
over = true
for _, child in ipairs(children) do child:kill "SIGKILL" end
process.exit()
