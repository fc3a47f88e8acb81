-- Walking over the bytes
-- sample: S039
-- watch: places count from 0, as everywhere in a Buffer, though Lua's own tables count from 1.
-- try: make the Buffer of four bytes: every walk takes one step more.
local buf = Buffer.from { 1, 2, 3 }

for place = 0, #buf - 1 do print(buf[place]) end
for k in buf:keys() do console.log("key", k) end
for v in buf:values() do console.log("value", v) end
for k, v in buf:entries() do console.log("entry", k, v) end
