-- For the check.lua of exercises: what the student's file returns. When that is not of the type which the exercise
-- asks for, the runner is told, and the check is over.
return function(wanted)
  local what = require(process.argv[3])
  local returned = what == true and "nothing" or type(what) -- true is what require makes of nothing
  if returned == wanted then return what end
  await(Promise(function(resolve) process.send({ wanted = wanted, returned = returned }, resolve) end))
  process.exit(0)
end
