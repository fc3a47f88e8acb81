-- Copy a file with pipe
-- sample: S044
-- watch: a whole file goes through without ever being in memory as a whole: pipe stops the reading while
--   the writing is behind.
-- try: read only from byte 20000 on, createReadStream(input, { start = 20000 }): fewer bytes arrive.
local fs = require "fs"
local os = require "os"
local path = require "path"

local dir = fs.mkdtempSync(path.join(os.tmpdir(), "s044-"))
local input = path.join(dir, "input.txt")
local output = path.join(dir, "output.txt")
fs.writeFileSync(input, ("第一行\nsecond line\n"):rep(10000))

local input_stream = fs.createReadStream(input)
local output_stream = fs.createWriteStream(output)

local is_buffer = true
input_stream:on("data", function(chunk) is_buffer = is_buffer and Buffer.isBuffer(chunk) end)
input_stream:pipe(output_stream)

output_stream:on("finish", function()
  print("the chunks are Buffers: " .. tostring(is_buffer))
  print("bytes written: " .. output_stream.bytesWritten)
  print("same content: " .. tostring(fs.readFileSync(input):equals(fs.readFileSync(output))))
  fs.rmSync(dir, { recursive = true })
end)
