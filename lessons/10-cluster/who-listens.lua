-- Cluster: who really listens, the primary or the workers
-- sample: S138
-- watch: the system is asked which process holds the listening socket. In turn it is the primary alone,
--   which hands each connection on; with a shared handle the workers hold it, too, and accept
--   themselves.
-- try: run only the second half, for { "none" }.
local cluster = require "cluster"
local child_process = require "child_process"
local fs = require "fs"
local http = require "http"
local once = require "events".once
local policy = process.argv[3]

if cluster.isWorker then
  http.createServer():listen(0, "127.0.0.1")
  return
elseif not policy then
  for _, name in ipairs { "rr", "none" } do
    local r = child_process.spawnSync(process.execPath, { __filename, name }, { encoding = "utf8" })
    io.write(r.stdout)
  end
  return
end

-- The socket that listens on a port, as its descriptors are named in /proc.
local function listening_socket(port)
  local listens = "^%s*%d+: %x+:" .. ("%04X"):format(port) .. " %x+:%x+ 0A "
  for line in io.lines "/proc/net/tcp" do
    if line:find(listens) then
      local fields = {}
      for field in line:gmatch "%S+" do fields[#fields + 1] = field end
      return "socket:[" .. fields[10] .. "]"
    end
  end
end

local function holds(pid, socket)
  local dir = "/proc/" .. pid .. "/fd/"
  for _, fd in ipairs(fs.readdirSync(dir)) do
    local there, target = pcall(fs.readlinkSync, dir .. fd) -- it may have been closed meanwhile
    if there and target == socket then return true end
  end
  return false
end

cluster.schedulingPolicy = policy == "rr" and cluster.SCHED_RR or cluster.SCHED_NONE
local workers = { cluster.fork(), cluster.fork() }
local listening = await(Promise.all { once(workers[1], "listening"), once(workers[2], "listening") })
local socket = listening_socket(listening[1][1].port)
print(("%s: primary holds the listening socket %s"):format(policy, holds(process.pid, socket)))
for i, worker in ipairs(workers) do
  print(("%s: worker %d holds it %s"):format(policy, i, holds(worker.process.pid, socket)))
end
for _, worker in ipairs(workers) do worker:kill() end
