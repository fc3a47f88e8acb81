-- Loads the student's file and tells the guide's check what it did.
local splitLines = require "../../../student" "function"

-- Two, three and four bytes a character; 40 bytes in all.
local text = "né 技术栈\nsecond line\n\n😀 last: ü"
local whole = Buffer.from(text)
local wanted = JSON.stringify { "né 技术栈", "second line", "", "😀 last: ü" }

local function shown(chunks)
  local ok, lines = pcall(splitLines, chunks)
  return ok and JSON.stringify(lines) or "error: " .. tostring(lines.message or lines)
end

-- Every way to cut it in two, in three, and into single bytes.
local wrong, first, ways = 0, nil, 0
local function try(what, chunks)
  ways = ways + 1
  if shown(chunks) == wanted then return end
  wrong = wrong + 1
  first = first or what .. ": " .. shown(chunks)
end
for i = 1, #whole - 1 do
  try("cut at " .. i, { whole:subarray(0, i), whole:subarray(i) })
  for j = i + 1, #whole - 1 do
    try("cut at " .. i .. " and " .. j, { whole:subarray(0, i), whole:subarray(i, j), whole:subarray(j) })
  end
end
local bytes = {}
for i = 0, #whole - 1 do bytes[#bytes + 1] = whole:subarray(i, i + 1) end
try("single bytes", bytes)

process.send { whole = shown { whole } == wanted, got = shown { whole } }
process.send { ways = ways, wrong = wrong, first = first or "" }
process.send { newline = shown { Buffer.from "a\nb\n" }, last = shown { Buffer.from "a\nb" },
               none = shown {}, nothing = shown { Buffer.alloc(0), Buffer.from "a\n", Buffer.alloc(0) } }
