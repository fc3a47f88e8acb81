-- Keeps the rest of a line, but turns each piece into text by itself: a cut character is lost.
return function(chunks)
  local lines, rest = {}, ""
  for _, chunk in ipairs(chunks) do
    rest = rest .. chunk:toString()
    while rest:find("\n", 1, true) do
      local at = rest:find("\n", 1, true)
      lines[#lines + 1], rest = rest:sub(1, at - 1), rest:sub(at + 1)
    end
  end
  if rest ~= "" then lines[#lines + 1] = rest end
  return lines
end
