-- The ways to make a Buffer
-- sample: S034
-- watch: the bytes of each. A number is cut down to one byte; alloc clears its memory, allocUnsafe does
--   not; a Buffer from a Buffer is a copy.
-- try: make the copy with buf4:subarray() instead: the two share their memory, and the original changes.
local function show(what, buf) print(what .. ": " .. buf:toString("hex")) end

local buf4 = Buffer.from { 1, 2, 3 }
show("from([1,2,3])", buf4)

local buf5 = Buffer.from { 257, 257.5, -255, "1" }
show('from([257,257.5,-255,"1"])', buf5)

local buf6 = Buffer.from "test"
show('from("test")', buf6)
show('from("tést")', Buffer.from "tést")

local buf7 = Buffer.from("tést", "latin1")
show('from("tést","latin1")', buf7)

local buf1 = Buffer.alloc(10)
show("alloc(10)", buf1)

local buf2 = Buffer.alloc(10, 1)
show("alloc(10,1)", buf2)
show('alloc(10,"ab")', Buffer.alloc(10, "ab"))

-- allocUnsafe does not clear the memory: its content is known only after fill or write.
local buf3 = Buffer.allocUnsafe(10)
print("allocUnsafe(10) has length " .. #buf3)
show("after fill(0)", buf3:fill(0))

-- from(buffer) copies
local copy = Buffer.from(buf4)
copy[0] = 9
show("original", buf4)
show("copy", copy)
