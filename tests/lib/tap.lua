-- tap.lua - the test harness: TAP on stdout, and the checks that every test makes when it ends.
--
--   local tap = require "../lib/tap"
--   tap.test("a timer fires once", function(done)
--     setTimeout(tap.expect(function() done() end), 1)
--   end)
--
-- Tests run one after the other, in the order in which they are written. The function of a test that
-- names a parameter gets `done` and is over when that is called (with an error, or any value that is
-- neither nil nor false, it has failed); one that returns a promise is over when that settles; any
-- other when it returns. A wrong assertion is noted with its line and the test goes on, so that
-- nothing has to be caught in callbacks; each assertion also returns whether it held.
--
-- An assertion outside a test is a test of its own.
--
-- At exit the harness looks for what was forgotten: tests that never ended, callbacks called too often
-- or too rarely, a moved working folder, open descriptors, handles that still keep the loop alive,
-- zombies. A test for which one of these is the point says so: tap.allow "fds" ("cwd", "handles",
-- "zombies"). It needs nothing but print, pcall, process:on("exit") and setTimeout of the program.

local tap = {}

local started = { fds = {}, cwd = nil, handles = {} }
local allowed = {}
local queue, current = {}, nil
local count, failures = 0, 0
local expected = {}
local finished = false

-- ---- output --------------------------------------------------------------------------------------

local function comment(text)
  io.write("# ", (tostring(text):gsub("\n", "\n# ")), "\n")
end

local function result(ok, name, notes)
  count = count + 1
  if not ok then failures = failures + 1 end
  io.write(ok and "ok " or "not ok ", count, " - ", (name:gsub("[\n#]", " ")), "\n")
  for _, note in ipairs(notes or {}) do comment(note) end
end

-- The line of the test file that called into the harness.
local function place()
  for level = 2, 20 do
    local info = debug.getinfo(level, "Sl")
    if not info then break end
    if info.currentline > 0 and not info.source:find("lib/tap.lua", 1, true) then
      return info.short_src .. ":" .. info.currentline
    end
  end
  return "?"
end

-- Notes the outcome of one assertion.
local function judge(ok, name, why)
  if current and not finished then
    if not ok then
      local notes = current.notes
      notes[#notes + 1] = place() .. ": " .. (name or "assertion") .. (why and "\n  " .. why or "")
    end
  else
    result(ok, name or ("at " .. place()), not ok and { place() .. (why and ": " .. why or "") } or nil)
  end
  return ok
end

-- ---- values --------------------------------------------------------------------------------------

local function by_type_and_text(a, b)
  local ta, tb = type(a), type(b)
  if ta ~= tb then return ta < tb end
  if ta == "number" or ta == "string" then return a < b end
  return tostring(a) < tostring(b)
end

-- A value as text: strings quoted, tables opened to a depth of six.
local function show(v, depth, seen)
  depth, seen = depth or 0, seen or {}
  if type(v) == "string" then return string.format("%q", v) end
  if type(v) ~= "table" or depth > 6 or seen[v] then return tostring(v) end
  seen[v] = true
  local keys, parts = {}, {}
  for k in next, v do keys[#keys + 1] = k end
  table.sort(keys, by_type_and_text)
  for _, k in ipairs(keys) do
    local value = show(rawget(v, k), depth + 1, seen)
    parts[#parts + 1] = math.type(k) == "integer" and k == #parts + 1 and value
      or "[" .. show(k, depth + 1, seen) .. "] = " .. value
  end
  seen[v] = nil
  return "{" .. (#parts > 0 and " " .. table.concat(parts, ", ") .. " " or "") .. "}"
end
tap.show = show

-- Equal in type and value; 1 and 1.0 differ here, as they do in the API.
local function same(a, b)
  if math.type(a) ~= math.type(b) then return false end
  return rawequal(a, b) or a == b or (a ~= a and b ~= b)
end

-- The path to the first difference of two values, nil when there is none.
local function differs(got, want, path, seen)
  if type(got) ~= "table" or type(want) ~= "table" then
    if same(got, want) then return nil end
    return path .. ": got " .. show(got) .. ", expected " .. show(want)
  end
  if seen[got] == want then return nil end
  seen[got] = want
  for k in next, want do
    local found = differs(rawget(got, k), rawget(want, k), path .. "[" .. show(k) .. "]", seen)
    if found then return found end
  end
  for k in next, got do
    if rawget(want, k) == nil then return path .. "[" .. show(k) .. "]: not expected: " .. show(got[k]) end
  end
end

-- ---- assertions ----------------------------------------------------------------------------------

function tap.ok(value, name)
  return judge(value and true or false, name, not value and "got " .. show(value) or nil)
end

function tap.is(got, want, name)
  local ok = same(got, want)
  return judge(ok, name, not ok and "got      " .. show(got) .. "\n  expected " .. show(want) or nil)
end

function tap.isnt(got, other, name)
  local ok = not same(got, other)
  return judge(ok, name, not ok and "got " .. show(got) or nil)
end

function tap.is_deep(got, want, name)
  local why = differs(got, want, "value", {})
  return judge(not why, name, why)
end

-- The text holds the Lua pattern.
function tap.like(text, pattern, name)
  local ok = type(text) == "string" and text:find(pattern) ~= nil
  return judge(ok, name, not ok and show(text) .. "\n  does not match " .. show(pattern) or nil)
end

function tap.fail(name) return judge(false, name) end
function tap.pass(name) return judge(true, name) end

local function field(value, key)
  local ok, found = pcall(function() return value[key] end)
  return ok and found or nil
end

-- What of the error is not as wanted: a pattern for its text, or a table with the fields wanted, of
-- which `message` is a pattern.
local function error_mismatch(err, want)
  if want == nil then return nil end
  if type(want) == "string" then
    return not tostring(err):find(want) and tostring(err) .. "\n  does not match " .. show(want) or nil
  end
  for key, value in pairs(want) do
    local got = field(err, key)
    if got == nil and key == "message" then got = tostring(err) end
    local ok = key == "message" and tostring(got):find(value) or same(got, value)
    if not ok then return key .. ": got " .. show(got) .. ", expected " .. show(value) end
  end
end

-- fn raises, and the error is as wanted. Returns the error.
function tap.raises(fn, want, name)
  local ok, err = pcall(fn)
  if ok then
    judge(false, name or "raises", "no error was raised")
    return nil
  end
  local why = error_mismatch(err, want)
  judge(not why, name or "raises", why)
  return err
end

-- A value that should be an error (given to a callback, say) is as wanted.
function tap.is_error(err, want, name)
  local why = err == nil and "no error was given" or error_mismatch(err, want)
  return judge(not why, name or "is an error", why)
end

-- Wraps fn so that it has to be called exactly n times (default 1) until the program ends.
function tap.expect(fn, n, name)
  local e = { wanted = n or 1, got = 0, place = place(), name = name }
  expected[#expected + 1] = e
  return function(...)
    e.got = e.got + 1
    if fn then return fn(...) end
  end
end

-- Wraps fn so that a call is a failure.
function tap.never(name) return tap.expect(nil, 0, name) end

-- ---- running -------------------------------------------------------------------------------------

local run_next

local function traceback(err)
  if type(err) == "string" then return debug.traceback(err, 2) end
  return err
end

local function conclude(t, err)
  if t.over then
    t.again = true
    return
  end
  t.over = true
  if err then t.notes[#t.notes + 1] = tostring(field(err, "stack") or err) end
  result(#t.notes == 0, t.name, t.notes)
  if current == t then current = nil end
end

-- The next test starts from the loop, not from inside the callback that ended this one.
local function later(fn)
  if setImmediate then return setImmediate(fn) end
  return setTimeout(fn, 0)
end

local function go_on()
  if #queue > 0 then later(run_next) end
end

local function is_promise(value)
  local kind = type(value)
  return (kind == "table" or kind == "userdata") and field(value, "andThen") ~= nil
end

local function wait_for(t, promise)
  promise:andThen(function()
    conclude(t)
    go_on()
  end, function(err)
    conclude(t, err or "rejected")
    go_on()
  end)
end

function run_next()
  if current or #queue == 0 then return end
  local t = table.remove(queue, 1)
  current = t
  if debug.getinfo(t.fn, "u").nparams > 0 then
    local function done(err)
      conclude(t, err)
      go_on()
    end
    local ok, err = xpcall(t.fn, traceback, done)
    if not ok then done(err) end
    return
  end
  local ok, value = xpcall(t.fn, traceback)
  if ok and is_promise(value) then return wait_for(t, value) end
  conclude(t, not ok and (value or "error") or nil)
  go_on()
end

-- A test without `done` and without anything before it that is still running starts at once.
function tap.test(name, fn)
  queue[#queue + 1] = { name = name, fn = fn, notes = {} }
  if not current and #queue == 1 then run_next() end
end

function tap.skip(name, why)
  count = count + 1
  io.write("ok ", count, " - ", name, " # SKIP ", why or "", "\n")
end

-- The whole file is skipped: nothing may have been tested yet.
function tap.skip_all(why)
  finished = true
  io.write("1..0 # SKIP ", why, "\n")
  process.exit(0)
end

function tap.comment(text) comment(text) end
function tap.allow(...)
  for _, what in ipairs { ... } do allowed[what] = true end
end

-- ---- what a variant changes ----------------------------------------------------------------------

-- Loop sizes shrink where each step is dear (sanitizers, a collection at each allocation).
function tap.scale(n)
  local percent = tonumber(os.getenv "MOONFORK_TEST_SCALE" or "") or 100
  return math.max(1, n * percent // 100 | 0)
end

tap.variant = os.getenv "MOONFORK_VARIANT" or "release"

-- Real paths for tests that start the program again or read a file of the project.
tap.program = os.getenv "MOONFORK" or "./moonfork"
tap.top = os.getenv "MOONFORK_TOP" or "."
tap.tmp = os.getenv "TMPDIR" or "/tmp"

-- ---- what must not be left -----------------------------------------------------------------------

local function read_all(path)
  local file = io.open(path)
  if not file then return nil end
  local text = file:read "a"
  file:close()
  return text
end

-- The open descriptors, by number, without those that only an event loop makes: epoll, eventfd, and
-- the one on /dev/null that libuv keeps in reserve from the first stream on.
-- /proc/self/fdinfo/N cannot be opened for the number that the open itself is about to take.
local function descriptors()
  local open = {}
  local reserve = false
  for fd = 0, 255 do
    local info = read_all("/proc/self/fdinfo/" .. fd)
    if info and not info:find "\ntfd:" and not info:find "eventfd%-count" then
      if fd > 2 and not reserve and info:find "flags:\t02100000\n" then reserve = true
      else open[fd] = info end
    end
  end
  return open
end

local function working_folder()
  return process and process.cwd and process.cwd() or nil
end

local function resources()
  local found = {}
  if process and process.getActiveResourcesInfo then
    for _, name in ipairs(process.getActiveResourcesInfo()) do found[name] = (found[name] or 0) + 1 end
  end
  return found
end

local function zombies()
  local found = {}
  local status = read_all "/proc/self/status"
  local pid = status and status:match "\nPid:%s*(%d+)"
  local children = pid and read_all("/proc/self/task/" .. pid .. "/children") or ""
  for child in children:gmatch "%d+" do
    local stat = read_all("/proc/" .. child .. "/stat")
    if stat and stat:match "^%d+ %(.*%) Z" then found[#found + 1] = child end
  end
  return found
end

local function check_unfinished()
  if current then
    local t = current
    current = nil
    t.notes[#t.notes + 1] = "the program ended before the test did"
    conclude(t)
  end
  for _, t in ipairs(queue) do result(false, t.name, { "was never started" }) end
end

local function check_expected()
  for _, e in ipairs(expected) do
    if e.got ~= e.wanted then
      result(false, (e.name or "callback") .. " expected " .. e.wanted .. " times, called " .. e.got,
        { "wrapped at " .. e.place })
    end
  end
end

local function check_left()
  if not allowed.cwd and working_folder() ~= started.cwd then
    result(false, "the working folder was moved to " .. tostring(working_folder()))
  end
  if not allowed.fds then
    for fd, info in pairs(descriptors()) do
      if not started.fds[fd] then result(false, "descriptor " .. fd .. " is still open", { info }) end
    end
  end
  if not allowed.handles then
    for name, n in pairs(resources()) do
      if n > (started.handles[name] or 0) then
        result(false, name .. " still keeps the loop alive (" .. n .. ")")
      end
    end
  end
  if not allowed.zombies then
    for _, pid in ipairs(zombies()) do result(false, "child " .. pid .. " is a zombie") end
  end
end

local function at_exit()
  if finished then return end
  finished = true
  check_unfinished()
  check_expected()
  check_left()
  io.write("1..", count, "\n")
  if failures > 0 then
    comment(failures .. " of " .. count .. " failed")
    if not process.exitCode or process.exitCode == 0 then process.exitCode = 1 end
  end
end

-- ---- start ---------------------------------------------------------------------------------------

-- A test that hangs says so itself, a little before the harness ends it from outside.
local ceiling

function tap.ceiling(ms)
  if ceiling then clearTimeout(ceiling) end
  ceiling = setTimeout(function()
    result(false, "not ended within " .. ms .. " ms")
    process.exit(1)
  end, ms)
  ceiling:unref()
end

started.cwd = working_folder()
started.fds = descriptors()
started.handles = resources()
process:on("exit", at_exit)
tap.ceiling(math.max(5, (tonumber(os.getenv "MOONFORK_TEST_TIMEOUT" or "") or 60) - 10) * 1000)

return tap
