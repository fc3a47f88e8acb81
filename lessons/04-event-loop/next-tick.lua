-- process.nextTick comes before every other micro task
-- sample: S052
-- watch: ticks are emptied before the first promise; a tick made inside a promise waits for the promises
--   that were already there.
-- try: make the immediate a process.nextTick: its line moves from the end to the front of the ticks.
setImmediate(function() print "6 setImmediate" end)
Promise.resolve():andThen(function()
  print "4 promise"
  process.nextTick(function()
    print "5.5 nextTick from inside a promise, after the waiting promises"
  end)
end):andThen(function() print "5 next promise" end)
process.nextTick(function(a, b)
  console.log("2 nextTick with arguments", a, b)
  process.nextTick(function() print "3 nextTick from inside nextTick, still before the promise" end)
end, "x", "y")
print "1 synchronous"
