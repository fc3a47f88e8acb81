-- EventEmitter: on and emit
-- sample: S011
-- watch: emit answers true when somebody listened and false when nobody did.
-- try: emit "起床" a second time with another hour: the same listener runs again.
local EventEmitter = require "events"
local emitter = EventEmitter()

emitter:on("起床", function(time)
  print("早上" .. time .. "开始起床，新的一天加油")
end)

-- emit() answers whether anyone was listening
print(emitter:emit("起床", "6:00"))
print(emitter:emit("睡觉", "22:00"))
