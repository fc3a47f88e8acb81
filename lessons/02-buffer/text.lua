-- From string to Buffer and back
-- sample: S037
-- watch: how a Buffer prints; toString takes a part of it, counted in bytes from 0.
-- try: read from 0 to 4: the o is left out, since the end is not included.
local util = require "util"
local buf = Buffer.from("hello world", "utf8")

print(util.inspect(buf))
print(buf:toString "UTF-8")
print(buf:toString("UTF-8", 6))
print(buf:toString("UTF-8", 0, 5))
