-- The agent: it waits until the workers have started, or its message would be lost.
return function(agent)
  agent.messenger:on("egg-ready", function()
    agent.messenger.sendToApp("xxx_action", { id = 7 })
  end)
end
