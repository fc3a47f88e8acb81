-- What a loop records: kinds of turns, signals, errors, work in the pool, memory, buffers, output.
local tap = require "../lib/tap"
local traced = require "./lib/traced"

-- A turn that took long on a busy machine hides what kind it was.
local function seen(ring, kind)
  local long = #traced.events(ring, "loop.turn") + #traced.events(ring, "loop.block") > 0
  return ring.strip:find(string.char(kind), 1, true) ~= nil or long and ring.strip:find "[\3\4]" ~= nil
end

tap.test("timers and events leave their marks in the strip", function()
  -- a slot of 50 ms keeps its busiest turn alone, and on a busy machine any turn may be a long one: several tries
  local ring = traced.ring(traced.run [[
    local fs, tries = require "fs", 8
    local timer
    timer = setInterval(function()
      tries = tries - 1
      if tries == 0 then clearInterval(timer) end
      if tries % 2 == 0 then setTimeout(fs.stat, 60, __filename, function() end) end
    end, 110)]], "main.lua")
  tap.ok(seen(ring, 1), "t")
  tap.ok(seen(ring, 2), "i")
  tap.is(traced.texts(traced.events(ring, "proc.ready")), "loop")
end)

tap.test("signals that are listened to, and errors that nobody caught", function()
  local dir, _, err = traced.run([[
    process:once("SIGUSR2", function()
      process:once("uncaughtException", function()
        setTimeout(function() error { code = 5 } end, 1)
      end)
      error "first"
    end)
    process:kill(process.pid, "SIGUSR2")
    setTimeout(function() end, 5000)]], { stderr = true })
  local ring = traced.ring(dir, "main.lua")
  local signal = traced.events(ring, "sig.recv")[1]
  tap.is(signal.n[1] .. " " .. signal.text, "12 SIGUSR2")
  local errors = traced.events(ring, "err.uncaught")
  tap.is(#errors, 2)
  tap.ok(errors[1].text:find "first$", errors[1].text)
  tap.ok(#err > 0, "the second one has ended it")
  tap.is(traced.events(ring, "proc.exit")[1].n[1], 1)
end)

tap.test("work in the pool: each job is queued, begins and is done", function()
  local dir = traced.run [[
    local fs, crypto, dns = require "fs", require "crypto", require "dns"
    for i = 1, 6 do fs.readFile(__filename, function() end) end
    crypto.pbkdf2("secret", "salt", 20000, 32, "sha256", function() end)
    dns.lookup("localhost", function() end)]]
  local ring = traced.ring(dir, "main.lua")
  local kinds = { queue = {}, start = {}, done = {} }
  for step, list in pairs(kinds) do
    for _, record in ipairs(traced.events(ring, "pool." .. step)) do list[record.n[1]] = record end
  end
  local count = {}
  for job, queued in pairs(kinds.queue) do
    local start, done = kinds.start[job], kinds.done[job]
    count[queued.text] = (count[queued.text] or 0) + 1
    if tap.ok(start and done, "job " .. job) then
      tap.ok(queued.t <= start.t and start.t <= done.t, "in order")
      tap.is(done.t - start.t, done.n[2], "the time it took")
      tap.ok(start.n[2] >= 0, "the time it waited")
    end
  end
  tap.is(count.fs .. " " .. count.crypto .. " " .. count.dns, "6 1 1")
  tap.is(ring.pool_size, 4)
  tap.is(ring.pool_queued .. " " .. ring.pool_running, "0 0")
end)

tap.test("a busy pool is seen live", function()
  local dir, out = traced.run([[
    local crypto, fs = require "crypto", require "fs"
    local rings = process.env.MOONFORK_TRACE_DIR
    for i = 1, 5 do crypto.pbkdf2("secret", "salt", 300000, 32, "sha256", function() end) end
    local function look()
      for _, name in ipairs(fs.readdirSync(rings)) do
        local page = name:find "%.ring$" and io.open(rings .. "/" .. name, "rb"):read(4096) or ("\0"):rep(4096)
        local size, queued, running = string.unpack("=I4I4I4", page, 641)
        local kind = page:sub(665, 680):gsub("%z.*", "") -- told a moment after the number
        if running == 2 and kind ~= "" then print(size, queued, kind) return true end
      end
    end
    local began = os.time()
    repeat until look() or os.time() - began > 20]], { env = { UV_THREADPOOL_SIZE = "2" } })
  tap.is(out, "2\t3\tcrypto\n")
  tap.is(traced.ring(dir, "main.lua").pool_running, 0)
end)

tap.test("memory and large blocks", function()
  local dir = traced.run [[
    local kept = { Buffer.alloc(100000), Buffer.alloc(100), Buffer.allocUnsafe(100) }
    setTimeout(function() kept[4] = 1 end, 260)]]
  local ring = traced.ring(dir, "main.lua")
  local memories = traced.events(ring, "mem")
  local memory = memories[#memories]
  tap.ok(memory.n[1] > 10000 and memory.n[3] > memory.n[1], "heap and resident memory")
  tap.ok(memory.n[2] >= 108192, "buffers")
  tap.is(ring.heap .. " " .. ring.buffers, memory.n[1] .. " " .. memory.n[2])
  local blocks = {}
  for _, record in ipairs(traced.events(ring, "buf.alloc")) do
    blocks[#blocks + 1] = record.n[1] .. (record.n[2] == 1 and " pool" or "")
  end
  tap.is(table.concat(blocks, ", "), "100000, 8192 pool")
end)

tap.test("what is printed, one record a write", function()
  local dir, out = traced.run([[
    print "one"
    setTimeout(function() io.stderr:write "two" end, 1)
    setTimeout(function() process.stdout:write "three\n" end, 5)]], { stderr = true })
  tap.is(out, "one\nthree\n")
  local written = traced.events(traced.ring(dir, "main.lua"), "stdio")
  tap.is(traced.texts(written), "one  two three ")
  tap.is(written[1].n[1] .. written[2].n[1] .. written[3].n[1], "121")
  tap.is(written[1].n[2] .. " " .. written[1].n[3] .. " " .. written[1].n[4], "4 0 0")
end)

tap.test("a child's pipes, at the parent's end", function()
  local dir, out = traced.run [[
    local c = require("child_process").spawn("cat", {}, { stdio = { "pipe", "pipe", "inherit" } })
    print(c.pid)
    c.stdout:on("data", function() c.stdin:finish() end)
    c.stdin:write "hello"]]
  local records = {}
  for _, record in ipairs(traced.events(traced.ring(dir, "main.lua"), "stdio")) do
    if record.n[4] ~= 0 then records[#records + 1] = record end
  end
  local pid = tonumber(out)
  tap.is(#records, 2)
  tap.is(table.concat(records[1].n, " "), "0 5 0 " .. pid)
  tap.is(table.concat(records[2].n, " "), "1 5 0 " .. pid)
  tap.is(records[2].text, "hello")
end)

tap.test("what a child reads of its standard input", function()
  local dir = traced.run [[
    if process.argv[3] then
      process.stdin:resume()
    else
      require("child_process").spawn(process.execPath, { __filename, "read" },
        { stdio = { "pipe", "inherit", "inherit" } }).stdin:finish "words"
    end]]
  local read = traced.events(traced.all(dir)[2], "stdio")[1]
  tap.is(table.concat(read.n, " ") .. " " .. read.text, "0 5 0 0 words")
end)

tap.test("a pipe that is full is marked, at both ends", function()
  local dir = traced.run [[
    if process.argv[3] then
      print(("y"):rep(1 << 20))
    else
      local fs = require "fs"
      local c = require("child_process").spawn(process.execPath, { __filename, "write" })
      c.stdin:write(("x"):rep(1 << 20))
      c.stdin:on("error", function() end)
      c.stdout:pause()
      local function asleep()
        local state = fs.readFileSync("/proc/" .. c.pid .. "/stat", "utf8"):match "%) (%a)"
        if state == "S" then c.stdout:resume() else setTimeout(asleep, 2) end
      end
      setTimeout(asleep, 20)
    end]]
  local rings = traced.all(dir)
  local sent
  for _, record in ipairs(traced.events(rings[1], "stdio")) do
    if record.n[1] == 0 then sent = record end
  end
  tap.is(sent.n[2] .. " " .. sent.n[3], "1048576 1")
  local printed = traced.events(rings[2], "stdio")[1]
  tap.ok(printed.n[3] == 1, "the child's own write")
end)

tap.test("a thread's output is told by the thread", function()
  local dir, out = traced.run [[
    local threads = require "worker_threads"
    if threads.isMainThread then threads.Worker(__filename, { stdout = false }) else print "from the thread" end]]
  tap.is(out, "from the thread\n")
  local count = 0
  for _, ring in ipairs(traced.all(dir)) do
    for _, record in ipairs(traced.events(ring, "stdio")) do
      count = count + 1
      tap.is(ring.thread_id, 1)
    end
  end
  tap.is(count, 1)
end)
