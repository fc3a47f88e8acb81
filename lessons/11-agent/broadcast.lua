-- IPC: the agent tells all workers, through the master
-- sample: S076
-- watch: one message of the agent becomes three: the master passes it on to each worker.
-- try: make four workers: one message becomes four.
local child_process = require "child_process"
local role = process.argv[3]

if role then
  process:on("message", function(message)
    if role == "agent" then message = { text = "the list has changed" } end
    process.send(message)
  end)
  return
end

local agent = child_process.fork(__filename, { "agent" })
local workers, lines = {}, {}
for id = 1, 3 do
  workers[id] = child_process.fork(__filename, { "worker" })
  workers[id]:on("message", function(m)
    lines[#lines + 1] = ('worker %d received "%s"'):format(id, m.text)
    if #lines < #workers then return end
    table.sort(lines)
    print(table.concat(lines, "\n"))
    agent:disconnect()
    for _, w in ipairs(workers) do w:disconnect() end
  end)
end

agent:on("message", function(m)
  print(('master relays "%s" from the agent to %d workers'):format(m.text, #workers))
  for _, w in ipairs(workers) do w:send(m) end
end)
agent:send "start"
