-- util.bind
local tap = require "../lib/tap"
local util = require "util"

local function all(...) return select("#", ...), ... end
tap.is_deep({ util.bind(all, "self", 1)(2, 3) }, { 4, "self", 1, 2, 3 })
tap.is(select("#", util.bind(all)()), 2, "self is nil, but there")
local object = { n = 1 }
local add = util.bind(function(self, by) self.n = self.n + by end, object)
local e = EventEmitter()
e:on("add", add)
e:emit("add", 4)
tap.is(object.n, 5)
tap.is(coroutine.wrap(util.bind(function(self) return coroutine.yield(self) end, 7))(), 7, "may yield")
tap.raises(function() util.bind(1) end, { code = "ERR_INVALID_ARG_TYPE" })
tap.raises(util.bind(function() error "inner" end), "inner")
