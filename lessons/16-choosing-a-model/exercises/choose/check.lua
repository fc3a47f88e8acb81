-- Reads the student's choices and compares them with those that make sense.
local chosen = require "../../../student" "table"

local models = { loop = true, slices = true, thread = true, process = true }
local reasons = { waiting = true, computing = true, isolation = true, ["shared state"] = true, restart = true }

-- What may be answered; more than one way is right.
local accepted = {
  thumbnails = { ["thread computing"] = true, ["process computing"] = true, ["process isolation"] = true },
  chat = { ["loop waiting"] = true },
  plugins = { ["process isolation"] = true },
  report = { ["process restart"] = true, ["process isolation"] = true, ["process computing"] = true },
  counter = { ["thread shared state"] = true, ["loop shared state"] = true },
  video = { ["process computing"] = true, ["thread computing"] = true, ["process isolation"] = true,
            ["process restart"] = true },
}

local strange = ""
for name in pairs(accepted) do
  local c = type(chosen) == "table" and chosen[name] or {}
  local model, reason = tostring(c.model), tostring(c.reason)
  if not models[model] or not reasons[reason] then strange = name .. ": " .. model .. ", " .. reason end
  process.send { [name] = { right = accepted[name][model .. " " .. reason] == true, said = model .. ", " .. reason } }
end
process.send { strange = strange }
