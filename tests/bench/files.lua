-- A file of 64 KiB read again and again, and the facts about it, one request after the other.
-- figure: read_sync | readFileSync of 64 KiB, a second | ratio >= 1
-- figure: read | readFile of 64 KiB, a second | ratio >= 1
-- figure: stat_sync | statSync, a second | ratio >= 1
-- figure: stat | stat, a second | ratio >= 1
local fs = require "fs"
local dir = fs.mkdtempSync(require "os".tmpdir() .. "/bench-")
local path = dir .. "/file"
fs.writeFileSync(path, ("a"):rep(65536))

local function rate(n, began) return n / ((process.hrtime.bigint() - began) / 1e9) end

local function sync(name, n, fn)
  for _ = 1, n // 10 do fn(path) end
  local began = process.hrtime.bigint()
  for _ = 1, n do fn(path) end
  print(name .. " " .. rate(n, began))
end

local function async_rate(name, n, fn, done)
  local left, began = n, process.hrtime.bigint()
  local function step()
    left = left - 1
    if left >= 0 then return fn(path, step) end
    print(name .. " " .. rate(n, began))
    done()
  end
  step()
end

sync("read_sync", 8000, fs.readFileSync)
sync("stat_sync", 40000, fs.statSync)
async_rate("read", 5000, fs.readFile, function()
  async_rate("stat", 15000, fs.stat, function() fs.rmSync(dir, { recursive = true }) end)
end)
