-- A table made a class derived from another.
local tap = require "../lib/tap"
local util = require "util"

local Chat = { name = "Chat" }
util.inherits(Chat, EventEmitter)
function Chat:init(who) self.who = who end
local c = Chat "ann"
local got
c:on("hi", function(x) got = x end)
c:emit("hi", 5)
tap.is(got, 5)
tap.is(c.who, "ann")
tap.is(Chat.super_, EventEmitter)
tap.ok(instanceof(c, Chat))
tap.ok(instanceof(c, EventEmitter))
tap.is(util.inspect(c), 'Chat { who = "ann" }')
tap.is(util.inspect(Chat), "[class Chat extends EventEmitter]")

-- the way of Lua: setmetatable by hand, and EventEmitter.init
local Old = {}
util.inherits(Old, EventEmitter)
function Old.new()
  local self = setmetatable({}, Old)
  EventEmitter.init(self)
  return self
end
local o = Old.new()
o:once("x", function(v) got = v end)
o:emit("x", "seen")
tap.is(got, "seen")
tap.ok(instanceof(o, Old))

local Sub = Chat:extend "Sub"
tap.ok(instanceof(Sub "bob", Chat))

-- a base that is no class of ours
local Base = { greet = function() return "hello" end }
local Derived = {}
util.inherits(Derived, Base)
tap.is(setmetatable({}, Derived).greet(), "hello")

tap.raises(function() util.inherits(1, EventEmitter) end, { code = "ERR_INVALID_ARG_TYPE", message = '"ctor"' })
tap.raises(function() util.inherits({}, nil) end, { code = "ERR_INVALID_ARG_TYPE", message = '"superCtor"' })
tap.raises(function() util.inherits(Chat, EventEmitter) end, { code = "ERR_INVALID_ARG_VALUE" })
tap.raises(function() util.inherits(Base, Base) end, { code = "ERR_INVALID_ARG_VALUE" })
