-- An orphan: the parent ends, the child stays and gets another parent
-- sample: S086
-- watch: the master starts a worker, hands it its listening socket, and ends. The worker goes on
--   answering; it is the same process under another parent.
-- try: let the master end with code 3: the worker does not mind.
local child_process = require "child_process"
local http = require "http"
local once = require "events".once

local function get(port, path)
  return await(Promise(function(resolve)
    http.get({ host = "127.0.0.1", port = port, path = path, agent = false }, function(res)
      local body = ""
      res:on("data", function(d) body = body .. d end)
      res:on("end", function() resolve(body) end)
    end):on("error", function(e) resolve(e.code) end)
  end))
end

local master = child_process.spawn(process.execPath, { __dirname .. "/master.lua" },
  { stdio = { "ignore", "pipe", "inherit" } })
local out = ""
master.stdout:on("data", function(d) out = out .. d end)
print("master has ended with code " .. await(once(master, "exit"))[1])
while not out:find "port %d+\n" do await(once(master.stdout, "data")) end

io.write(out:match "^[^\n]*\n")
local worker_pid, master_pid = out:match "pid: (%d+) ppid: (%d+)"
local port = tonumber(out:match "port (%d+)")

local answer = get(port, "/")
print("the worker still answers: " .. answer)
local pid, ppid = answer:match "pid: (%d+), ppid: (%d+)"
print("it is the same process: " .. tostring(pid == worker_pid))
print("its parent has changed: " .. tostring(ppid ~= master_pid))
print(get(port, "/quit"))
