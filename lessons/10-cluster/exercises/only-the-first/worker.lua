-- Reports as many requests as it is told to.
process:on("message", function(n)
  for _ = 1, n do process.send { request = true } end
  process.send { progress = "done" }
end)
