-- The sum of 1 to 1000000 is another one.
--   GET /compute   "Sum is 499999500000", the sum of 0 to 999999
--   GET /          "ok"
local function handler(req, res)
  if req.url == "/compute" then
    local sum = 0
    for i = 1, 1000000 do sum = sum + i end
    res:finish("Sum is " .. sum)
    return -- else it would be finished a second time
  end
  res:finish "ok"
end

return handler
