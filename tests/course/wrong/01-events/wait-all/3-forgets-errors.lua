-- Right in every order, but an error event goes to nobody.
return function(emitter, names, cb)
  local values, missing = {}, #names
  for i, name in ipairs(names) do
    emitter:once(name, function(value)
      values[i], missing = value, missing - 1
      if missing == 0 then cb(nil, values) end
    end)
  end
end
