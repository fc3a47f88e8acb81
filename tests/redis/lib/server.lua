-- A Redis of our own in a folder that goes with it; nil where none is installed.
local child_process = require "child_process"
local fs = require "fs"
local os = require "os"
local path = require "path"

return function()
  local found = child_process.spawnSync("redis-server", { "--version" })
  if found.error then return nil end
  local folder = fs.mkdtempSync(path.join(os.tmpdir(), "moonfork-redis-"))
  local socket = path.join(folder, "socket")
  local server = child_process.spawn("redis-server",
    { "--port", "0", "--unixsocket", socket, "--save", "", "--dir", folder }, { stdio = "ignore" })
  local ended = Promise(function(resolve) server:once("close", resolve) end)
  local self = { path = socket }
  function self.stop()
    server:kill()
    await(ended)
    fs.rmSync(folder, { recursive = true, force = true })
  end
  local limit = process.uptime() + 10
  while not fs.existsSync(socket) and process.uptime() < limit do
    await(require "timers/promises".setTimeout(10))
  end
  return self
end
