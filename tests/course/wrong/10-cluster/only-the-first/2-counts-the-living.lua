-- Counts those that live now in place of those that have ever reported.
-- that gives { requests = n, workers = n }: all reports so far, and how many workers have ever reported.
-- Workers that are started later count, too.
local function count(cluster)
  local requests, seen, workers = 0, {}, 0
  cluster:on("message", function(worker, m) -- of every worker, now and later
    if not m.request then return end
    requests = requests + 1
    if not seen[worker.id] then seen[worker.id], workers = true, workers + 1 end
  end)
  return function()
    local n = 0
    for _ in pairs(cluster.workers) do n = n + 1 end
    return { requests = requests, workers = n }
  end
end

return count
