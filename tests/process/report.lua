-- process.report: the sections, where a report is written, and when it is by itself.
local tap = require "../lib/tap"
local fs = require "fs"
local child_process = require "child_process"

local report = process.report
local folder = fs.mkdtempSync(tap.tmp .. "/report-")

local function parse(name) return JSON.parse(fs.readFileSync(folder .. "/" .. name, "utf8")) end

tap.test("what it is set to at first", function()
  tap.is(report, process.report, "one object")
  tap.is(report.compact, false)
  tap.is(report.directory, "")
  tap.is(report.filename, "")
  tap.is(report.signal, "SIGUSR2")
  for _, name in ipairs { "reportOnFatalError", "reportOnSignal", "reportOnUncaughtException", "excludeNetwork" } do
    tap.is(report[name], false, name)
  end
end)

tap.test("the sections", function()
  local function here() return report.getReport() end
  local timer = setTimeout(function() end, 1e6)
  local got = here()
  clearTimeout(timer)
  for _, name in ipairs { "header", "javascriptStack", "javascriptHeap", "nativeStack", "resourceUsage",
    "uvthreadResourceUsage", "libuv", "workers", "environmentVariables", "userLimits", "sharedObjects" } do
    tap.is(type(got[name]), "table", name)
  end
  tap.is(got.header.processId, process.pid)
  tap.is(got.header.cwd, process.cwd())
  tap.is(got.header.trigger, "GetReport")
  tap.is(got.header.filename, null)
  tap.is(got.header.arch, process.arch)
  tap.is(got.header.componentVersions.lua, process.versions.lua)
  tap.is(got.header.commandLine[2], process.argv[2])
  tap.like(got.javascriptStack.stack[1], "report.lua", "the stack of the caller")
  tap.is(got.environmentVariables.MOONFORK_TEST_ID, process.env.MOONFORK_TEST_ID)
  tap.ok(got.resourceUsage.rss > 0)
  tap.ok(got.javascriptHeap.usedMemory > 0)
  local types = {}
  for _, handle in ipairs(got.libuv) do types[handle.type] = handle end
  tap.ok(types.timer and types.timer.is_active, "the timer is among the handles")
  tap.ok(got.userLimits.open_files.soft)
  report.excludeNetwork = true
  tap.is(here().header.networkInterfaces, nil)
  report.excludeNetwork = false
end)

tap.test("an error brings its own stack", function()
  local e = TypeError "wrong"
  e.code = "E_WRONG"
  local stack = report.getReport(e).javascriptStack
  tap.is(stack.message, "TypeError: wrong")
  tap.like(stack.stack[1], "report.lua")
  tap.is(stack.errorProperties.code, "E_WRONG")
end)

tap.test("a coroutine's stack, and what has resumed it", function()
  local function inner() return (report.getReport().javascriptStack) end
  local function outer() return (coroutine.wrap(function() return (inner()) end)()) end
  local stack = outer()
  tap.like(stack.stack[1], "^at inner %(.*report.lua")
  tap.like(stack.mainStack[1], "^at outer %(.*report.lua")
end)

tap.test("what is refused", function()
  for _, name in ipairs { "directory", "filename", "signal" } do
    tap.raises(function() report[name] = 5 end, 'The "' .. name .. '" argument must be of type string')
  end
  tap.raises(function() report.compact = 5 end, 'The "compact" argument must be of type boolean')
  tap.raises(function() report.reportOnSignal = 5 end, 'The "trigger" argument must be of type boolean')
  tap.raises(function() report.signal = "SIGFOO" end, "Unknown signal: SIGFOO")
  tap.raises(function() report.writeReport(5) end, 'The "file" argument must be of type string')
  tap.raises(function() report.writeReport("x", 5) end, 'The "err" argument must be')
  tap.raises(function() report.getReport(5) end, 'The "err" argument must be')
  tap.raises(function() report.getReport(null) end, 'The "err" argument must be')
end)

-- What a process of its own says and writes. code runs with `folder` as its first argument.
local function run(code)
  local child = child_process.spawnSync(process.execPath, { "-e", code, folder }, { encoding = "utf8" })
  tap.is(child.error, nil)
  return child
end

tap.test("files", function()
  local child = run [[
    local report = process.report
    report.directory = process.argv[2]
    print(report.writeReport("named.json"))
    report.compact = true
    print(report:writeReport("compact.json", Error "told"))
    print((report.writeReport(Error "e"):gsub("%d", "9")))
    report.filename = "set.json"
    print(report.writeReport())
    report.directory = ""
    print("[" .. report.writeReport("/no/such/folder/x") .. "]")
    report.writeReport "stdout"
  ]]
  tap.is(child.status, 0)
  local names, last = child.stdout:match "^(.-%]\n)(.*)$"
  tap.is((names:gsub("99+", "9")), "named.json\ncompact.json\nreport.9.9.9.9.9.json\nset.json\n[]\n")
  tap.is(JSON.parse(last).header.filename, "stdout")
  tap.like(child.stderr, "Writing moonfork report to file: [^\n]+/named%.json\nmoonfork report completed")
  tap.like(child.stderr, "Failed to open moonfork report file: /no/such/folder/x %(ENOENT%)")
  tap.is(parse("named.json").header.trigger, "API")
  tap.is(parse("compact.json").javascriptStack.message, "Error: told")
  local compact = fs.readFileSync(folder .. "/compact.json", "utf8")
  tap.is(select(2, compact:gsub("\n", "")), 1, "compact is one line")
end)

tap.test("a signal", function()
  local child = run [[
    local report = process.report
    report.directory, report.filename = process.argv[2], "signal.json"
    report.reportOnSignal = true
    report.signal = "SIGUSR1"
    process.kill(process.pid, "SIGUSR1")
    setImmediate(function() setImmediate(function()
      report.reportOnSignal = false
      process.kill(process.pid, "SIGUSR1")
    end) end)
    setTimeout(print, 60000, "late")
  ]]
  tap.is(child.signal, "SIGUSR1", "then the default action is back")
  local header = parse("signal.json").header
  tap.is(header.event, "SIGUSR1")
  tap.is(header.trigger, "Signal")
end)

tap.test("an error that nobody caught", function()
  local child = run [[
    local report = process.report
    report.directory, report.filename = process.argv[2], "uncaught.json"
    report.reportOnUncaughtException = true
    process.once("uncaughtException", function() end)
    setTimeout(function() error "handled" end, 1)
    setTimeout(function() error(RangeError "fatal") end, 2)
  ]]
  tap.is(child.status, 1)
  local got = parse "uncaught.json"
  tap.is(got.header.trigger, "Exception")
  tap.is(got.header.event, "fatal")
  tap.is(got.javascriptStack.message, "RangeError: fatal")
end)

tap.test("a handler that fails", function()
  local child = run [[
    local report = process.report
    report.directory, report.filename = process.argv[2], "fatal.json"
    report.reportOnFatalError = true
    process.on("uncaughtException", function() error(Error "in the handler") end)
    error "first"
  ]]
  tap.is(child.status, 7)
  local got = parse "fatal.json"
  tap.is(got.header.trigger, "FatalError")
  tap.is(got.header.event, "in the handler")
end)

process.on("exit", function() fs.rmSync(folder, { recursive = true, force = true }) end)
