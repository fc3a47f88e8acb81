-- Communication 2: sockets, TCP and local
-- sample: S097
-- watch: the same few lines speak over a TCP port and over a socket file. The two processes need not
--   know each other; over TCP they need not even be on one machine.
-- try: let the question be 20+2: the server prints it, and answers all the same.
local child_process = require "child_process"
local fs = require "fs"
local net = require "net"
local os = require "os"
local path = require "path"
local once = require "events".once

if process.argv[3] == "client" then
  local where = process.argv[4]
  local port = tonumber(where)
  local socket = port and net.connect(port, "127.0.0.1") or net.connect(where)
  socket:setEncoding "utf8"
  socket:on("connect", function() socket:write '{"ask":"21*2"}\n' end)
  socket:on("data", function(text)
    print("client received " .. JSON.parse(text).answer)
    socket:finish()
  end)
  return
end

local function serve(name, ...)
  local server = net.createServer(function(socket)
    socket:setEncoding "utf8"
    socket:on("data", function(text)
      print(name .. ": server received " .. JSON.parse(text).ask)
      socket:write '{"answer":42}\n'
    end)
  end)
  await(once(server:listen(...), "listening"))
  local at = server:address()
  local client = child_process.spawn(process.execPath,
    { __filename, "client", type(at) == "string" and at or tostring(at.port) },
    { stdio = "inherit" })
  print(("%s: client exit code %d"):format(name, await(once(client, "exit"))[1]))
  server:close()
  await(once(server, "close"))
end

serve("tcp", 0, "127.0.0.1")

local dir = fs.mkdtempSync(path.join(os.tmpdir(), "s097-"))
local file = path.join(dir, "x.sock")
serve("local socket", file)
print("socket file removed: " .. tostring(not fs.existsSync(file)))
fs.rmSync(dir, { recursive = true })
