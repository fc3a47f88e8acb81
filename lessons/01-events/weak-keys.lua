-- Weak tables forget objects, not file names
-- sample: S022
-- watch: a table with weak keys loses an entry when nothing else holds its key. A string is a value that
--   can be written again at any time, so its entry stays: no cure for a table that grows by file names.
-- try: set the string's entry to nil before the collection: an entry ends when you delete it.
local status = setmetatable({}, { __mode = "k" })

local function entries()
  local n = 0
  for _ in pairs(status) do n = n + 1 end
  return n
end

status["/a.txt"] = "ready"
print("string key: " .. status["/a.txt"])

local file = { name = "/a.txt" }
status[file] = "ready"
print("object key: " .. status[file])
print("an equal object is another key: " .. tostring(status[{ name = "/a.txt" }] ~= nil))
print("entries before the collection: " .. entries())

file = nil
collectgarbage()
print("entries after it, with nobody holding the object: " .. entries())
print("the string's entry is there: " .. tostring(status["/a.txt"] ~= nil))
