-- From fork() to the child's first message, the median of ten in a row.
-- figure: message_ms | fork to first message, ms | ratio <= 1/10
local fork = require("child_process").fork
local child_file = __dirname .. "/fork-child.lua"
local times = {}

local function once()
  local began = process.hrtime.bigint()
  local child = fork(child_file)
  child:on("message", function()
    times[#times + 1] = (process.hrtime.bigint() - began) / 1e6
    child:disconnect()
  end)
  child:on("exit", function()
    if #times < 10 then return once() end
    table.sort(times)
    print("message_ms " .. (times[5] + times[6]) / 2)
  end)
end

once()
