-- What searches, compares and moves the bytes of 64 KiB; GB/s.
-- figure: find_noise | indexOf of 8 bytes at the end of noise, GB/s | ratio >= 1
-- figure: find_text | indexOf of a word at the end of text, GB/s | ratio >= 1
-- figure: compare | compare of equal Buffers, GB/s | ratio >= 1
-- figure: concat | concat of four, GB/s | ratio >= 1
-- figure: fill | fill(97), GB/s | ratio >= 1
-- figure: fill_text | fill "abc", GB/s | ratio >= 1
-- figure: copy | copy, GB/s | ratio >= 1
-- figure: swap16 | swap16, GB/s | ratio >= 1
local bench = require "./lib/rate"
local size = 65536
local b, other = bench.noise(size), bench.noise(size)
local last = Buffer.from(b:slice(size - 8))
local line = "A JavaScript runtime, event-driven, single-threaded, not blocking: so it says. "
local text = Buffer.from(line:rep(size // #line) .. "singular")
local parts = {}
for i = 0, 3 do parts[i + 1] = Buffer.from(b:slice(i * size // 4, (i + 1) * size // 4)) end

local function show(name, f) print(name .. " " .. bench.rate(size, f)) end

show("find_noise", function(n)
  for _ = 1, n do b:indexOf(last) end
end)
show("find_text", function(n)
  for _ = 1, n do text:indexOf "singular" end
end)
show("compare", function(n)
  for _ = 1, n do b:compare(other) end
end)
show("concat", function(n)
  for _ = 1, n do Buffer.concat(parts) end
end)
show("copy", function(n)
  for _ = 1, n do b:copy(other) end
end)
show("swap16", function(n)
  for _ = 1, n do other:swap16() end
end)
show("fill", function(n)
  for _ = 1, n do other:fill(97) end
end)
show("fill_text", function(n)
  for _ = 1, n do other:fill "abc" end
end)
