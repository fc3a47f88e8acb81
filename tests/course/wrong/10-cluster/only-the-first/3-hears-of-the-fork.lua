-- Listens to the workers that are forked later, and forgets those that are there already.
return function(cluster)
  local requests, workers = 0, 0
  cluster:on("fork", function(worker)
    local seen = false
    worker:on("message", function(m)
      if not m.request then return end
      requests = requests + 1
      if not seen then seen, workers = true, workers + 1 end
    end)
  end)
  return function() return { requests = requests, workers = workers } end
end
