-- One thread: a long computation makes everybody wait
-- sample: S048
-- watch: the quick request comes while the computation runs, and is served after it. Its answer has
--   nothing to compute, and still arrives last.
-- try: sum up 1000 numbers only: nobody notices that the thread was busy.
local child_process = require "child_process"
local http = require "http"
local size = 100000000

-- The client is another process: it must not be blocked, too.
if process.argv[3] == "client" then
  local port = tonumber(process.argv[4])
  local answers = {}

  local function get(path)
    http.get({ host = "127.0.0.1", port = port, path = path, agent = false }, function(res)
      res:on("data", function(d) answers[#answers + 1] = ("  %s -> %s"):format(path, d) end)
      res:on("end", function()
        if #answers < 2 then return end
        print "answers in order of arrival:"
        print(table.concat(answers, "\n"))
        process.disconnect()
      end)
    end)
  end
  get "/compute"
  process:on("message", function() get "/" end)
  return
end

local function computation()
  local sum = 0
  print "computation begins"
  console.time "computation took"
  for i = 0, size - 1 do sum = sum + i end
  print "computation ends"
  console.timeEnd "computation took"
  return sum
end

local client
local server = http.createServer(function(req, res)
  if req.url == "/compute" then
    client:send "computing"
    res:finish("sum is " .. computation())
  else
    print "the quick request is served"
    res:finish "ok"
  end
end)

server:listen(0, "127.0.0.1", function()
  local port = server:address().port
  print("server started at http://127.0.0.1:" .. port)
  client = child_process.fork(__filename, { "client", tostring(port) })
  client:on("exit", function() server:close() end)
end)
