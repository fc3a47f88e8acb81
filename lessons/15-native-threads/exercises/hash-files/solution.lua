-- hashFiles(files): promises { { file, digest } or { file, error }, ... } in
-- the order of files; digest is the sha256 in hex, error the code of what
-- went wrong. Never more than four files are under way at once.
local crypto = require "crypto"
local fs = require "fs"
local AT_ONCE = 4

local function hash(file)
  return Promise(function(resolve)
    local sum, failure = crypto.createHash "sha256", nil
    local stream = fs.createReadStream(file)
    stream:on("data", function(piece) sum:update(piece) end)
    stream:on("error", function(e) failure = e.code end)
    stream:on("close", function() -- only now is the descriptor free
      local digest = not failure and sum:digest "hex" or nil
      resolve { file = file, error = failure, digest = digest }
    end)
  end)
end

-- Four workers of the same kind take files until there are none left; all on
-- this one thread.
local hashFiles = async(function(files)
  local results, next_one = {}, 0
  local take = async(function()
    while next_one < #files do
      next_one = next_one + 1
      local mine = next_one
      results[mine] = await(hash(files[mine]))
    end
  end)
  local workers = {}
  for i = 1, AT_ONCE do workers[i] = take() end
  await(Promise.all(workers))
  return results
end)

return hashFiles
