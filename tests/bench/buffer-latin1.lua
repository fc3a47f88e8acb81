-- latin1 of 64 KiB, ASCII and accented text, both ways; GB/s of bytes. Accented text is one byte a
-- character in Node's strings and two in ours: its ratio is only stated.
-- figure: ascii_out | ASCII toString "latin1", GB/s | ratio >= 1
-- figure: ascii_into | ASCII Buffer.from(text, "latin1"), GB/s | ratio >= 1
-- figure: seven_out | ASCII toString "ascii", GB/s | ratio >= 1
-- figure: accent_out | accented toString "latin1", GB/s
-- figure: accent_into | accented Buffer.from(text, "latin1"), GB/s
local bench = require "./lib/rate"
local lines = {
  ascii = "A JavaScript runtime, event-driven, single-threaded, not blocking: so it says. ",
  accent = "Él añadió una tortilla española a la mesa, y después se marchó sin más. "
}

for _, name in ipairs { "ascii", "accent" } do
  local line = lines[name]
  local text = line:rep(65536 // Buffer.byteLength(line, "latin1"))
  local b = Buffer.from(text, "latin1")
  print(name .. "_out " .. bench.rate(#b, function(n)
    for _ = 1, n do b:toString "latin1" end
  end))
  print(name .. "_into " .. bench.rate(#b, function(n)
    for _ = 1, n do Buffer.from(text, "latin1") end
  end))
  if name == "ascii" then
    print("seven_out " .. bench.rate(#b, function(n)
      for _ = 1, n do b:toString "ascii" end
    end))
  end
end
