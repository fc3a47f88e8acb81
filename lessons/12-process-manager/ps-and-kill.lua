-- The shell: find a process with ps, end it with kill -9
-- sample: S108
-- watch: the process is found by a word of its command line, and ended by its number. grep finds
--   itself, too: its own line is taken out.
-- try: leave -9 out: the child ends by SIGTERM.
local child_process = require "child_process"
local mark = "server-of-" .. process.pid

local function find()
  local lines = child_process.execSync(
    ("ps -eo pid,args | grep '%s' | grep -v -e grep -e 'sh -c' || true"):format(mark),
    { encoding = "utf8" })
  local pids = {}
  for pid in lines:gmatch "(%d+) [^\n]*\n" do pids[#pids + 1] = math.tointeger(pid) end
  return pids
end

local server = child_process.spawn(process.execPath,
  { "-e", 'setInterval(function() end, 1000) print "up"', mark })
server.stdout:once("data", function()
  local pids = find()
  print(("ps and grep found %d, it is the child: %s"):format(#pids, pids[1] == server.pid))
  child_process.execSync("kill -9 " .. pids[1])
end)
server:on("exit", function(code, signal)
  print(("child ended: code %s, signal %s"):format(code or "none", signal))
  print("found afterwards: " .. #find())
end)
