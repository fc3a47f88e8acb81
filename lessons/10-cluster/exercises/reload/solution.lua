-- reload(cluster, env, limit): replaces all workers by new ones,
-- cluster.fork(env), without losing a request. A new worker that does not
-- listen within `limit` ms, or ends before, is the end of it: the new ones
-- go, all old ones stay. Promises true, or false when it was rolled back.

-- Does the worker listen in time?
local function listens(worker, limit)
  return Promise(function(resolve)
    local clock = setTimeout(resolve, limit, false)
    worker:once("listening", function() clearTimeout(clock) resolve(true) end)
    worker:once("exit", function() clearTimeout(clock) resolve(false) end)
  end)
end

local function ended(worker)
  return Promise(function(resolve)
    if worker:isDead() then return resolve() end
    worker:once("exit", resolve)
  end)
end

local reload = async(function(cluster, env, limit)
  local old, new = {}, {}
  for _, worker in pairs(cluster.workers) do old[#old + 1] = worker end

  for i = 1, #old do
    new[i] = cluster.fork(env)
    if not await(listens(new[i], limit)) then
      for _, worker in ipairs(new) do
        worker.process:kill "SIGKILL"
        await(ended(worker))
      end
      return false
    end
  end
  for _, worker in ipairs(old) do -- one by one, when all new ones serve
    worker:disconnect()
    await(ended(worker))
  end
  return true
end)

return reload
