-- EventEmitter: an error event that nobody listens to ends the process
-- sample: S023
-- watch: emit raises the error; nobody catches it, and the child ends with code 1. Where emit stands in
--   a pcall, the same error is caught.
-- try: give the emitter a listener for "error": the child goes on and ends with code 0.
local child_process = require "child_process"
local EventEmitter = require "events"
local emitter = EventEmitter()

if process.argv[3] == "child" then
  print "before emit"
  emitter:emit("error", Error "something went wrong")
  print "after emit"
  return
end

local child = child_process.spawnSync(process.execPath, { __filename, "child" }, { encoding = "utf8" })
io.write("child printed: " .. child.stdout)
print("child exit code: " .. child.status)
print("message on stderr: " .. tostring(child.stderr:find "something went wrong" ~= nil))

-- emit is synchronous, so the error can also be caught where it is emitted.
local ok, e = pcall(emitter.emit, emitter, "error", Error "caught here")
print("caught: " .. (ok and "nothing" or e.message))
