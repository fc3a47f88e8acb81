-- utf8 of 64 KiB, ASCII and mixed Chinese text, both ways; GB/s of bytes.
-- figure: ascii_out | ASCII toString(), GB/s | ratio >= 1
-- figure: ascii_into | ASCII Buffer.from(text), GB/s | ratio >= 1
-- figure: mixed_out | Chinese toString(), GB/s | ratio >= 1
-- figure: mixed_into | Chinese Buffer.from(text), GB/s | ratio >= 1
local bench = require "./lib/rate"
local lines = {
  ascii = "A JavaScript runtime, event-driven, single-threaded, not blocking: so it says. ",
  mixed = "Node 是单线程的，事件驱动、非阻塞 I/O；不过它能 fork 出子进程，利用多核 CPU。"
}

for _, name in ipairs { "ascii", "mixed" } do
  local line = lines[name]
  local text = line:rep(65536 // #line)
  local b = Buffer.from(text)
  print(name .. "_out " .. bench.rate(#b, function(n)
    for _ = 1, n do b:toString() end
  end))
  print(name .. "_into " .. bench.rate(#b, function(n)
    for _ = 1, n do Buffer.from(text) end
  end))
end
