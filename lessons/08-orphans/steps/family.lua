-- A family of real processes, as the lines of the puzzle say: "2 forks 3", and "2 ends" at last. Each process
-- forks its own children; one that loses its parent says so when it has another one.
local child_process = require "child_process"
local plan = process.env.MOONFORK_LESSON_PUZZLE or "1 forks 2\n2 forks 3\n3 forks 4\n2 forks 5\n2 ends"
local me, gone = process.argv[3] or "1", plan:match "(%d) ends"
local parent, children, waiting, leaving = process.ppid, {}, 0, false
local gone_pid = me == gone and process.pid or nil

-- Those below us leave, too.
local function leave()
  leaving = true
  for _, child in ipairs(children) do if child.connected then child:send "stop" end end
  if process.connected then process.disconnect() end
end

-- The system gives us another parent a moment after the channel to the old one has ended.
local function look_for_parent()
  if process.ppid == parent then return setTimeout(look_for_parent, 5) end
  print(me .. " has another parent")
  leave()
end

-- All below us are there. The first process ends the one that is to end.
local function ready()
  if me == "1" then process.kill(gone_pid, "SIGKILL") else process.send { ready = true, gone = gone_pid } end
end

-- It has ended: that goes up to the first process, and then all leave.
local function ended()
  if me == "1" then leave() else process.send { ended = true } end
end

for name in plan:gmatch(me .. " forks (%d)") do
  local child = child_process.fork(__filename, { name })
  children[#children + 1], waiting = child, waiting + 1
  child:on("message", function(m)
    if m.ended then return ended() end
    gone_pid = gone_pid or m.gone
    waiting = waiting - 1
    if waiting == 0 then ready() end
  end)
  child:on("exit", function() if name == gone then ended() end end)
end

if me ~= "1" then
  process:on("message", leave)
  process:on("disconnect", function() if not leaving then look_for_parent() end end)
  if waiting == 0 then ready() end
end
