-- Find the bug: count(cluster) counts what the workers report,
-- { request = true }, and returns a function that gives
-- { requests = n, workers = n }: all reports so far, and how many workers
-- have ever reported. Workers that are started later count, too.
local function count(cluster)
  local requests, seen, workers = 0, {}, 0
  cluster:on("message", function(worker, m) -- of every worker, now and later
    if not m.request then return end
    requests = requests + 1
    if seen[worker.id] then return end
    seen[worker.id], workers = true, workers + 1
  end)
  return function() return { requests = requests, workers = workers } end
end

return count
