-- A worker of main.lua.
print(("worker with %s and color %s"):format(table.concat(process.argv, " ", 3), process.env.COLOR))
process.disconnect()
