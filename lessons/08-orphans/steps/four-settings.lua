-- A daemon is started five times: with all four settings, and with one of them left out each time.
local child_process = require "child_process"
local fs = require "fs"
local os = require "os"
local role, without = process.argv[3], process.argv[4]

-- The session is field 6 of /proc/PID/stat, behind the name in brackets.
local function session(pid)
  return fs.readFileSync("/proc/" .. pid .. "/stat", "utf8"):match "%) %S %d+ %d+ (%d+)"
end

if role == "daemon" then
  setTimeout(function() end, 700) -- it lives for a moment and says nothing
  return
end

if role == "starter" then
  local daemon = child_process.spawn(process.execPath, { __filename, "daemon" }, {
    detached = without ~= "detached",
    stdio = without ~= "ignored streams" and "ignore" or { "ignore", "inherit", "inherit" },
    cwd = without ~= "another folder" and "/" or nil,
  })
  if without ~= "unref" then daemon:unref() end
  print(daemon.pid)
  return
end

local function try(what)
  local starter = child_process.spawn(process.execPath, { __filename, "starter", what },
    { stdio = { "ignore", "pipe", "inherit" }, cwd = os.tmpdir() })
  local start, text, ended, closed = performance.now(), "", nil, nil
  starter.stdout:on("data", function(piece) text = text .. tostring(piece) end)
  starter:on("exit", function() ended = performance.now() - start end)
  local done = require "events".once(starter, "close")
  while not text:find "\n" do await(require "events".once(starter.stdout, "data")) end
  local pid = text:match "%d+"
  local own = session(pid) == pid
  local holds = fs.readlinkSync("/proc/" .. pid .. "/cwd") ~= "/"
  await(done)
  closed = performance.now() - start
  local faults = {}
  if not own then faults[#faults + 1] = "it shares the starter's session" end
  if closed - ended > 200 then faults[#faults + 1] = "the starter's output stays open" end
  if ended > 400 then faults[#faults + 1] = "the starter does not end" end
  if holds then faults[#faults + 1] = "it holds the starter's folder" end
  print(("%s: %s"):format(what == "nothing" and "with all four" or "without " .. what,
    #faults > 0 and table.concat(faults, ", ") or "nothing breaks"))
end

for _, what in ipairs { "nothing", "detached", "ignored streams", "unref", "another folder" } do try(what) end
