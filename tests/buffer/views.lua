-- What keeps the memory of views alive, what is counted, and what a script cannot do to them.
local tap = require "../lib/tap"

local function total()
  collectgarbage()
  collectgarbage()
  return process.memoryUsage().arrayBuffers
end

local before = total()
local memory = ArrayBuffer(1 << 20)
local shared = SharedArrayBuffer(1 << 20)
tap.ok(total() - before >= 2 << 20, "arrayBuffers counts ArrayBuffer and SharedArrayBuffer")
local view = Int32Array(memory, 4, 2)
memory = nil
total()
view[1] = 77
tap.is(view[1], 77, "a view keeps its memory")
tap.is(view.buffer.byteLength, 1 << 20, "its ArrayBuffer is whole")
tap.ok(view.buffer == view:subarray(1).buffer, "one ArrayBuffer for all who share")
view, shared = nil, nil
tap.ok(total() - before < 1 << 20, "memory goes with its last view")

local one = Buffer.allocUnsafe(16)
local slab = one.buffer
one:fill(1)
for _ = 1, 2000 do Buffer.allocUnsafe(1000):fill(2) end
collectgarbage()
tap.is(one[15], 1, "a Buffer keeps its slab")
tap.ok(one.buffer == slab, "and the slab's ArrayBuffer")
tap.ok(total() - before < 1 << 20, "slabs go with their Buffers")

-- constructors run once
local b = Buffer.from "hello"
tap.raises(function() b:init(5) end, "already")
tap.raises(function() Uint8Array(3):init(5) end, "already")
tap.raises(function() DataView(ArrayBuffer(1)):init(ArrayBuffer(2)) end, "already")
tap.raises(function() ArrayBuffer(1):init(5) end, "called as")

-- a list that does things while it is read
local target = Uint8Array(4)
local list = setmetatable({ length = 4 }, { __index = function(_, i)
  collectgarbage()
  return i
end })
target:set(list)
tap.is(target:join " ", "1 2 3 4", "a list may compute its elements")
tap.raises(function() target:set(setmetatable({ length = 4 }, { __index = function() error "no" end })) end, "no")

-- classes derived in Lua
local Packet = Buffer:extend "Packet"
function Packet:kind() return self[0] end
local p = Packet "\7abc"
tap.is(p:kind(), 7, "a class derived from Buffer")
tap.ok(instanceof(p, Uint8Array) and Buffer.isBuffer(p), "is a Buffer and a Uint8Array")
p.note = "x"
tap.is(p.note .. p:toString("latin1", 1), "xabc", "and takes fields")
tap.is(Buffer.byteLength "four", 4, "Buffer.byteLength is the function")
tap.is(Buffer.alloc(3).byteLength, 3, "buf.byteLength is the number")

tap.is(b.nothing, nil, "no such field")
tap.is(b[5], nil, "no element behind the end")
tap.is(b[-1], nil, "none before the start")
tap.is(b[1.5], nil, "none in between")
b[5], b[-1] = 1, 2
tap.is(b.length, 5, "writes outside are ignored")
tap.raises(function() b.length = 9 end, "only a getter")
tap.is(#Buffer.from(SharedArrayBuffer(9)), 9, "a Buffer over shared memory")
tap.is(Buffer.alloc(0).buffer.byteLength, 0, "an empty Buffer has an ArrayBuffer")
