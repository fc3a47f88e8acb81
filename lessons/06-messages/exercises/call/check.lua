-- Loads the student's file and tells the guide's check what it did.
local child_process = require "child_process"
local call = require "../../../student" "function"
process:on("warning", function() end) -- many calls at once are many listeners

local function server()
  local waiting = {}
  local function answer()
    while #waiting > 0 do process.send(table.remove(waiting, math.random(#waiting))) end
  end
  process:on("message", function(m)
    if m.method == "double" then
      waiting[#waiting + 1] = { id = m.id, result = m.args[1] * 2 }
      if #waiting == 100 then answer() end
    elseif m.method == "never" then return
    elseif m.method == "die" then process.exit(3)
    else process.send { id = m.id, error = "unknown method " .. tostring(m.method) } end
  end)
end

local child = child_process.fork(server)
child:setMaxListeners(0)
local started = child:listenerCount "message" + child:listenerCount "exit"
local function left() return child:listenerCount "message" + child:listenerCount "exit" - started end
local function outcome(promise)
  local ok, value = pcall(await, promise)
  return ok, ok and value or tostring(value.message or value)
end

local calls, right = {}, 0
for i = 1, 100 do calls[i] = call(child, "double", { i }, 8000) end
for i = 1, 100 do
  local ok, value = outcome(calls[i])
  if ok and value == 2 * i then right = right + 1 end
end
process.send { right = right, left = left() }

local ok, text = outcome(call(child, "nonsense", {}, 8000))
process.send { unknown = not ok, text = text }

ok = outcome(call(child, "never", {}, 100))
process.send { timeout = not ok, after = left() }

-- When the child has ended, nothing has to be waited for any more.
local failed = 0
local function count() failed = failed + 1 end
call(child, "never", {}, 8000):andThen(nil, count)
call(child, "never", {}, 8000):andThen(nil, count)
call(child, "die", {}, 8000):andThen(nil, count)
child:on("exit", function()
  setImmediate(function()
    process.send({ failed = failed, finally = left() - 1 }, function() process.exit() end)
  end)
end)
