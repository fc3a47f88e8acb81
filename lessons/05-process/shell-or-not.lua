-- child_process: exec goes through a shell, execFile does not
-- sample: S059
-- watch: the same characters are a program to the shell and plain text to execFile. A missing program
--   is the shell's 127 there, and an error of the start here.
-- try: give execFile the option shell = "/bin/sh" with the same characters: now they are a program,
--   too.
local child_process = require "child_process"

local function missing_program()
  child_process.exec("no-such-program-here", function(err)
    print(("exec of a missing program: exit code %d (the shell's)"):format(err.code))
    child_process.execFile("no-such-program-here", function(e)
      print("execFile of a missing program: " .. e.code)
    end)
  end)
end

local function special_characters()
  child_process.exec('echo "a  b"; echo $((1+1))', function(_, stdout)
    print("exec sees: " .. stdout:gsub("\n$", ""):gsub("\n", " | "))
    child_process.execFile("echo", { '"a  b"; echo $((1+1))' }, function(_, out)
      io.write("execFile sees: " .. out)
      missing_program()
    end)
  end)
end

local function show(name, err, stdout, stderr)
  local version = stdout:find "^v%d+%.%d+%.%d+\n$" ~= nil
  print(("%s: no error %s, a version %s, stderr empty %s"):format(name, err == nil, version, stderr == ""))
end

child_process.exec('"' .. process.execPath .. '" -p process.version', function(...)
  show("exec", ...)
  child_process.execFile(process.execPath, { "-p", "process.version" }, function(...)
    show("execFile", ...)
    special_characters()
  end)
end)
