-- once against an avalanche: ten callers share one read
-- sample: S021
-- watch: the number of reads, 10 without once and 1 with it; a warning comes with the eleventh waiter, and
--   nobody is left waiting.
-- try: emitter:setMaxListeners(20): eleven waiters are no reason for a warning any more.
local EventEmitter = require "events"
local fs = require "fs"
local os = require "os"
local path = require "path"
local sleep = require "timers/promises".setTimeout

local emitter = EventEmitter()
local dir = fs.mkdtempSync(path.join(os.tmpdir(), "s021-"))
local file = path.join(dir, "a.txt")
fs.writeFileSync(file, "hot data")

local reads = 0
local function read_file(name, cb)
  reads = reads + 1
  fs.readFile(name, "utf8", cb)
end

-- Every caller leaves its callback; only the first one starts the read.
local status = {}
local function select_file(name, cb)
  emitter:once(name, cb)
  if status[name] == "pending" then return end
  status[name] = "pending"
  read_file(name, function(err, result)
    status[name] = "ready"
    emitter:emit(name, err, result)
    setTimeout(function()
      if status[name] == "ready" then status[name] = nil end
    end, 20)
  end)
end

-- So many callers at the same time; the promise tells how many were answered, and with what.
local function wave(n, how)
  return Promise(function(resolve)
    local answered, values, known = 0, {}, {}
    for _ = 1, n do
      how(file, function(err, result)
        local value = tostring(err or result)
        if not known[value] then known[value], values[#values + 1] = true, value end
        answered = answered + 1
        if answered == n then resolve { answered = n, values = table.concat(values, "|") } end
      end)
    end
  end)
end

local warnings = {}
process:on("warning", function(w) warnings[#warnings + 1] = w.name end)

local r = await(wave(10, read_file))
print(("without once: %d callers, %d reads, value %s"):format(r.answered, reads, r.values))

reads = 0
r = await(wave(10, select_file))
print(("with once: %d callers, %d read, value %s"):format(r.answered, reads, r.values))
print("warnings with ten waiters: " .. #warnings)

reads = 0
r = await(wave(11, select_file))
print(("second wave: %d callers, %d read"):format(r.answered, reads))
await(sleep(60))
print("warnings with eleven waiters: " .. table.concat(warnings, " "))
local keys = 0
for _ in pairs(status) do keys = keys + 1 end
print("keys left in status: " .. keys)
print("listeners left: " .. emitter:listenerCount(file))
fs.rmSync(dir, { recursive = true })
