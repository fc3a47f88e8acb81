-- f(n) does the same thing n times. ns(f): ns for each; rate(bytes, f): GB/s of what handles that many
-- bytes each time. Measured for about a tenth of a second, after a warm-up.
local now = process.hrtime.bigint

local function timed(f, n)
  local began = now()
  f(n)
  return now() - began
end

local function per_call(f)
  local n = 16
  while timed(f, n) < 20e6 do n = n * 2 end
  n = n * 5
  return timed(f, n) / n
end

-- Bytes that look random: the same in both programs.
local function noise(count)
  local b, x = Buffer.alloc(count), 1
  for i = 0, count - 1 do
    x = (x * 1103515245 + 12345) & 0x7fffffff
    b[i] = x >> 16
  end
  return b
end

local function rate(bytes, f) return bytes / per_call(f) end

return { rate = rate, ns = per_call, noise = noise }
