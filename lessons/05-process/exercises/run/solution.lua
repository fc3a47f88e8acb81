-- run(file, args, { timeout = ms, limit = bytes }): runs a program and
-- promises what became of it: { stdout, stderr, code, signal,
-- ended = "time" | "limit" | nil, error = its code | nil }.
-- After `timeout` ms, or with more than `limit` bytes on standard output, the
-- program is ended.
local child_process = require "child_process"

local function run(file, args, options)
  return Promise(function(resolve)
    local child = child_process.spawn(file, args)
    local result, length = { stdout = {}, stderr = {} }, 0

    local function finish(why)
      result.ended = result.ended or why
      child:kill "SIGKILL"
    end
    local timeout, limit = options.timeout, options.limit
    local clock = timeout and setTimeout(finish, timeout, "time")

    child.stdout:on("data", function(piece)
      length = length + #piece
      if limit and length > limit then return finish "limit" end
      table.insert(result.stdout, piece)
    end)
    child.stderr:on("data", function(piece)
      table.insert(result.stderr, piece)
    end)
    child:on("error", function(e) result.error = e.code end)
    child:on("close", function(code, signal)
      if clock then clearTimeout(clock) end
      result.stdout = Buffer.concat(result.stdout):toString()
      result.stderr = Buffer.concat(result.stderr):toString()
      if not result.error then result.code, result.signal = code, signal end
      resolve(result)
    end)
  end)
end

return run
