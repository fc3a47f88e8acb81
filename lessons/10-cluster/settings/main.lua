-- Cluster: setupPrimary and settings
-- sample: S141
-- watch: what is set holds for the forks that follow; what is not named keeps its value. A silent
--   worker prints nothing: its output is a stream of the primary.
-- try: give the second worker the color green.
local cluster = require "cluster"
local path = require "path"
local once = require "events".once

cluster:once("setup", function(settings)
  print(("setup: %s, silent %s"):format(path.basename(settings.exec), settings.silent))
end)
cluster.setupPrimary { exec = __dirname .. "/worker.lua", args = { "--use", "https" }, silent = true }
print("settings.args: " .. table.concat(cluster.settings.args, " "))

-- What a worker of this color prints.
local function output(color)
  local child = cluster.fork({ COLOR = color }).process
  local out = ""
  child.stdout:on("data", function(d) out = out .. d end)
  await(once(child, "close"))
  return out
end

io.write("taken from the silent worker: " .. output "red")
cluster.setupPrimary { args = { "--use", "http" } }
print("settings keep the file: " .. path.basename(cluster.settings.exec))
io.write("taken from the next worker: " .. output "blue")
