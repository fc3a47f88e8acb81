-- Classes, their objects, and what other libraries make.
local tap = require "../lib/tap"
local inspect = require("util").inspect

local Chat = EventEmitter:extend "Chat"
function Chat:init(n) self.n = n end
tap.is(inspect(EventEmitter), "[class EventEmitter]")
tap.is(inspect(Chat), "[class Chat extends EventEmitter]")
tap.is(inspect(EventEmitter()), "EventEmitter {}")
local c = Chat(1)
c:on("x", print)
tap.is(inspect(c), "Chat { n = 1 }", "listeners are not shown")
tap.is(inspect { { { { c } } } }, "{ { { {...} } } }")
tap.is(inspect { { { c } } }, "{ { { Chat {...} } } }")
local e = EventEmitter()
e.tag = { 1 }
tap.is(inspect(e), "EventEmitter { tag = { 1 } }")
tap.is(inspect(Buffer.from "hi"), "<Buffer 68 69>")
tap.is(inspect { Buffer.from "hi" }, "{ <Buffer 68 69> }")
tap.like(inspect(io.stdout), "^file %(0x%x+%)$")
tap.is(inspect(setmetatable({ 1 }, { __name = "Point" })), "Point { 1 }")

-- Fields that were set on a Buffer stand in its brackets, those of other views behind the elements.
local util = require "util"
local b = Buffer.from "hi"
b.x, b.y = 1, { a = { 1 } }
tap.is(util.inspect(b), "<Buffer 68 69, x = 1, y = { a = { 1 } }>")
b.me = b
tap.is(util.inspect(b), "<Buffer 68 69, me = <cycle 1>, x = 1, y = { a = { 1 } }>")
local empty = Buffer.alloc(0)
empty.x = 1
tap.is(util.inspect(empty), "<Buffer x = 1>")
tap.is(util.inspect({ { { { empty } } } }), "{ { { {...} } } }")
tap.is(util.inspect({ { { empty } } }), "{ { { <Buffer > {...} } } }")
local view = Uint8Array(2)
view.z = 1
tap.is(util.inspect(view), "Uint8Array(2) { 0, 0, z = 1 }")
for _ = 1, 10000 do
  local outer = Buffer.alloc(1)
  outer.inner, b = b, outer
end
tap.ok(#util.inspect(b, { depth = math.huge }) < 100000, "deep nesting ends")
