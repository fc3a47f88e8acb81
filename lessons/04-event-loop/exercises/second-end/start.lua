-- Find the bugs. This handler stands in the notes, in much the same words;
-- two things are wrong with it.
--   GET /compute   "Sum is 499999500000", the sum of 0 to 999999
--   GET /          "ok"
local function handler(req, res)
  if req.url == "/compute" then
    local sum = 0
    for i = 0, 999999 do sum = sum + i end
    res:finish("Sum is ${sum}")
  end
  res:finish "ok"
end

return handler
