-- Every public function, constructor and field is fed wrong, missing, huge and odd values; nothing may
-- crash, hang or end the process. Forty targets share a process, in an empty folder; where one ends badly
-- the targets in question are fed once more, each alone.
-- timeout: 600
local tap = require "../lib/tap"

local feed = tap.top .. "/tests/robust/fixtures/feed.lua"
local calls = tap.scale(1500)

-- What cannot be fed, and why.
local skipped = {
  ["Process.abort"] = "ends the process", ["Process.exit"] = "ends the process",
  ["Process.reallyExit"] = "ends the process", ["Process.kill"] = "would signal any process",
  ["Process.setuid"] = "changes who we are", ["Process.seteuid"] = "changes who we are",
  ["Process.setgid"] = "changes who we are", ["Process.setegid"] = "changes who we are",
  ["Process.setgroups"] = "changes who we are", ["Process.initgroups"] = "changes who we are",
  ["os.setPriority"] = "would change any process",
}

local function slurp(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read "a"
end

local names = ""

-- The names of all properties and options that are documented, which feed.lua reads and writes.
local function documented_names(out)
  os.execute(("'%s' --dump-api >'%s'"):format(tap.program, out))
  local names, seen = {}, {}
  for name in slurp(out):gmatch '{ name = "([%a_][%w_]*)", type = ' do
    if not seen[name] then names[#names + 1] = name end
    seen[name] = true
  end
  return names
end

local out = os.tmpname()
local log = os.tmpname()

-- Feeds the targets; returns the exit code and the set of those that were done.
local function run(what, seconds)
  local folder = os.tmpname()
  os.remove(folder)
  assert(io.open(log, "w")):close()
  -- an empty file of its own on stdin: fchmod(0, 0) is among the calls, and the root user's /dev/null is everybody's
  local command = ("mkdir '%s' && cd '%s' && : > stdin && MOONFORK_FEED_NAMES='%s' MOONFORK_FEED_LOG='%s' "
    .. "RES_OPTIONS='timeout:1 attempts:1' timeout -k 5 %d '%s' '%s' %s >'%s' 2>'%s.err' <stdin"):format(folder, folder, names, log,
    seconds, tap.program, feed, what, out, out)
  local _, how, code = os.execute(command)
  os.execute(("rm -rf '%s'"):format(folder))
  local done = {}
  for name in slurp(log):gmatch "[^\n]+" do done[name] = true end
  return how == "signal" and 128 + code or code, done
end

local function arguments(list, from)
  local quoted = { tostring(calls) }
  for i = from, #list do quoted[#quoted + 1] = "'" .. list[i] .. "'" end
  return table.concat(quoted, " ")
end

-- The targets in groups of neighbours.
local function grouped()
  local groups = { {} }
  for name in slurp(out):gmatch "[^\n]+" do
    if #groups[#groups] == 40 then groups[#groups + 1] = {} end
    if not skipped[name] then table.insert(groups[#groups], name) end
  end
  return groups
end

local function tail(text) return #text > 1500 and "... " .. text:sub(-1500) or text end

-- timeout's own codes; a sanitizer's or a signal's.
local function is_late(code) return code == 124 or code == 137 end
local function is_bad(code) return code >= 99 end

local bad = 0
local function report(name, code, how)
  bad = bad + 1
  tap.comment(name .. ": code " .. code .. how)
  tap.comment(tail(slurp(out .. ".err")))
end

-- Feeds list[i] alone; true when that is reported.
local function feed_alone(list, i)
  local code, done = run(arguments({ list[i] }, 1), 120)
  if not is_bad(code) and done[list[i]] then return false end
  report(list[i], code, done[list[i]] and ", at its end" or "")
  return true
end

-- A process has crashed which had been fed list[first] to list[last]. Which of them was it?
local function blame(list, first, last, at_end, code)
  local found = false
  for i = at_end and first or last, last do found = feed_alone(list, i) or found end
  if found then return end
  run(arguments({ table.unpack(list, first, last) }, 1), 300)
  report(table.concat(list, " ", first, last), code, ", only one after the other")
end

local function feed_group(list)
  local from = 1
  while from <= #list do
    local code, done = run(arguments(list, from), 300)
    local at = from
    while at <= #list and done[list[at]] do at = at + 1 end
    local last = math.min(at, #list)
    if is_bad(code) and not is_late(code) then blame(list, from, last, at > #list, code)
    elseif at <= #list then feed_alone(list, at) end -- too slow, or the process has ended
    from = last + 1
  end
end

names = table.concat(documented_names(out), " ")
tap.is(run("list", 120), 0, "the targets are found")
local groups, count = grouped(), 0
for _, list in ipairs(groups) do count = count + #list end
tap.ok(count > 100, count .. " targets")
for _, list in ipairs(groups) do feed_group(list) end
tap.is(bad, 0, "all of them survive")
os.remove(out)
os.remove(out .. ".err")
os.remove(log)
