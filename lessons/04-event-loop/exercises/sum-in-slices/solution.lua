-- sumInSlices(n, slice, cb): the sum of 0 to n-1, `slice` numbers at a time;
-- between two slices the event loop goes round. cb(sum) is called once, also
-- for n = 0.
local function sumInSlices(n, slice, cb)
  local sum, first = 0, 0
  local function next()
    local last = math.min(first + slice, n) - 1
    for i = first, last do sum = sum + i end
    first = last + 1
    if first < n then setImmediate(next) else cb(sum) end
  end
  setImmediate(next)
end

return sumInSlices
