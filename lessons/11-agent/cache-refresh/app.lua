-- A worker: its cache, and the two schedules that refresh it.
local source = require "./source"

return function(messenger, answer)
  local last_update_by

  local refresh = async(function(by)
    source.update()
    last_update_by = by
    answer "updated"
  end)
  messenger:on("refresh", refresh)

  answer "ready"
  return {
    -- Every 10 minutes, in all workers.
    force_refresh = function() refresh "force" end,
    -- Every 10 seconds, in one worker.
    pull_refresh = async(function()
      if source.checkUpdate() then messenger.sendToApp("refresh", "pull") end
      answer "done"
    end),
    state = function() answer("state", { value = source.get "value", by = last_update_by }) end,
  }
end
