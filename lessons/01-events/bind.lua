-- Three ways to give a listener an object
-- sample: S013
-- watch: each listener knows an object that is not the emitter, and no two came by it in the same way.
-- try: bind the first listener to emitter instead of module: it is the emitter then, and has no name.
local EventEmitter = require "events"
local util = require "util"
local emitter = EventEmitter()
local module = { name = "the module" }

local function tell(how, self)
  print(("%s: self == emitter %s, self.name = %s"):format(how, self == emitter, self.name))
end

-- 1. util.bind puts the object before the arguments
local function listener(self, _, _) tell("bind", self) end
emitter:on("event", util.bind(listener, module))

-- 2. a function that makes a function: each call has a local of its own
local function listener_for(that)
  return function(_, _) tell("maker", that) end
end
emitter:on("event", listener_for(module))

-- 3. a closure over the local outside
emitter:on("event", function(_, _) tell("closure", module) end)

emitter:emit("event", 1, 2)
