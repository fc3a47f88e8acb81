-- splitLines(chunks): chunks is a list of Buffers, UTF-8 cut anywhere; the
-- lines as a list of strings, without their newlines. A last line without a
-- newline counts, too; an empty piece changes nothing.
local function splitLines(chunks)
  local text = ""
  for _, chunk in ipairs(chunks) do
    text = text .. chunk:toString() -- what if a character is cut?
  end
  local lines = {}
  for l in text:gmatch "([^\n]*)\n" do lines[#lines + 1] = l end
  return lines
end

return splitLines
