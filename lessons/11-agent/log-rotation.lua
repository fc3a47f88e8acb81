-- Agent: work that only one process may do
-- sample: S069
-- watch: the second worker renames the new, empty log over the archive: 100 lines are lost. What must
--   be done once is done by one process, the agent.
-- try: let the agent rotate twice on one day: the log is lost just the same; once means once.
local cluster = require "cluster"
local fs = require "fs"
local os = require "os"
local path = require "path"
local once = require "events".once
local date = "2020-04-26"

if cluster.isWorker then
  process:on("message", function(log)
    fs.renameSync(log, log .. "." .. date) -- today's file is renamed, a new one begun
    fs.writeFileSync(log, "")
    process.send "done"
  end)
  return
end

local dir = fs.mkdtempSync(path.join(os.tmpdir(), "s069-"))
local log = path.join(dir, "app.log")
local archive = log .. "." .. date

local function lines(file)
  if not fs.existsSync(file) then return "none" end
  return select(2, fs.readFileSync(file, "utf8"):gsub("\n", ""))
end

local function begin_day()
  fs.rmSync(archive, { force = true })
  fs.writeFileSync(log, ("a line of today\n"):rep(100))
end

local function rotate(worker, who)
  worker:send(log)
  await(once(worker, "message"))
  print(("%s: archive %s lines, new log %s lines"):format(who, lines(archive), lines(log)))
end

local workers = { cluster.fork(), cluster.fork(), cluster.fork() }
local agent = cluster.fork()

begin_day()
for _, worker in ipairs(workers) do rotate(worker, ("worker %d has rotated"):format(worker.id)) end
begin_day()
rotate(agent, "only the agent has rotated")

cluster.disconnect()
fs.rmSync(dir, { recursive = true })
