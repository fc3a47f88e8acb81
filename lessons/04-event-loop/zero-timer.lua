-- One thread: a timer of 0 ms comes after the running code
-- sample: S161
-- watch: 2 is last, though its timer was set before 3 was printed and waits for nothing.
-- try: put a long loop before print "3": the 2 comes later, but still last.
print "1"
setTimeout(function() print "2" end, 0)
print "3"
