-- Four ways a thread can go
-- sample: S151
-- watch: online first, exit last. A thread that fails or leaves takes nobody with it.
-- try: take away the "error" listener: the thread's error is uncaught here, and the program ends with 1.
local Worker = require "worker_threads".Worker

local threads = {
  normal = function() require "worker_threads".parentPort:postMessage "done" end,
  failing = function() error(Error "thrown in the thread") end,
  leaving = function() process.exit(5) end, -- ends the thread, not the process
  ["with streams"] = function()
    local text = ""
    process.stdin:on("data", function(d) text = text .. d end)
    process.stdin:on("end", function() print("I read: " .. text) end)
  end
}

local function watch(what, worker, resolve)
  local seen = {}
  local function see(text) seen[#seen + 1] = text end
  worker:on("online", function() see "online" end)
  worker:on("message", function(v) see("message " .. v) end)
  worker:on("messageerror", function() see "messageerror" end)
  worker:on("error", function(e) see("error " .. e.message) end)
  worker:on("exit", function(code)
    see("exit " .. code)
    print(what .. ": " .. table.concat(seen, ", "))
    resolve()
  end)
end

local function feed(worker)
  local out = ""
  worker.stdout:on("data", function(d) out = out .. d end)
  worker.stdout:on("end", function() print(('streams: the thread printed "%s"'):format(out:match "^(.-)%s*$")) end)
  worker.stdin:finish "text for the thread"
end

local function run(what, options)
  await(Promise(function(resolve)
    local worker = Worker(threads[what], options)
    watch(what, worker, resolve)
    if options then feed(worker) end
  end))
end

run "normal"
run "failing"
run "leaving"
run("with streams", { stdin = true, stdout = true })
print "the main thread is still here"
