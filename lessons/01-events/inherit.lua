-- A class of your own that emits events
-- sample: S019
-- watch: both classes know on and emit, and have the static default; a listener belongs to one object.
-- try: let b listen to "x", too: then b has listeners for x.
local EventEmitter = require "events"
local util = require "util"

local MyEmitter = EventEmitter:extend "MyEmitter"

-- The old way: a table that becomes a class when it inherits.
local OldEmitter = {}
util.inherits(OldEmitter, EventEmitter)

for _, class in ipairs { { "MyEmitter", MyEmitter }, { "OldEmitter", OldEmitter } } do
  local name, Emitter = class[1], class[2]
  local e = Emitter()
  e:on("ping", function(n) print(name .. " got ping " .. n) end)
  e:emit("ping", 1)
  print(("%s: instance of EventEmitter %s, inherits the static default %d"):format(name,
    instanceof(e, EventEmitter), Emitter.defaultMaxListeners))
end

-- A listener list belongs to one instance.
local a = MyEmitter()
local b = MyEmitter()
a:on("x", function() print "a heard x" end)
console.log("b has listeners for x:", b:emit("x"))
console.log("a has listeners for x:", a:emit("x"))
