-- Children that end at once, one after the other and eight at a time.
-- figure: one_per_s | spawn of true, one at a time, per second | ratio >= 1.4
-- figure: eight_per_s | spawn of true, eight at a time, per second | ratio >= 1.4
local spawn = require("child_process").spawn

local function round(width, total, done)
  local began, started, ended = process.hrtime.bigint(), 0, 0
  local function start()
    started = started + 1
    spawn("/bin/true", {}, { stdio = "ignore" }):on("close", function()
      ended = ended + 1
      if started < total then return start() end
      if ended == total then done(total / ((process.hrtime.bigint() - began) / 1e9)) end
    end)
  end
  for _ = 1, width do start() end
end

round(1, 400, function(rate)
  print("one_per_s " .. rate)
  round(8, 800, function(wide) print("eight_per_s " .. wide) end)
end)
