-- Communication 1: JSON lines over stdin and stdout
-- sample: S096
-- watch: the text is cut in unlucky places, and the messages arrive whole: a pipe has no borders, the
--   newline at the end of each message makes them.
-- try: leave the newlines out: everything sticks together, and no message is ever complete.
local child_process = require "child_process"

local function each_message(stream, fn)
  local rest = ""
  stream:setEncoding "utf8"
  stream:on("data", function(chunk)
    rest = (rest .. chunk):gsub("([^\n]*)\n", function(line)
      fn(JSON.parse(line))
      return ""
    end)
  end)
end

if process.argv[3] == "child" then
  each_message(process.stdin, function(m)
    process.stdout:write(JSON.stringify { id = m.id, sum = m.a + m.b } .. "\n")
  end)
  return
end

local child = child_process.spawn(process.execPath, { __filename, "child" },
  { stdio = { "pipe", "pipe", "inherit" } })
each_message(child.stdout, function(m) print(("answer %d: %d"):format(m.id, m.sum)) end)
child:on("close", function(code)
  print(("child closed with %d, no channel needed: %s"):format(code, child.channel == nil))
end)

local text = ""
for _, m in ipairs { { id = 1, a = 2, b = 3 }, { id = 2, a = 10, b = 20 }, { id = 3, a = 100, b = 200 } } do
  text = text .. JSON.stringify(m) .. "\n"
end
child.stdin:write(text:sub(1, 10))
setTimeout(function()
  child.stdin:write(text:sub(11, 33))
  setTimeout(function() child.stdin:finish(text:sub(34)) end, 20)
end, 20)
