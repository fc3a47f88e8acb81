-- Takes every run of characters that are no newline: empty lines go missing.
return function(chunks)
  local lines = {}
  for l in Buffer.concat(chunks):toString():gmatch "[^\n]+" do lines[#lines + 1] = l end
  return lines
end
