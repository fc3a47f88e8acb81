-- One thread: a timer waits until the code on the stack is done
-- sample: S093
-- watch: the timer was set for 10 ms and comes after 80, because until then nobody could call it.
-- try: beside the timer, process.nextTick(function() print "a tick waits, too" end): it comes before the
--   timer, and still after the busy loop.
local start = process.hrtime.bigint()
local function ms() return (process.hrtime.bigint() - start) / 1e6 end

setTimeout(function()
  local late = ms()
  print "timer of 10 ms fires"
  print("it came after the busy time of 80: " .. tostring(late >= 80))
end, 10)

print "busy loop begins"
while ms() < 80 do end -- nobody else can run
print "busy loop ends"
