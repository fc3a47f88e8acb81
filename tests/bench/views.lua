-- .top of 500 traced processes that this script has started.
-- figure: processes | processes shown | ours >= 500
-- figure: screen | drawing .top for a terminal of 24 rows, ms | ours <= 50
-- figure: all | drawing every row of it, ms | ours <= 50
local child_process = require "child_process"
local fs = require "fs"
local os = require "os"
local count = 500

if os.freemem() < 4 * 1024 ^ 3 then
  print "skip less than 4 GiB of memory are free"
  return
end

local dir = fs.mkdtempSync(os.tmpdir() .. "/views-")
fs.chmodSync(dir, 448)
local env = {}
for name, value in pairs(process.env) do env[name] = value end
env.MOONFORK_TRACE_DIR = dir

local children = {}
for i = 1, count do
  children[i] = child_process.spawn(process.execPath, { "-e", "setInterval(function() end, 100000)" },
    { env = env, stdio = "ignore" })
end

local function finish()
  for _, child in ipairs(children) do child:kill "SIGKILL" end
  fs.rmSync(dir, { recursive = true })
end

local tries = 0
local timer
timer = setInterval(function()
  tries = tries + 1
  local rings = #fs.readdirSync(dir)
  if rings < count and tries < 600 then return end
  clearInterval(timer)
  local ok, text = pcall(child_process.execFileSync, "../../build/release/tests/bench/views", { dir })
  print(ok and tostring(text) or "skip " .. tostring(text))
  finish()
end, 100)
