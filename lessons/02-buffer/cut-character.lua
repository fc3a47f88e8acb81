-- Cutting inside a character, and the cure
-- sample: S038
-- watch: nine bytes hold one third of 技: what is left of it prints as a replacement character. A decoder
--   keeps the incomplete bytes for the next piece.
-- try: cut pieces of 7 bytes instead of 4: now no character is cut, by luck, and both texts are whole.
local StringDecoder = require "string_decoder".StringDecoder
local step = 4
local buf = Buffer.from("Node.js 技术栈", "UTF-8")

print("bytes: " .. #buf)
print("技 is " .. buf:toString("hex", 8, 11))
print(buf:toString("UTF-8", 0, 9))
print(buf:toString("UTF-8", 0, 11))
local _, replaced = buf:toString("UTF-8", 0, 9):gsub("\u{fffd}", "")
print("replacement characters in the cut text: " .. replaced)

-- A stream cuts anywhere.
local decoder = StringDecoder "utf8"
local text, naive = "", ""
for i = 0, #buf - 1, step do
  local piece = buf:subarray(i, i + step)
  text = text .. decoder:write(piece)
  naive = naive .. piece:toString()
end
text = text .. decoder:finish()
print("piece by piece with a decoder: " .. text)
print("piece by piece without: damaged " .. tostring(naive ~= text))
