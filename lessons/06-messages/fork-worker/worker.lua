-- The child of main.lua.
process.send("arguments " .. table.concat(process.argv, " ", 3))
process.send("connected " .. tostring(process.connected))
process.send("loaded modules are its own", function() process.exit(3) end)
