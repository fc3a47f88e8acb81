-- No character is lost, but a last line without a newline is.
return function(chunks)
  local lines = {}
  for l in Buffer.concat(chunks):toString():gmatch "([^\n]*)\n" do lines[#lines + 1] = l end
  return lines
end
