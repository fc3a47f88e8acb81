-- waitAll(emitter, names, cb): cb(nil, values) is called once, when each
-- event of `names` has come at least once; values[i] is the first argument
-- of names[i]. An "error" event before that calls cb(error). Afterwards none
-- of our listeners is left.
local function waitAll(emitter, names, cb)
  local values = {}
  for i, name in ipairs(names) do
    emitter:on(name, function(value)
      values[i] = value
      -- When the last name comes; and if it comes first?
      if i == #names then cb(nil, values) end
    end)
  end
end

return waitAll
