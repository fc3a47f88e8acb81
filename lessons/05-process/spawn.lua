-- child_process: spawn gives the output as a stream, piece by piece
-- sample: S003
-- watch: a large output comes in many pieces while the child still runs; close tells that it has ended
--   and that all of it has been read.
-- try: let seq count to 6 only: one piece is enough.
local child_process = require "child_process"
local fs = require "fs"
local os = require "os"
local path = require "path"

local dir = fs.mkdtempSync(path.join(os.tmpdir(), "s003-"))
fs.writeFileSync(path.join(dir, "one.txt"), "1")
fs.writeFileSync(path.join(dir, "two.txt"), "2")

local function missing_file()
  local bad = child_process.spawn("ls", { path.join(dir, "no-such-file") })
  local err = ""
  bad.stderr:on("data", function(data) err = err .. data end)
  bad:on("close", function(code)
    print(("missing file: code is not 0 %s, something on stderr %s"):format(code ~= 0, #err > 0))
    fs.rmSync(dir, { recursive = true })
  end)
end

local function large_output()
  local seq = child_process.spawn("seq", { "1", "60000" })
  local pieces, bytes = 0, 0
  seq.stdout:on("data", function(data)
    pieces = pieces + 1
    bytes = bytes + #data
  end)
  seq:on("close", function(code)
    print(("large output: %d bytes, more than one chunk %s, code %d"):format(bytes, pieces > 1, code))
    missing_file()
  end)
end

local ls = child_process.spawn("ls", { "-1", dir })
ls.stdout:on("data", function(data) print("stdout: " .. tostring(data):gsub("\n", " ")) end)
ls.stderr:on("data", function(data) print("stderr: " .. data) end)
ls:on("close", function(code)
  print("child closed with code " .. code)
  large_output()
end)
