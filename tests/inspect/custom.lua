-- A value's own inspect method.
local tap = require "../lib/tap"
local util = require "util"
local inspect, custom = util.inspect, util.inspect.custom

local Money = EventEmitter:extend "Money"
Money[custom] = function(self, depth, options, again)
  return "Money<" .. self.n .. ", " .. depth .. ", " .. again({ 1 }, options) .. ">"
end
local m = Money()
m.n = 5
tap.is(inspect(m), "Money<5, 2, { 1 }>")
tap.is(inspect { a = m }, "{ a = Money<5, 1, { 1 }> }")
tap.is(inspect { [custom] = function() return { 1, 2 } end }, "{ 1, 2 }", "a value in its place")
tap.like(inspect { [custom] = function() error "no" end }, "^<inspect raised: .*no>$")
tap.like(inspect({ 7, [custom] = function() end }, { customInspect = false }), "^{\n  7,\n")
tap.is(inspect { [custom] = function(self) return self end }, "<itself>")
local function again() return { [custom] = again } end
tap.ok(#inspect(again()) > 0, "one that never ends is ended")
local e = EventEmitter()
e[custom] = function() return "own" end
tap.is(inspect(e), "own", "a field of an object in C")
