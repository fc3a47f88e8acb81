-- A worker: it tells the master what it has received.
return function(app)
  app.messenger:on("xxx_action", function(data)
    process.send { received = data }
  end)
end
