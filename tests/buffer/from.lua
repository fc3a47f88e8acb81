-- what Buffer.from takes: lists, JSON, tables with a length; Buffer() as constructor; derived classes
local tap = require "../lib/tap"

tap.is(Buffer.from({ 1, 2, 300, -1 }):toString "hex", "01022cff")
tap.is(#Buffer.from(array {}), 0)
tap.is(Buffer.from({ type = "Buffer", data = { 104, 105 } }):toString(), "hi")
tap.is(Buffer.from({ length = 3, 1, 2 }):toString "hex", "010200", "a table with a length")
tap.is_deep(Buffer.from("hi"):toJSON(), { type = "Buffer", data = { 104, 105 } })
tap.is(JSON.stringify(Buffer.from "hi"), '{"data":[104,105],"type":"Buffer"}')
for _, bad in ipairs { 5, true, print, {}, { length = "3" }, EventEmitter() } do
  tap.raises(function() Buffer.from(bad) end, { code = "ERR_INVALID_ARG_TYPE" })
end
tap.raises(function() Buffer.from() end, { code = "ERR_INVALID_ARG_TYPE", message = "Received n" })
tap.is(#Buffer(3), 3)
tap.is(Buffer(3)[2], 0)
tap.is(tostring(Buffer "abc"), "abc")
local Named = Buffer:extend "Named"
function Named:tag() return "#" .. #self end
local n = Named "four"
tap.is(n:tag(), "#4")
tap.is(n[0], 0x66)
tap.ok(Buffer.isBuffer(n))
local keys, values, pairs_seen = {}, {}, {}
for k in Buffer.from("hi"):keys() do keys[#keys + 1] = k end
for v in Buffer.from("hi"):values() do values[#values + 1] = v end
for k, v in Buffer.from("hi"):entries() do pairs_seen[k + 1] = v end
tap.is_deep(keys, { 0, 1 })
tap.is_deep(values, { 104, 105 })
tap.is_deep(pairs_seen, { 104, 105 })
