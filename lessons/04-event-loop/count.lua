-- Shared state: a counter outside or inside the handler
-- sample: S049
-- watch: the outer counter lives as long as the server, and every request sees the same one; the inner
--   one is made anew at each call.
-- try: send four requests to each: 4 here, 1 there.
local http = require "http"
local once = require "events".once
local outer = 0

local server = http.createServer(function(req, res)
  if req.url == "/field" then
    outer = outer + 1
    res:finish(tostring(outer))
  else
    local inner = 0
    inner = inner + 1
    res:finish(tostring(inner))
  end
end)

-- The answer to one request.
local function get(path)
  local to = { host = "127.0.0.1", port = server:address().port, path = path, agent = false }
  return await(Promise(function(resolve)
    http.get(to, function(res)
      res:on("data", function(d) resolve(tostring(d)) end)
    end)
  end))
end

await(once(server:listen(0, "127.0.0.1"), "listening"))
for _, path in ipairs { "/field", "/local" } do
  local answers = {}
  for i = 1, 3 do answers[i] = get(path) end
  print(path .. ": " .. table.concat(answers, " "))
end
server:close()
