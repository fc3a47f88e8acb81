-- An orphan, and who adopts it
-- watch: the parent ends first. The child lives on under another parent: process 1, or the nearest
--   ancestor that has declared itself a subreaper (a session manager, a container's init).
-- try: let the parent live until the child has ended: wait for its "exit" instead of leaving at once, and
--   nothing is adopted.
local child_process = require "child_process"
local role = process.argv[3]

-- Who a process is, as /proc knows it: "name (pid: N)".
local function who(pid)
  local f = io.open("/proc/" .. pid .. "/comm")
  local name = f and f:read "l" or "?"
  if f then f:close() end
  return name .. " (pid: " .. pid .. ")"
end

-- The parent of a process, read from /proc and not asked from the process itself.
local function parent_of(pid)
  local f = io.open("/proc/" .. pid .. "/stat")
  if not f then return nil end
  local ppid = f:read("a"):match "%) %S (%d+)"
  f:close()
  return tonumber(ppid)
end

if role == "child" then
  local first = process.ppid
  print("child:  my parent is " .. who(first))
  process.send "ready"
  local waiting
  waiting = setInterval(function()
    if process.ppid == first then return end
    print("child:  my parent is now " .. who(process.ppid))
    print("child:  /proc says the same: " .. tostring(parent_of(process.pid) == process.ppid))
    print("child:  it is the same parent as before: " .. tostring(process.ppid == first))
    clearInterval(waiting)
    setTimeout(function() end, 200) -- stays a moment, to be looked at
  end, 10)
  setTimeout(function() clearInterval(waiting) end, 5000) -- never stays for ever
    :unref()
elseif role == "parent" then
  local child = child_process.fork(__filename, { "child" }, { detached = true })
  child:on("message", function()
    print("parent: I end now")
    process.exit(0)
  end)
else
  -- The child inherits this pipe from its parent: it closes when the last of the two has ended.
  local parent = child_process.fork(__filename, { "parent" }, { silent = true })
  parent.stdout:on("data", function(text) io.write(tostring(text)) end)
  parent:on("exit", function(code) print("(the parent has ended with code " .. code .. ")") end)
  parent:on("close", function() print("(the child has ended, too)") end)
end
