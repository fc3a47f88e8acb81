-- A server is sent before it listens: what arrives?
local child_process = require "child_process"
local net = require "net"

process:on("warning", function(w) print("warning: " .. w.message) end)
local function worker()
  process:on("message", function(_, server)
    process.send { got = server == nil and "nothing" or "a server" }
    if server then server:close() end
    process.disconnect()
  end)
end

local function try(what, server)
  local child = child_process.fork(worker)
  child:on("message", function(m) print(what .. ": the worker has got " .. m.got) end)
  child:send("server", server)
  return Promise(function(resolve) child:on("exit", resolve) end)
end

local early = net.createServer()
await(try("before listen", early))
local server = net.createServer()
await(require "events".once(server:listen(0, "127.0.0.1"), "listening"))
await(try("after listen", server))
server:close()
