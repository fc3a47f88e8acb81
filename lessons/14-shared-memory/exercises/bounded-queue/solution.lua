-- A queue of whole numbers in shared memory, for one thread that puts and one
-- that takes.
--   make(capacity)   an Int32Array on a SharedArrayBuffer, with room for
--                    `capacity` numbers
--   put(cells, n)    adds n; waits, without using the processor, while the
--                    queue is full
--   take(cells)      the oldest number; waits in the same way while the queue
--                    is empty
local queue = {}
-- The cells: how many were put so far, how many taken, then the numbers.
local PUT, TAKEN, FIRST = 0, 1, 2

function queue.make(capacity)
  return Int32Array(SharedArrayBuffer(4 * (FIRST + capacity)))
end

function queue.put(cells, n)
  local room, put = #cells - FIRST, Atomics.load(cells, PUT)
  while true do
    local taken = Atomics.load(cells, TAKEN)
    if put - taken < room then break end
    Atomics.wait(cells, TAKEN, taken) -- until it is another number
  end
  Atomics.store(cells, FIRST + put % room, n)
  Atomics.store(cells, PUT, put + 1)
  Atomics.notify(cells, PUT)
end

function queue.take(cells)
  local room, taken = #cells - FIRST, Atomics.load(cells, TAKEN)
  while true do
    local put = Atomics.load(cells, PUT)
    if put > taken then break end
    Atomics.wait(cells, PUT, put)
  end
  local n = Atomics.load(cells, FIRST + taken % room)
  Atomics.store(cells, TAKEN, taken + 1)
  Atomics.notify(cells, TAKEN)
  return n
end

return queue
