-- Loads the student's file and tells the guide's check what it did.
local cluster = require "cluster"
local http = require "http"
local once = require "events".once
local reload = require "../../../student" "function"

cluster.setupPrimary { exec = __dirname .. "/worker.lua" }
local first = { cluster.fork { VERSION = "good 1" }, cluster.fork { VERSION = "good 1" } }
local port = await(Promise.all { once(first[1], "listening"), once(first[2], "listening") })[1][1].port

-- Three clients ask all the time.
local asked, failed, stop = 0, 0, false
local function ask()
  return Promise(function(resolve)
    setTimeout(resolve, 2000, nil):unref() -- a connection may have gone with its worker
    http.get({ host = "127.0.0.1", port = port, agent = false }, function(res)
      local body = ""
      res:on("data", function(d) body = body .. tostring(d) end)
      res:on("end", function() resolve(body) end)
      res:on("error", function() resolve(nil) end)
    end):on("error", function() resolve(nil) end)
  end)
end
local client = async(function()
  while not stop do
    local body = await(ask())
    asked = asked + 1
    if not body then failed = failed + 1 end
  end
end)

-- Who serves: the ids and versions of the workers that are connected.
local function ids()
  local list = {}
  for id, worker in pairs(cluster.workers) do
    if worker:isConnected() then list[#list + 1] = id end
  end
  table.sort(list)
  return table.concat(list, " ")
end

local function try(name, version, limit)
  asked, failed, stop = 0, 0, false
  local clients = { client(), client(), client() }
  local before = ids()
  local ok, result = pcall(function() return await(reload(cluster, { VERSION = version }, limit)) end)
  stop = true
  await(Promise.all(clients))
  process.send {
    [name] = { asked = asked, failed = failed, same = ids() == before, result = ok and tostring(result) or "an error",
               workers = select(2, ids():gsub("%d+", "")), answer = await(ask()) or "nothing" },
  }
end

try("good", "good 2", 8000)
try("bad", "bad", 8000)
try("silent", "silent", 500)
for _, worker in pairs(cluster.workers) do worker.process:kill "SIGKILL" end
