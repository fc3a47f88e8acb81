-- Find the bug: count(cluster) counts what the workers report,
-- { request = true }, and returns a function that gives
-- { requests = n, workers = n }: all reports so far, and how many workers
-- have ever reported. Workers that are started later count, too.
local function count(cluster)
  local requests, seen, workers = 0, {}, 0
  for id, worker in pairs(cluster.workers) do
    worker:on("message", function(m)
      if not m.request then return end
      requests = requests + 1
      if seen[id] then return end
      seen[id], workers = true, workers + 1
    end)
  end
  return function() return { requests = requests, workers = workers } end
end

return count
