-- A Node primary over our workers and our primary over Node workers: both policies, both formats of
-- messages; 40 connections are shared 20/20 under round robin, disconnect ends every worker with 0.
-- timeout: 600
local tap = require "../../lib/tap"
local child_process = require "child_process"

local node = child_process.spawnSync("node", { "--version" }, { encoding = "utf8" })
if node.error or node.status ~= 0 then tap.skip_all "node is not installed" end

local ours, fixtures = process.execPath, __dirname .. "/fixtures/cluster-"

local function run(name, primary, worker)
  for _, policy in ipairs { "rr", "none" } do
    for _, serialization in ipairs { "json", "advanced" } do
      tap.test(name .. ", " .. policy .. ", " .. serialization, function(done)
        local script = fixtures .. (worker == "node" and "worker.js" or "worker.lua")
        local main = fixtures .. (primary == "node" and "primary.js" or "primary.lua")
        local env = { NODE_CLUSTER_SCHED_POLICY = policy }
        for key, value in pairs(process.env) do env[key] = env[key] or value end
        child_process.execFile(primary, { main, worker, script, serialization }, { env = env },
          function(_, stdout, stderr)
            local rr = policy == "rr"
            tap.is(stderr, "")
            tap.is(stdout, ("policy %d answers 40 shares %s echoes 2\n0 null true, 0 null true\n")
              :format(rr and 2 or 1, rr and "20,20" or "-"))
            done()
          end)
      end)
    end
  end
end

run("Node's primary, our workers", "node", ours)
run("our primary, Node's workers", ours, "node")
run("our primary, our workers", ours, ours)
