-- rings.lua - reads the rings of a trace folder as modules/core/trace_format.h says they are.
local fs = require "fs"

local rings = {}

local PAGE, RECORD = 4096, 128

-- The names of the events, in the order of the enum.
local names = {}
do
  local text = fs.readFileSync(__dirname .. "/../../../modules/core/trace_format.h", "utf8")
  local body = text:match "typedef enum TraceEvent {(.-)TRACE_EVENT_COUNT"
  local n = 0
  for word in body:gmatch "TRACE_([A-Z_]+)," do
    names[n] = word:lower():gsub("_", ".", 1)
    n = n + 1
  end
end

local function text_at(bytes, from, size) return (bytes:sub(from + 1, from + size):gsub("%z.*", "")) end

-- One ring: the fields of its page, and `records`, oldest first.
function rings.read(path)
  local f = assert(io.open(path, "rb"))
  local bytes = f:read "a"
  f:close()
  if bytes:sub(1, 8) ~= "MOONRNG1" then return nil end
  local ring = { path = path, records = {} }
  ring.record_size, ring.capacity, ring.pid, ring.tid, ring.thread_id, ring.ppid, ring.start, ring.opened,
    ring.from_channel = string.unpack("=I4I4i4i4I4i4I8I8I8", bytes, 9)
  ring.file, ring.role = text_at(bytes, 56, 128), text_at(bytes, 184, 24)
  ring.head, ring.busy_since, ring.turns = string.unpack("=I8I8I4", bytes, 209)
  ring.slow, ring.flags = string.unpack("=I4I4", bytes, 249)
  ring.inside = text_at(bytes, 1200, 32)
  ring.ended = ring.flags & 2 ~= 0
  ring.queued, ring.heap, ring.buffers = string.unpack("=I4I8I8", bytes, 229)
  ring.channels = {}
  for i = 0, 15 do
    local channel = {}
    channel.id, channel.received, channel.sent, channel.waiting, channel.open =
      string.unpack("=I8I4I4I4I4", bytes, 257 + i * 24)
    if channel.id ~= 0 then table.insert(ring.channels, channel) end
  end
  ring.strip = bytes:sub(1241, 2440)
  ring.pool_size, ring.pool_queued, ring.pool_running = string.unpack("=I4I4I4", bytes, 641)
  ring.size = #bytes
  for n = math.max(0, ring.head - ring.capacity), ring.head - 1 do
    local at = PAGE + n % ring.capacity * RECORD
    if at + RECORD <= #bytes then
      local t, seq, event, flags, len, level, a, b, c, d = string.unpack("=I8I4BBBBi8i8i8i8", bytes, at + 1)
      if seq == (n + 1) & 0xffffffff then
        local text = bytes:sub(at + 49, at + 48 + len)
        local first, second = text:match "^([^%z]*)%z?(.*)$"
        table.insert(ring.records, { number = n, t = t, ev = names[event], flags = flags, level = level,
          n = { a, b, c, d }, text = first, text2 = second })
      end
    end
  end
  return ring
end

-- All rings of a folder, by start of the process, pid and thread.
function rings.all(dir)
  local list = {}
  for _, name in ipairs(fs.readdirSync(dir)) do
    if name:find "^%d+%.%d+%.%d+%.ring$" then table.insert(list, (assert(rings.read(dir .. "/" .. name)))) end
  end
  table.sort(list, function(a, b) return a.opened < b.opened end)
  return list
end

-- The first ring whose file or role is this, nil.
function rings.find(dir, what)
  for _, ring in ipairs(rings.all(dir)) do
    if ring.file:match "[^/]*$" == what or ring.role == what then return ring end
  end
end

-- The records of this event.
function rings.events(ring, ev)
  local found = {}
  for _, record in ipairs(ring.records) do
    if record.ev == ev then table.insert(found, record) end
  end
  return found
end

return rings
