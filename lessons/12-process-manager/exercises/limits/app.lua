-- An application of the check: at the word "grow" it takes 64 MB, and it
-- needs a while to leave.
local hoard
process:on("message", function(m)
  if m == "grow" then
    hoard = Buffer.alloc(64 * 1024 * 1024, 1)
    process.send "grown"
  end
end)
process:on("SIGTERM", function() setTimeout(process.exit, 200, 0) end)
process:on("disconnect", function() process.exit(0) end)
process.send "up"
return hoard
