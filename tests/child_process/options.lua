-- Options of spawn: cwd, env, argv0, shell, detached, stdio.
local tap = require "../lib/tap"
local child_process = require "child_process"
local null = null

local function output(file, args, options, fn)
  local c = child_process.spawn(file, args, options)
  local text = ""
  c.stdout:on("data", function(d) text = text .. d end)
  c:on("close", function(code) fn(text, code, c) end)
end

tap.test("cwd", function(done)
  output("pwd", {}, { cwd = "/" }, function(text)
    tap.is(text, "/\n")
    done()
  end)
end)

tap.test("options may stand in the place of args", function(done)
  output("pwd", { cwd = "/" }, nil, function(text)
    tap.is(text, "/\n")
    done()
  end)
end)

tap.test("a missing cwd is told as a missing program", function(done)
  child_process.spawn("ls", {}, { cwd = "/no/such/folder" }):on("error", function(e)
    tap.is(e.code, "ENOENT")
    tap.is(e.path, "ls")
    done()
  end)
end)

tap.test("env is the whole environment", function(done)
  output("/usr/bin/env", {}, { env = { A = "1", B = true, C = 3 } }, function(text)
    local lines = {}
    for line in text:gmatch "[^\n]+" do lines[#lines + 1] = line end
    table.sort(lines)
    tap.is_deep(lines, { "A=1", "B=true", "C=3" })
    done()
  end)
end)

tap.test("process.env may be given", function(done)
  process.env.MOONFORK_TEST_VALUE = "here"
  output("sh", { "-c", "echo $MOONFORK_TEST_VALUE" }, { env = process.env }, function(text)
    tap.is(text, "here\n")
    done()
  end)
end)

tap.test("argv0", function(done)
  output("sh", { "-c", "echo $0" }, { argv0 = "other" }, function(text, _, c)
    tap.is(c.spawnargs[1], "other")
    tap.is(text, "other\n")
    done()
  end)
end)

tap.test("shell joins file and arguments", function(done)
  output("echo a; echo", { "b", "|", "tr b c" }, { shell = true }, function(text, _, c)
    tap.is(text, "a\nc\n")
    tap.is(c.spawnfile, "/bin/sh")
    tap.is(c.spawnargs[2], "-c")
    done()
  end)
end)

tap.test("detached makes a session of its own", function(done)
  local script = "cut -d' ' -f5,6 /proc/self/stat; echo $$"
  output("sh", { "-c", "exec sh -c \"cut -d' ' -f6 /proc/$$/stat\"" }, { detached = true }, function(text, _, c)
    tap.is(tonumber(text), c.pid)
    done()
  end)
end)

tap.test("stdio: ignore, inherit, numbers, streams, extra pipes", function(done)
  local c = child_process.spawn("sh", { "-c", "echo three >&3; cat <&3" },
    { stdio = { "ignore", "pipe", 2, "pipe", null } })
  tap.is(c.stdin, nil)
  tap.is(c.stdio[1], null)
  tap.is(c.stderr, nil)
  tap.is(#c.stdio, 5)
  local text = ""
  c.stdio[4]:on("data", function(d) text = text .. d end)
  c.stdio[4]:finish("back")
  local out = ""
  c.stdout:on("data", function(d) out = out .. d end)
  c:on("close", function()
    tap.is(text, "three\n")
    tap.is(out, "back")
    done()
  end)
end)

tap.test("a process leaves no zombie and no descriptor", function(done)
  local left = tap.scale(50)
  for _ = 1, left do
    child_process.spawn("true", {}, { stdio = "ignore" }):on("close", function()
      left = left - 1
      if left == 0 then done() end
    end)
  end
end)
