-- once cleans up after the events, but nobody removes the listener of error.
return function(emitter, names, cb)
  local values, missing, over = {}, #names, false
  for i, name in ipairs(names) do
    emitter:once(name, function(value)
      values[i], missing = value, missing - 1
      if missing == 0 and not over then over = true cb(nil, values) end
    end)
  end
  emitter:once("error", function(err)
    if not over then over = true cb(err) end
  end)
end
