-- process: the monitor, the event, and the capture callback
-- sample: S123
-- watch: the monitor looks on at every uncaught error and stops none; then comes the event, or instead
--   of it the capture callback, if one is set.
-- try: leave the uncaughtException listener out: the monitor still sees the first error, and it ends
--   the process.
process:on("uncaughtExceptionMonitor", function(err, origin)
  print(("monitor: %s (%s)"):format(err.message, origin))
end)
process:on("uncaughtException", function(err) print("event: " .. err.message) end)

local function has_capture()
  print("capture callback set: " .. tostring(process.hasUncaughtExceptionCaptureCallback()))
end

local steps = {
  function() error(Error "first") end,
  function() Promise.reject(Error "second") end,
  function()
    has_capture()
    process.setUncaughtExceptionCaptureCallback(function(err) print("capture: " .. err.message) end)
    has_capture()
  end,
  function() error(Error "third") end,
  function() process.setUncaughtExceptionCaptureCallback(null) end,
  function() error(Error "fourth") end,
}
for i, step in ipairs(steps) do setTimeout(step, 10 * i) end
