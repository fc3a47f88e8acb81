-- Small blocks of shared memory lie in a file of the trace folder while they live.
local tap = require "../lib/tap"
local traced = require "./lib/traced"
local fs = require "fs"

local function files(dir)
  local list = {}
  for _, name in ipairs(fs.readdirSync(dir)) do
    if name:find "%.cells$" then list[#list + 1] = name end
  end
  return list
end

tap.test("what threads write is in the file, and the file goes with the block", function()
  local dir, out = traced.run [[
    local threads, fs = require "worker_threads", require "fs"
    local dir = process.env.MOONFORK_TRACE_DIR
    if threads.isMainThread then
      local memory = SharedArrayBuffer(8)
      local cells = Int32Array(memory)
      cells[0] = 5
      threads.Worker(__filename, { workerData = memory }):on("exit", function()
        for _, name in ipairs(fs.readdirSync(dir)) do
          if name:find "%.cells$" then
            print(string.unpack("=i4i4", io.open(dir .. "/" .. name, "rb"):read "a"))
          end
        end
      end)
    else
      Atomics.add(Int32Array(threads.workerData), 1, 7)
    end]]
  tap.is(out, "5\t7\t9\n")
  local made = traced.events(traced.ring(dir, "main.lua"), "cells")
  tap.is(#made, 1)
  tap.is(made[1].n[2], 8)
  tap.ok(made[1].text:find "^%d+%.%d+%.%d+%.cells$", made[1].text)
  tap.is(#files(dir), 0, "no file is left")
end)

tap.test("large and empty blocks, slices, and ordinary memory", function()
  local dir, out = traced.run [[
    local fs = require "fs"
    local dir = process.env.MOONFORK_TRACE_DIR
    local kept = { SharedArrayBuffer(0), SharedArrayBuffer(4097), ArrayBuffer(8), SharedArrayBuffer(4096) }
    kept[5] = kept[2]:slice(0, 4)
    local function count()
      local n = 0
      for _, name in ipairs(fs.readdirSync(dir)) do
        if name:find "%.cells$" then n = n + 1 end
      end
      return n
    end
    print(count())
    kept = nil
    collectgarbage()
    collectgarbage()
    print(count())]]
  tap.is(out, "2\n0\n")
  local sizes = {}
  for _, record in ipairs(traced.events(traced.ring(dir, "main.lua"), "cells")) do
    sizes[#sizes + 1] = tostring(record.n[2])
  end
  tap.is(table.concat(sizes, " "), "4096 4")
end)
