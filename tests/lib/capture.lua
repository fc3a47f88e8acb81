-- capture.lua - what another moonfork prints when it runs a piece of Lua.
--
--   local capture = require "../lib/capture"
--   local out, err = capture 'console.log("hi")'     -- "hi\n", ""

local tap = require "./tap"

local function slurp(path)
  local file <close> = assert(io.open(path))
  return file:read "a"
end

-- The code runs as a script of its own; the third result is its exit code.
return function(code)
  local base = os.tmpname()
  local script = assert(io.open(base, "w"))
  script:write(code)
  script:close()
  local _, _, status = os.execute(("'%s' '%s' >'%s.out' 2>'%s.err'"):format(tap.program, base, base, base))
  local out, err = slurp(base .. ".out"), slurp(base .. ".err")
  for _, name in ipairs { base, base .. ".out", base .. ".err" } do os.remove(name) end
  return out, err, status
end
