-- traced.lua - runs a small program with a trace folder of its own, for tests of what the modules record.
local tap = require "../../lib/tap"
local rings = require "./rings"
local cp, fs = require "child_process", require "fs"

local traced = { events = rings.events, find = rings.find, all = rings.all }

-- Flags of a record.
traced.INTERNAL, traced.HANDLE, traced.UP, traced.CUT = 1, 2, 4, 8

local root = fs.mkdtempSync(tap.tmp .. "/sites-")
local count = 0
process:on("exit", function() fs.rmSync(root, { recursive = true }) end)

-- Runs the code as a script main.lua (its own folder is the argument `dir` of rings), and returns the folder
-- of the rings and what came out. options: env (more variables), stderr (what is expected there, "").
function traced.run(code, options)
  options = options or {}
  count = count + 1
  local at = ("%s/%d"):format(root, count)
  local dir, script = at .. "/rings", at .. "/main.lua"
  fs.mkdirSync(at)
  fs.mkdirSync(dir, { mode = tonumber("700", 8) })
  fs.writeFileSync(script, code)
  local env = {}
  for k, v in pairs(process.env) do env[k] = v end
  for k, v in pairs(options.env or {}) do env[k] = v end
  env.MOONFORK_TRACE_DIR = dir
  local r = cp.spawnSync(process.execPath, { script }, { env = env, encoding = "utf8" })
  if not options.stderr then tap.is(r.stderr, "", "nothing on stderr") end
  return dir, r.stdout, r.stderr
end

-- The ring of this file or role; a failed assertion and an empty one when there is none.
function traced.ring(dir, what)
  local ring = rings.find(dir, what)
  return tap.ok(ring, what .. " has a ring") and ring or { records = {}, channels = {}, strip = "" }
end

-- Has the record this flag?
function traced.has(record, flag) return record.flags & flag ~= 0 end

-- The texts of the records, joined by blanks.
function traced.texts(records)
  local list = {}
  for i, record in ipairs(records) do list[i] = record.text end
  return table.concat(list, " ")
end

-- Pairs what was sent with what was received: by channel, direction and number. Each message that was received
-- must have been sent, with as many bytes, not later. Returns how many pairs there are.
function traced.match(dir, sent, received)
  local waiting, found = {}, 0
  local function key(record) return ("%d/%d/%d"):format(record.n[1], record.flags & traced.UP, record.n[2]) end
  for _, ring in ipairs(rings.all(dir)) do
    for _, record in ipairs(rings.events(ring, sent)) do
      tap.ok(not waiting[key(record)], "a number is used once: " .. key(record))
      waiting[key(record)] = record
    end
  end
  for _, ring in ipairs(rings.all(dir)) do
    for _, record in ipairs(rings.events(ring, received)) do
      local other = waiting[key(record)]
      if tap.ok(other, "it was sent: " .. key(record) .. " " .. record.text) then
        found = found + 1
        tap.is(other.n[3], record.n[3], "with as many bytes (or the same inode): " .. record.text)
        tap.ok(other.t <= record.t, "before it came: " .. record.text)
        tap.is(other.flags, record.flags, "with the same flags: " .. record.text)
      end
    end
  end
  return found
end

return traced
