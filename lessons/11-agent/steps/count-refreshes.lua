-- What an hour costs: eight workers, force every 10 minutes, pull every 10 seconds, one change in the hour.
-- The hour is counted, not waited for: each entry is an event of the plan.
local workers, hour = 8, 3600
local force_every, pull_every, changes = 600, 10, 1

local checks, reads = 0, 0
for second = 1, hour do
  if second % force_every == 0 then reads = reads + workers end -- every worker reads, changed or not
  if second % pull_every == 0 then
    checks = checks + 1 -- one worker asks whether anything has changed
    if changes > 0 then
      changes = changes - 1
      reads = reads + workers -- and tells all to read
    end
  end
end
print(("%d checks and %d reads of the source in an hour"):format(checks, reads))
