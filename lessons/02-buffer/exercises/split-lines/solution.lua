-- splitLines(chunks): chunks is a list of Buffers, UTF-8 cut anywhere; the
-- lines as a list of strings, without their newlines. A last line without a
-- newline counts, too; an empty piece changes nothing.
local StringDecoder = require "string_decoder".StringDecoder

local function splitLines(chunks)
  local decoder, lines, rest = StringDecoder "utf8", {}, ""
  local function take(text)
    rest = rest .. text
    while true do
      local at = rest:find("\n", 1, true)
      if not at then return end
      lines[#lines + 1] = rest:sub(1, at - 1)
      rest = rest:sub(at + 1)
    end
  end
  for _, chunk in ipairs(chunks) do take(decoder:write(chunk)) end
  take(decoder:finish())
  if rest ~= "" then lines[#lines + 1] = rest end
  return lines
end

return splitLines
