-- process: stdin, stdout, stderr
-- sample: S054
-- watch: a child reads and writes three streams, and its parent stands at the other ends. "tw" and "o"
--   are written one after the other: a stream has no borders, the newline makes the line.
-- try: end the last line with no newline: it is never counted.
local child_process = require "child_process"

if process.argv[3] == "child" then
  local count, rest = 0, ""
  process.stdin:setEncoding "utf8"
  process.stdin:on("data", function(chunk)
    rest = (rest .. chunk):gsub("([^\n]*)\n", function(line)
      count = count + 1
      process.stdout:write(line:upper() .. "\n")
      return ""
    end)
  end)
  process.stdin:on("end", function() process.stderr:write("read " .. count .. " lines\n") end)
  return
end

local child = child_process.spawn(process.execPath, { __filename, "child" })
local out, err = "", ""
child.stdout:on("data", function(d) out = out .. d end)
child.stderr:on("data", function(d) err = err .. d end)
child:on("close", function(code)
  print("stdout: " .. out:gsub("\n$", ""):gsub("\n", " | "))
  io.write("stderr: " .. err)
  print("code " .. code)
end)
child.stdin:write "one\ntw"
child.stdin:write "o\n"
child.stdin:finish "three\n"
