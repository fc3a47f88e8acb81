-- Small Buffers share one block of 8 KiB
-- sample: S041
-- watch: four pieces of 2048 bytes fill a block, and the fifth opens a new one; large ones, those of half
--   the pool's size and the cleared ones have memory of their own.
-- try: take the zeroed one with allocUnsafe, too: it comes from the pool.
print("pool size: " .. Buffer.poolSize)

-- Take small pieces until a fresh block begins.
local first
repeat first = Buffer.allocUnsafe(2048) until first.byteOffset == 0

local second = Buffer.allocUnsafe(2048)
local third = Buffer.allocUnsafe(2048)
local fourth = Buffer.allocUnsafe(2048)
local fifth = Buffer.allocUnsafe(2048)
local block = first.buffer
for _, b in ipairs { { "first", first }, { "second", second }, { "third", third }, { "fourth", fourth } } do
  print(("%s: offset %d of a block of %d, same block as the first %s"):format(b[1], b[2].byteOffset,
    b[2].buffer.byteLength, b[2].buffer == block))
end

-- The block was full after four pieces: the fifth opened a new one.
print(("fifth: offset %d, same block as the first %s"):format(fifth.byteOffset, fifth.buffer == block))

-- A large one gets its own memory, and so does every zeroed one.
local large = Buffer.allocUnsafe(8 * 1024 + 1)
print("large: block of " .. large.buffer.byteLength)
local half = Buffer.allocUnsafe(4096)
print("half the pool size: block of " .. half.buffer.byteLength)
local zeroed = Buffer.alloc(2048)
print("alloc(2048): block of " .. zeroed.buffer.byteLength)
print('from("abc"): in a shared block ' .. tostring(Buffer.from("abc").buffer.byteLength == 8192))
