-- Many listeners on one event: added, removed and called in any mixture, against a plain model.
local tap = require "../lib/tap"

tap.test("ten thousand once listeners run in order and are gone", function()
  local e, seen = EventEmitter(), {}
  e:setMaxListeners(0)
  for i = 1, 10000 do e:once("x", function() seen[#seen + 1] = i end) end
  e:emit "x"
  tap.is(#seen, 10000)
  for i = 1, #seen do if seen[i] ~= i then tap.is(seen[i], i) break end end
  tap.is(e:listenerCount "x", 0)
  tap.is(e:emit "x", false)
end)

-- The model: a sequence of { fn, once }; emit walks a copy.
local function model_emit(model, calls)
  local copy = table.move(model, 1, #model, 1, {})
  for _, entry in ipairs(copy) do
    if entry.once then
      for i, other in ipairs(model) do if other == entry then table.remove(model, i) break end end
    end
    calls[#calls + 1] = entry.name
  end
end

tap.test("random changes agree with the model", function()
  math.randomseed(42)
  for round = 1, tap.scale(60) do
    local e, model, next_name, calls = EventEmitter(), {}, 0, {}
    e:setMaxListeners(0)
    local functions = {}
    for _ = 1, 150 do
      local what = math.random(8)
      if what <= 3 or #model == 0 then
        next_name = next_name + 1
        local name = next_name
        local fn = function() calls[#calls + 1] = name end
        functions[name] = fn
        local entry = { name = name, once = math.random(2) == 1 }
        local first = math.random(3) == 1
        table.insert(model, first and 1 or #model + 1, entry)
        local method = (first and "prepend" .. (entry.once and "OnceListener" or "Listener")) or (entry.once and "once" or "on")
        e[method](e, "x", fn)
      elseif what <= 6 then
        local at = math.random(3) == 1 and math.random(#model) or 1
        e:off("x", functions[model[at].name])
        table.remove(model, at)
      elseif what == 7 and math.random(4) == 1 then
        local expected = {}
        model_emit(model, expected)
        calls = {}
        e:emit "x"
        if table.concat(calls, " ") ~= table.concat(expected, " ") then
          tap.is(table.concat(calls, " "), table.concat(expected, " "), "round " .. round)
          return
        end
      end
      if e:listenerCount "x" ~= #model then
        tap.is(e:listenerCount "x", #model, "round " .. round)
        return
      end
    end
    local list = e:listeners "x"
    for i, entry in ipairs(model) do
      if list[i] ~= functions[entry.name] then tap.is(i, 0, "round " .. round) return end
    end
  end
end)

tap.test("a running emit sees the listeners that there were", function()
  local e, seen = EventEmitter(), {}
  e:setMaxListeners(0)
  for i = 1, 100 do
    e:once("x", function()
      seen[#seen + 1] = i
      if i == 50 then e:emit "x" end
      if i == 20 then e:on("x", function() seen[#seen + 1] = "late" end) end
    end)
  end
  e:emit "x"
  local late = 0
  for _, v in ipairs(seen) do if v == "late" then late = late + 1 end end
  tap.is(#seen - late, 150)
  tap.is(late, 1)
end)
