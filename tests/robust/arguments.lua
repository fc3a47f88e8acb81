-- Every public function, constructor and field is fed wrong, missing, huge and odd values; nothing may
-- crash, hang or end the process. Each target has a process of its own, in an empty folder.
-- timeout: 2400
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

local function run(what, out)
  local folder = os.tmpname()
  os.remove(folder)
  local command = ("mkdir '%s' && cd '%s' && MOONFORK_FEED_NAMES='%s' timeout -k 5 120 '%s' '%s' %s")
    :format(folder, folder, names, tap.program, feed, what)
  command = command .. (" >'%s' 2>'%s.err' </dev/null"):format(out, out)
  local _, how, code = os.execute(command)
  os.execute(("rm -rf '%s'"):format(folder))
  return how == "signal" and 128 + code or code
end

local out = os.tmpname()
local names = table.concat(documented_names(out), " ")
tap.is(run("list", out), 0, "the targets are found")
local targets = {}
for name in slurp(out):gmatch "[^\n]+" do targets[#targets + 1] = name end
tap.ok(#targets > 100, #targets .. " targets")

local function tail(text) return #text > 1500 and "... " .. text:sub(-1500) or text end

local bad = 0
for _, name in ipairs(targets) do
  if not skipped[name] then
    local code = run(("'%s' %d"):format(name, calls), out)
    local fed = slurp(out):find "fed\n" ~= nil
    if not fed or code >= 99 then
      bad = bad + 1
      tap.comment(name .. ": code " .. code .. (fed and ", at its end" or ""))
      tap.comment(tail(slurp(out .. ".err")))
    end
  end
end
tap.is(bad, 0, "all of them survive")
os.remove(out)
os.remove(out .. ".err")
