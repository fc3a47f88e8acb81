-- A child ends at once, but a grandchild keeps the writing end of the pipe for half a second.
local child_process = require "child_process"
local child = child_process.spawn("sh", { "-c", "sleep 0.5 & echo the child is done" })
local start = process.hrtime.bigint()
local function ms() return math.floor((process.hrtime.bigint() - start) / 1e6) end

child.stdout:on("data", function(text) io.write("output: " .. text) end)
child:on("exit", function() print("exit after " .. ms() .. " ms") end)
child:on("close", function() print("close after " .. ms() .. " ms") end)
