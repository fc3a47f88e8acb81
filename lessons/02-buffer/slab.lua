-- The states of a slab: empty, partial, full
-- sample: S042
-- watch: the list of slabs after each step. A piece that does not fit opens a new slab, and what was left
--   of the old one is lost. This is a model; the lesson pool shows the real offsets.
-- try: ask for 8191 bytes instead of 8192: the slab that holds one byte takes them, and nothing is lost.
local POOL_SIZE = 8 * 1024
local slabs = {}
local large = 0

local function create_pool() slabs[#slabs + 1] = { offset = 0, pieces = 0 } end

local function states()
  local out = {}
  for i, slab in ipairs(slabs) do
    out[i] = slab.offset == 0 and "empty" or slab.offset == POOL_SIZE and "full" or "partial"
  end
  return table.concat(out, ", ")
end

local function allocate(size)
  local how
  if size > POOL_SIZE then
    large = large + 1
    how = "large, on its own"
  else
    if size > POOL_SIZE - slabs[#slabs].offset then create_pool() end
    local slab = slabs[#slabs]
    how = "slab " .. #slabs .. " at " .. slab.offset
    slab.offset = slab.offset + size
    slab.pieces = slab.pieces + 1
  end
  print(("%d: %s; slabs %s"):format(size, how, states()))
end

create_pool()
print("at start: slabs " .. states())
for _, size in ipairs { 2048, 2048, 4096, 1, 8192, 9000, 100 } do allocate(size) end
local waste = 0
for i = 1, #slabs - 1 do waste = waste + POOL_SIZE - slabs[i].offset end
print(("slabs %d, large %d, bytes left unused in closed slabs %d"):format(#slabs, large, waste))
