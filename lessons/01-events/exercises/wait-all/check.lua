-- Loads the student's file and tells the guide's check what it did.
local EventEmitter = require "events"
local waitAll = require "../../../student" "function"

local names = { "a", "b", "c" }

-- Emits the words in order and tells how cb was called.
local function try(what, words)
  local emitter, calls, values, err = EventEmitter(), 0, nil, nil
  waitAll(emitter, names, function(e, v) calls, err, values = calls + 1, e, v end)
  for _, word in ipairs(words) do
    if word == "error" then pcall(emitter.emit, emitter, "error", Error "broken")
    else emitter:emit(word, word:upper()) end
  end
  local left = emitter:listenerCount "error"
  for _, name in ipairs(names) do left = left + emitter:listenerCount(name) end
  process.send {
    [what] = { calls = calls, left = left, error = err and tostring(err.message or err) or "",
               values = values and table.concat({ values[1] or "?", values[2] or "?", values[3] or "?" }) or "" },
  }
end

try("inOrder", { "a", "b", "c" })
try("otherOrder", { "c", "a", "b" })
try("twice", { "a", "a", "c", "b", "b", "c", "a" })
try("early", { "a", "b" })
try("failed", { "b", "error", "a", "c" })
