-- A logger that writes to files
-- sample: S072
-- watch: a daemon has no terminal: its console writes to two files, and error goes to the second one.
-- try: let the ticks go on to 5: two lines more in the first file, none in the second.
local fs = require "fs"
local os = require "os"
local path = require "path"
local Console = require "console".Console

local dir = fs.mkdtempSync(path.join(os.tmpdir(), "s072-"))
local out = fs.createWriteStream(path.join(dir, "stdout.log"))
local err = fs.createWriteStream(path.join(dir, "stderr.log"))
local logger = Console(out, err)
local last = 3

local function show_files()
  for _, name in ipairs { "stdout.log", "stderr.log" } do
    print(name .. ":")
    io.write(fs.readFileSync(path.join(dir, name), "utf8"))
  end
  fs.rmSync(dir, { recursive = true })
end

local n = 0
local timer
timer = setInterval(function()
  n = n + 1
  logger:log("agent pid:", process.pid, ", tick", n)
  if n == 2 then logger:error("something odd at tick", n) end
  if n < last then return end
  clearInterval(timer)
  out:finish(function() err:finish(show_files) end)
end, 10)
