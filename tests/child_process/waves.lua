-- Waves of children of every kind, some killed before they run: all end, no descriptor and no zombie stays.
local tap = require "../lib/tap"
local cp, fs = require "child_process", require "fs"

local total, width = tap.scale(240), 12

local kinds = {
  function() return cp.spawn("true") end,
  function() return cp.spawn("sh", { "-c", "echo some output; echo and more >&2" }) end,
  function() return cp.spawn("cat") end,
  function() return cp.spawn("no-such-command") end,
  function() return cp.exec("exit 3", function() end) end,
  function() return cp.execFile("sleep", { "60" }, { timeout = 5 }, function() end) end,
  function() return cp.spawn("sleep", { "60" }, { stdio = { "pipe", "ignore", "inherit", "pipe" } }) end,
  function() return cp.fork(function() process.send "up" end) end,
}

local function open_now() return #fs.readdirSync "/proc/self/fd" end

-- How many processes have us for their parent, zombies included.
local function children()
  local n = 0
  for _, pid in ipairs(fs.readdirSync "/proc") do
    local ok, stat = pcall(fs.readFileSync, "/proc/" .. pid .. "/stat", "utf8")
    if ok and pid:find "^%d+$" and stat:match "%) %a (%d+)" == tostring(process.pid) then n = n + 1 end
  end
  return n
end

local function run(count, done)
  local started, ended = 0, 0
  local function start()
    started = started + 1
    local which = started % #kinds + 1
    local child = kinds[which]()
    child:on("error", function() end)
    if which == 3 then child.stdin:finish "through the cat" end
    if which == 7 then child:kill "SIGKILL" end
    child:on("close", function()
      ended = ended + 1
      if started < count then return start() end
      if ended == count then done() end
    end)
  end
  for _ = 1, width do start() end
end

tap.test("waves", function(done)
  run(width, function() -- what the loop opens once is open now
    setImmediate(function()
      local before = open_now()
      run(math.max(total, width), function()
        setTimeout(function()
          collectgarbage()
          tap.is(open_now(), before, "descriptors")
          tap.is(children(), 0, "children")
          done()
        end, 20)
      end)
    end)
  end)
end)
