-- Loads the student's file and tells the guide's check what it did.
local run = require "../../../student" "function"

local function report(name, file, args, options)
  local r = await(run(file, args, options))
  local text = type(r.stdout) == "string" and r.stdout or ""
  process.send {
    [name] = { text = text:sub(1, 20), stderr = r.stderr or "",
               code = r.code, signal = r.signal or "", ended = r.ended or "", error = r.error or "" },
  }
end

report("normal", "sh", { "-c", "echo out; echo err >&2" }, { timeout = 8000, limit = 10000 })
report("three", "sh", { "-c", "exit 3" }, { timeout = 8000, limit = 10000 })
report("killed", "sh", { "-c", "kill -TERM $$; sleep 5" }, { timeout = 8000, limit = 10000 })
report("missing", "./no-such-program", {}, { timeout = 8000, limit = 10000 })
report("slow", "sleep", { "600" }, { timeout = 200, limit = 10000 })
report("endless", "sh", { "-c", "while :; do printf %0999d 0; sleep 0.001; done" },
  { timeout = 3000, limit = 20000 })
-- A program that still runs is not waited for: it is counted.
process:on("disconnect", function() process.exit(0) end)
process.disconnect()
