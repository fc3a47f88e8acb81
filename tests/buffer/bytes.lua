-- buf[i], #buf, fields, ==, .. and tostring
local tap = require "../lib/tap"

local b = Buffer.from "hello"
tap.is(b[0], 0x68)
tap.is(b[4], 0x6f)
tap.is(b[5], nil, "behind the end")
tap.is(b[-1], nil)
tap.is(b[0.5], nil)
tap.is(b[1.0], 0x65, "a whole float is an offset")
b[0] = 0x4a + 256
b[1] = -1
b[2] = 1.9
b[3] = "7"
b[4] = {}
b[5], b[-1], b[0.5] = 1, 1, 1
tap.is(b:toString "hex", "4aff010700")
tap.is(#b, 5)
tap.is(b.length, 5)
tap.is(b.byteLength, 5)
tap.raises(function() b.length = 9 end, "only a getter")
b.note = "mine"
tap.is(b.note, "mine", "extra fields")
tap.is(b.nothing, nil)

local a, same = Buffer.from "x", Buffer.from "x"
tap.ok(a ~= same, "identity")
tap.ok(a:equals(same))
tap.is("a" .. Buffer.from "b", "ab")
tap.is(Buffer.from "a" .. Buffer.from "b", "ab")
tap.is(Buffer.from "a" .. 1, "a1")
tap.is(tostring(Buffer.from "\xff"), "\u{FFFD}")
tap.is(Buffer.from("\xff\0a"):bytes(), "\xff\0a", "bytes are raw")
tap.is(Buffer.from("hello"):bytes(1, 3), "el")
tap.is(Buffer.from("hello"):bytes(-2), "lo")
tap.is(#Buffer.alloc(0), 0)
tap.is(Buffer.alloc(0)[0], nil)
tap.ok(instanceof(a, Buffer))
tap.ok(Buffer.isBuffer(a) and not Buffer.isBuffer "a" and not Buffer.isBuffer(nil))
tap.is(require("buffer").Buffer, Buffer)
tap.is(require "node:buffer", require "buffer")
