-- A worker of main.lua: it fails every time it starts.
process.exit(7)
