-- Loads the student's file and tells the guide's check what it did.
local student = require "../../../student" "table"
local signedMessage, openMessage = student.signedMessage, student.openMessage

local function open(key, line)
  local ok, text = pcall(openMessage, key, line)
  return ok and text or nil
end

local texts = { "hello", "", "two\nlines\n", "技术栈", "ends with a blank ", ("x"):rep(5000) }
local round, lines = 0, 0
for _, text in ipairs(texts) do
  local line = signedMessage("key", text)
  if not line:find("\n", 1, true) then lines = lines + 1 end
  if open("key", line) == text then round = round + 1 end
end

-- Each character of a line is changed, one after the other; what still opens is a forgery.
local line, forged, place = signedMessage("key", "pay 10 to Bob"), 0, nil
for i = 1, #line do
  local c = line:sub(i, i) == "A" and "B" or "A"
  if open("key", line:sub(1, i - 1) .. c .. line:sub(i + 1)) then
    forged = forged + 1
    place = place or i
  end
end
local cut = open("key", line:sub(1, -2)) and 1 or 0

-- A stranger who knows the method, and another key, but not ours.
local stranger = open("key", signedMessage("another key", "pay 99 to Eve")) and 1 or 0

process.send { texts = #texts, round = round, lines = lines }
process.send { forged = forged, place = place or 0, cut = cut, stranger = stranger }
process.send { same = signedMessage("key", "a") == signedMessage("other", "a") }
