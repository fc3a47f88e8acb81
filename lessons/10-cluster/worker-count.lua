-- How many workers, and what the machine has
-- sample: S176
-- watch: in production one worker a core, in development two at most. print(#os.cpus()) at the prompt
--   tells what that means here.
-- try: leave one core to the primary, return #cpus - 1 in production: it is not one per core any more.
local os = require "os"
local cpus = os.cpus()

local function count(env)
  if env == "production" then return #cpus end
  return math.min(2, #cpus)
end

local complete = true
for _, c in ipairs(cpus) do
  complete = complete and type(c.model) == "string" and type(c.speed) == "number" and
    c.times.user >= 0 and c.times.idle >= 0
end

print("cores: at least one " .. tostring(#cpus >= 1))
print("each core has a model, a speed and times: " .. tostring(complete))
print("production: one worker per core " .. tostring(count "production" == #cpus))
print("development: at most two " .. tostring(count "development" <= 2))
print("architecture and platform are known: " ..
  tostring(#os.arch() > 0 and os.platform() == process.platform))
local function gib(n) return n / 1024 / 1024 / 1024 end
print("free memory is less than all of it: " ..
  tostring(gib(os.freemem()) < gib(os.totalmem()) and gib(os.totalmem()) > 0.1))
