-- The other side of ipc-*.lua.
local task = process.argv[3]
if task == "stream" then
  process:once("message", function(n)
    for i = 1, n do process.send { i = i, name = "message", done = false } end
  end)
elseif task == "sink" then
  local n = 0
  process:on("message", function(m)
    n = n + 1
    if m == "end" then process.send(n) end
  end)
elseif task == "handles" then
  process:on("message", function(m, handle)
    if handle then handle:destroy() end
    if m == "end" then process.send(m) end
  end)
else
  process:on("message", function(m) process.send(m) end)
end
