-- run(file, args, { timeout = ms, limit = bytes }): runs a program and
-- promises what became of it: { stdout, stderr, code, signal,
-- ended = "time" | "limit" | nil, error = its code | nil }.
-- After `timeout` ms, or with more than `limit` bytes on standard output, the
-- program is ended.
local child_process = require "child_process"

local function run(file, args, options)
  return Promise(function(resolve)
    local child = child_process.spawn(file, args)
    local stdout = ""
    child.stdout:on("data", function(piece)
      stdout = stdout .. tostring(piece)
    end)
    child:on("close", function(code, signal)
      resolve { stdout = stdout, stderr = "", code = code, signal = signal }
    end)
  end)
end

return run
