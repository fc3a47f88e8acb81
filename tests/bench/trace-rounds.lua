-- ROUNDS messages there and back between parent and child, for trace.pl: prints the nanoseconds of a round.
local rounds = tonumber(process.argv[3])
local child = require("child_process").fork(__dirname .. "/ipc-child.lua", { "echo" })
local left, began = rounds + rounds // 20 + 1, nil
local small = { i = 1, name = "message", done = false }
child:on("message", function()
  left = left - 1
  if left == rounds then began = process.hrtime.bigint() end
  if left > 0 then return child:send(small) end
  print(("round_ns %.1f"):format((process.hrtime.bigint() - began) / rounds))
  child:disconnect()
end)
child:send(small)
