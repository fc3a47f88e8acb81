-- fork: the long computation moves to a child, the server stays free
-- sample: S061
-- watch: the quick request is asked while the child computes, and answered at once.
-- try: sum up 1000 numbers only: a child for that costs more than the sum.
local child_process = require "child_process"
local http = require "http"
local size = "100000000"

local server
local children = 0

local function get(path)
  local to = { host = "127.0.0.1", port = server:address().port, path = path, agent = false }
  http.get(to, function(res)
    res:on("data", function(d) print(path .. " answered: " .. d) end)
  end)
end

server = http.createServer(function(req, res)
  if req.url ~= "/compute" then return res:finish "ok" end
  children = children + 1
  local child = child_process.fork(__dirname .. "/compute.lua", { size })
  child:send "data for the child"

  child:on("message", function(message)
    if message == "begun" then return get "/" end -- asked while the child is computing
    res:finish("Sum is " .. message)
    child:kill()
  end)
  child:on("close", function(code, signal)
    print(("close event: signal %s, exit code %s"):format(signal, code or "none"))
    children = children - 1
    if children == 0 then server:close() end
  end)
end)

server:listen(0, "127.0.0.1", function()
  print("server started at http://127.0.0.1:" .. server:address().port)
  get "/compute"
end)
