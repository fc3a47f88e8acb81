-- hashFiles(files): promises { { file, digest } or { file, error }, ... } in
-- the order of files; digest is the sha256 in hex, error the code of what
-- went wrong. Never more than four files are under way at once.
local crypto = require "crypto"
local fs = require "fs"

local hashFiles = async(function(files)
  local results = {}
  for i, file in ipairs(files) do
    -- One after the other, and the loop stands still.
    local bytes = fs.readFileSync(file)
    local digest = crypto.createHash("sha256"):update(bytes):digest "hex"
    results[i] = { file = file, digest = digest }
  end
  return results
end)

return hashFiles
