-- HTTP: answering with a Buffer or with a string
-- sample: S045
-- watch: the client gets the same bytes either way. In Node a string is turned into bytes at each
--   answer, a Buffer only once; here a Lua string is bytes already, and the two times hardly differ.
-- try: answer with 20 KB instead of 10: twice as many bytes.
local http = require "http"
local once = require "events".once
local count = 50

local text = ("a"):rep(10 * 1024)
local buffer = Buffer.from(text)
local conversions = 0
local server = http.createServer(function(req, res)
  if req.url == "/buffer" then
    res:finish(buffer)
  elseif req.url == "/string" then
    conversions = conversions + 1
    res:finish(text)
  else
    res.statusCode = 404
    res:finish()
  end
end)

-- The answer to one request.
local function get(path)
  local to = { host = "127.0.0.1", port = server:address().port, path = path, agent = false }
  return await(Promise(function(resolve)
    http.get(to, function(res)
      local body = ""
      res:on("data", function(d) body = body .. d end)
      res:on("end", function() resolve(body) end)
    end)
  end))
end

await(once(server:listen(0, "127.0.0.1"), "listening"))
for _, path in ipairs { "/buffer", "/string" } do
  local start = process.hrtime.bigint()
  local bytes = 0
  for _ = 1, count do bytes = bytes + #get(path) end
  local ms = (process.hrtime.bigint() - start) / 1e6
  print(("%s: %d requests, %d bytes, %.1f ms"):format(path, count, bytes, ms))
end
print(("strings turned into bytes: %d times, the Buffer once before the start"):format(conversions))
print(("unknown path: %d bytes"):format(#get "/other"))
server:close()
