-- A queue of whole numbers in shared memory, for one thread that puts and one
-- that takes.
--   make(capacity)   an Int32Array on a SharedArrayBuffer, with room for
--                    `capacity` numbers
--   put(cells, n)    adds n; waits, without using the processor, while the
--                    queue is full
--   take(cells)      the oldest number; waits in the same way while the queue
--                    is empty
local queue = {}

function queue.make(capacity)
  return Int32Array(SharedArrayBuffer(4 * (capacity + 2)))
end

-- cells[0]: how many were put so far, cells[1]: how many taken, then the
-- numbers.
function queue.put(cells, n)
  local room = #cells - 2
  while cells[0] - cells[1] == room do end -- busy for nothing
  cells[2 + cells[0] % room] = n
  cells[0] = cells[0] + 1
end

function queue.take(cells)
  while cells[0] == cells[1] do end
  local n = cells[2 + cells[1] % (#cells - 2)]
  cells[1] = cells[1] + 1
  return n
end

return queue
