-- spawn: events, output, codes and signals of a program.
local tap = require "../lib/tap"
local child_process = require "child_process"
local spawn = child_process.spawn

tap.test("a fresh ChildProcess", function(done)
  local c = spawn("true")
  tap.ok(c.pid > 0, "pid is known at once")
  tap.is(c.connected, false)
  tap.is(c.killed, false)
  tap.is(c.exitCode, nil)
  tap.is(c.signalCode, nil)
  tap.is(#c.stdio, 3)
  tap.is(c.channel, nil)
  tap.is(c.spawnfile, "true")
  tap.is_deep(c.spawnargs, { "true" })
  c:on("close", function() done() end)
end)

tap.test("spawn comes first, close last", function(done)
  local seen = {}
  local c = spawn("sh", { "-c", "echo out; echo err >&2; exit 3" })
  for _, name in ipairs { "spawn", "exit", "close" } do
    c:on(name, function(code, signal)
      seen[#seen + 1] = name
      if name ~= "spawn" then
        tap.is(code, 3)
        tap.is(signal, nil)
      end
    end)
  end
  process.nextTick(function() seen[#seen + 1] = "tick" end)
  local out, err = "", ""
  c.stdout:on("data", function(d) out = out .. d end)
  c.stderr:on("data", function(d) err = err .. d end)
  c:on("close", function()
    tap.is_deep(seen, { "spawn", "tick", "exit", "close" })
    tap.is(out, "out\n")
    tap.is(err, "err\n")
    tap.is(c.exitCode, 3)
    done()
  end)
end)

tap.test("a signal ends it", function(done)
  local c = spawn("sleep", { "60" })
  tap.is(c:kill(), true)
  tap.is(c.killed, true)
  c:on("exit", function(code, signal)
    tap.is(code, nil)
    tap.is(signal, "SIGTERM")
    tap.is(c.signalCode, "SIGTERM")
    tap.is(c.exitCode, nil)
    tap.is(c:kill(), false, "a dead child takes no signal")
    done()
  end)
end)

tap.test("a program that does not exist", function(done)
  local c = spawn("no-such-cmd", { "x" })
  tap.is(c.pid, nil)
  local seen = {}
  for _, name in ipairs { "spawn", "exit" } do c:on(name, tap.never(name)) end
  c:on("error", function(e)
    tap.is_error(e, { code = "ENOENT", errno = -2, syscall = "spawn no-such-cmd", path = "no-such-cmd",
      message = "spawn no%-such%-cmd ENOENT" })
    tap.is_deep(e.spawnargs, { "x" })
    seen[#seen + 1] = "error"
  end)
  c:on("close", function(code)
    tap.is(code, -2)
    tap.is_deep(seen, { "error" })
    done()
  end)
end)

tap.test("not executable: EACCES", function(done)
  local c = spawn("/etc/passwd")
  c:on("error", function(e)
    tap.is(e.code, "EACCES")
    done()
  end)
end)

tap.test("unread output does not hold up close", function(done)
  spawn("sh", { "-c", "head -c 30000 /dev/zero" }):on("close", function(code)
    tap.is(code, 0)
    done()
  end)
end)

tap.test("a grandchild that holds the pipe delays close, not exit", function(done)
  local c = spawn("sh", { "-c", "{ sleep 0.2; echo late; } & exit 0" })
  local exited, text = false, ""
  c.stdout:on("data", function(d) text = text .. d end)
  c:on("exit", function()
    exited = true
    tap.is(text, "")
  end)
  c:on("close", function()
    tap.ok(exited)
    tap.is(text, "late\n")
    done()
  end)
end)

tap.test("stdin reaches the child", function(done)
  local c = spawn("cat")
  local text = ""
  c.stdout:on("data", function(d) text = text .. d end)
  c.stdin:write("one ")
  c.stdin:finish("two")
  c:on("close", function()
    tap.is(text, "one two")
    done()
  end)
end)
