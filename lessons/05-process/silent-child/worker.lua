-- The child of main.lua.
print("I am worker, PID: " .. process.pid)
