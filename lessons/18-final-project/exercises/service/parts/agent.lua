-- The agent: the one process that looks after the list. Whoever pushes a new version to it, it tells the
-- primary, which tells the workers.
local list = 1

process:on("message", function(m)
  if m.push then
    list = m.push
    process.send { list = list }
  elseif m.ask == "list" then
    process.send { list = list }
  end
end)
process:on("disconnect", function() process.exit(0) end)
process.send { ready = true }
