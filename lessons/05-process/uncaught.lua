-- process: uncaughtException and exit
-- sample: S053
-- watch: an error that nobody catches reaches this listener instead of ending the process; in the exit
--   event nothing can be put off any more.
-- try: call process.exit(7) in the first listener: the first error ends the process with code 7.
process:on("uncaughtException", function(err, origin)
  print(("caught: %s (%s)"):format(err.message, origin))
end)
process:on("exit", function(code)
  print("exit with code " .. code)
  setTimeout(function() print "never printed: nothing asynchronous runs any more" end, 0)
end)

setTimeout(function() error(Error "first") end, 5)
setTimeout(function() print "the process goes on after the first" end, 15)
setTimeout(function() error(TypeError "second") end, 25)
setTimeout(function() print "and after the second" end, 35)
