-- A reload: who keeps his pid?
local service = require "./service"()
local before = service.ask "report"
service.ask "reload"
local after = service.ask "report"

local function kept(old, new) return old == new and "keeps its pid" or "is new" end
local workers = "are new"
for _, a in ipairs(before.workers) do
  for _, b in ipairs(after.workers) do
    if a == b then workers = "keep their pids" end
  end
end
print("manager " .. kept(service.manager, service.ask "manager".manager))
print("agent " .. kept(before.agent, after.agent))
print("workers " .. workers)
print("the manager ended with code " .. service.stop())
