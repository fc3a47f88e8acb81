-- child_process: a pipe holds only so much, then the writer waits
-- sample: S125
-- watch: the writer of 1 MB stands still in the middle until somebody reads; with no pipe it never
--   waits.
-- try: let it write 10000 bytes only: they fit into the pipe, and the writer is done before anybody
--   reads.
local child_process = require "child_process"
local size = 1000000

local function writer(stdio)
  local command = ("head -c %d /dev/zero; echo done >&2"):format(size)
  return child_process.spawn("sh", { "-c", command }, { stdio = stdio })
end

local child = writer { "ignore", "pipe", "pipe" }
local finished = false
child.stdout:pause() -- we do not read
child.stderr:on("data", function() finished = true end)

setTimeout(function()
  print("after 300 ms without reading, the writer is done: " .. tostring(finished))
  local bytes = 0
  child.stdout:on("data", function(d) bytes = bytes + #d end)
  child.stdout:resume()
  child:on("close", function(code)
    print(("after reading: %d bytes, done %s, code %d"):format(bytes, finished, code))

    -- Not interested in the output at all: give it no pipe.
    local free = writer { "ignore", "ignore", "ignore" }
    free:on("exit", function(code2) print("without a pipe it never waits: code " .. code2) end)
  end)
end, 300)
