-- waitAll(emitter, names, cb): cb(nil, values) is called once, when each
-- event of `names` has come at least once; values[i] is the first argument
-- of names[i]. An "error" event before that calls cb(error). Afterwards none
-- of our listeners is left.
local function waitAll(emitter, names, cb)
  local values, missing, listeners = {}, #names, {}

  local function finish(err)
    for name, listener in pairs(listeners) do
      emitter:removeListener(name, listener)
    end
    if err then cb(err) else cb(nil, values) end
  end

  for i, name in ipairs(names) do
    listeners[name] = function(value)
      emitter:removeListener(name, listeners[name])
      values[i], missing = value, missing - 1
      if missing == 0 then finish() end
    end
    emitter:on(name, listeners[name])
  end
  listeners.error = finish
  emitter:on("error", finish)
end

return waitAll
