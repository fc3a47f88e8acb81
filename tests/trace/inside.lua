-- A thread inside a blocking function of C says which; it is there also after a kill.
local tap = require "../lib/tap"
local rings = require "./lib/rings"
local cp, fs = require "child_process", require "fs"

local root = fs.mkdtempSync(tap.tmp .. "/trace-")
fs.mkdirSync(root .. "/rings", { mode = tonumber("700", 8) })
cp.execFileSync("mkfifo", { root .. "/pipe" })

local env = {}
for k, v in pairs(process.env) do env[k] = v end
env.MOONFORK_TRACE_DIR = root .. "/rings"
env.PIPE = root .. "/pipe"

local calls = {
  spawnSync = "require('child_process').spawnSync('cat', { process.env.PIPE })",
  execSync = "require('child_process').execSync('read x < $PIPE')",
  execFileSync = "require('child_process').execFileSync('cat', { process.env.PIPE })",
  readFileSync = "require('fs').readFileSync(process.env.PIPE)",
  openSync = "require('fs').openSync(process.env.PIPE, 'r')",
  ["Atomics.wait"] = "Atomics.wait(Int32Array(SharedArrayBuffer(4)), 0, 0)",
  pbkdf2Sync = "require('crypto').pbkdf2Sync('a', 'b', 2000000000, 64, 'sha512')",
}

local function inside(pid)
  for _, ring in ipairs(rings.all(root .. "/rings")) do
    if ring.pid == pid and ring.inside ~= "" then return ring.inside end
  end
end

for name, code in pairs(calls) do
  tap.test(name, function(done)
    local child = cp.spawn(process.execPath, { "-e", code }, { env = env, stdio = "ignore", detached = true })
    child:on("exit", tap.expect(function()
      tap.is(inside(child.pid), name)
      done()
    end))
    local function look()
      if inside(child.pid) then process:kill(-child.pid, "SIGKILL") else setTimeout(look, 5) end
    end
    look()
  end)
end

process:on("exit", function() fs.rmSync(root, { recursive = true }) end)
