-- Promises, odd arguments, what a listener may do.
local tap = require "../lib/tap"
local readline = require "readline"
local stream = require "stream"

tap.raises(function() readline.createInterface() end, { code = "ERR_INVALID_ARG_TYPE" })
tap.raises(function() readline.createInterface {} end, { code = "ERR_INVALID_ARG_TYPE" })
tap.raises(function() readline.createInterface { input = stream.PassThrough(), output = 5 } end,
  { code = "ERR_INVALID_ARG_TYPE" })
tap.raises(function() readline.createInterface { input = stream.PassThrough(), terminal = true } end,
  { code = "ERR_INVALID_ARG_VALUE" })
local rl = readline.createInterface(stream.PassThrough())
tap.raises(function() rl:setPrompt(5) end, { code = "ERR_INVALID_ARG_TYPE" })
tap.raises(function() rl:question("x") end, { code = "ERR_INVALID_ARG_TYPE" })
tap.raises(function() rl:write {} end, { code = "ERR_INVALID_ARG_TYPE" })
tap.raises(function() rl.close {} end)
rl:close()
rl:close()
tap.is(rl.terminal, false)

tap.test("questions that are promises", function(done)
  local input, output = stream.PassThrough(), stream.PassThrough()
  local asked = readline.promises.createInterface { input = input, output = output }
  async(function()
    local answer = asked:question "name? "
    input:write "ann\n"
    tap.is(await(answer), "ann")
    tap.is(tostring(output:read()), "name? ")
    asked:close()
    local ok, e = pcall(await, asked:question "more? ")
    tap.ok(not ok and e.code == "ERR_USE_AFTER_CLOSE")
    done()
  end)():catch(done)
end)

tap.test("many lines in odd pieces", function(done)
  local input = stream.PassThrough()
  local lines, text = {}, {}
  local many = readline.createInterface(input)
  many:on("line", function(line) lines[#lines + 1] = line end)
  many:on("close", function()
    tap.is(#lines, 500)
    tap.is(lines[500], "é500")
    done()
  end)
  for i = 1, 500 do text[i] = "é" .. i end
  local all = table.concat(text, "\r\n")
  for at = 1, #all, 7 do input:write(Buffer.from(all:sub(at, at + 6))) end
  input:finish()
end)
