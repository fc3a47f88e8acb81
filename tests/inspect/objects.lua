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
