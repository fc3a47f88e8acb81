-- process: a name and a number
-- sample: S046
-- watch: the system knows the process by its number; the name is what it calls itself, and ps shows it.
-- try: give it another name: ps does not find the old one.
local child_process = require "child_process"
local http = require "http"

local server = http.createServer()
server:listen(0, "127.0.0.1", function()
  process.title = "demo-node"
  print("process.pid: " .. process.pid)
  print("process.title: " .. process.title)
  local line = child_process.execFileSync("ps", { "-o", "args=", "-p", tostring(process.pid) },
    { encoding = "utf8" })
  print("ps shows the title: " .. tostring(line:find("demo-node", 1, true) == 1))
  server:close(function() print "closed" end)
end)
