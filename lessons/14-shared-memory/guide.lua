-- The guide of chapter 14; lessons/README.md tells what a guide is made of.
return {
  title = { en = "Shared memory", zh = "共享内存" },
  minutes = 50,
  steps = {
    { say = "three-ways-for-bytes",
      en = [[
Bytes reach another thread in three ways.

  copied   each side has its own; costs time for each byte
  moved    one side has them; costs nothing, the sender is left with none
  shared   both see the same memory and may write at the same time

The third is the fastest and the most dangerous: between two steps of your code another thread may come.]],
      zh = [[
字节到另一个线程有三条路。

  复制   双方各有一份；每个字节都要花时间
  移交   只有一方拥有；不花时间，发送方剩下 0 字节
  共享   双方看到同一块内存，可以同时写

第三种最快，也最危险：在你的两步代码之间，别的线程可能插进来。]] },

    { run = "move-or-share", script = "move-or-share.lua", view = ".cells",
      en = "The three ways side by side. The thread changes the first byte each time: who sees it here?",
      zh = "三条路放在一起看。线程每次都改第一个字节：这边谁看得到？",
      look = {
        en = "copied: still 1 here. Moved: nothing is left here. Shared: 200.",
        zh = "复制：这边还是 1。移交：这边什么也不剩。共享：200。" },
      check = {
        { function() return line "copied: sum 6, still 3 bytes, first byte 1" end,
          en = "the copy here is untouched", zh = "这边的副本没变" },
        { function() return line "moved: sum 15, here are now 0 bytes" end,
          en = "what was moved is gone here", zh = "移交之后这边没有了" },
        { function() return line "shared: sum 24, still 3 bytes, first byte 200" end,
          en = "what is shared has changed", zh = "共享的那份变了" },
      } },

    { predict = "after-the-move", script = "steps/after-the-move.lua",
      picture = [[
  local memory = ArrayBuffer(1024)
  local view = Uint8Array(memory)
  worker:postMessage(memory, { memory })     -- in the transfer list]],
      en = "How many bytes has the memory here after it was moved, and how many the view of it? Write two numbers.",
      zh = "移交之后，这边的 memory 还有多少字节？它的视图 view 呢？请写两个数。",
      known = "0 0",
      answer = function()
        return table.concat({ line("here are").text:match "here are (%d+) bytes left, the view has (%d+)" }, " ")
      end,
      because = {
        en = [[
a move changes the owner. If the old side could still read, two threads would share the memory without knowing;
so every view of it is empty from then on.]],
        zh = [[
移交换了主人。如果原来那边还能读，两个线程就在不知情中共享了内存；
所以从此它的每个视图都是空的。]] } },

    { run = "counter", script = "counter.lua", view = ".cells",
      en = "Four threads count: with Atomics, without, and in a variable of their own.",
      zh = "四个线程计数：用 Atomics，不用 Atomics，以及用自己的变量。",
      look = {
        en = "the cells while they change. Run it ten times and note the smallest result of the careless cell.",
        zh = "变化中的单元格。运行十次，记下不用 Atomics 那个单元格的最小结果。" },
      check = {
        { function() return line "shared cell, added to atomically: 4000" end,
          en = "with Atomics nothing is lost", zh = "用 Atomics 一次也不丢" },
        { function() return line "module variable of the main thread: 0" end,
          en = "the main thread's variable is not touched", zh = "主线程的变量没有被动过" },
      } },

    { predict = "race", script = "steps/race.lua",
      picture = [[
  read cell      5
                      read cell   5
  write 5 + 1    6
                      write 5 + 1 6      two additions, one more]],
      en = [[
Four threads add 1 to the same cell a million times each, once with Atomics.add and once without. What is the
result with Atomics? (And guess for yourself what it is without.)]],
      zh = [[
四个线程各对同一个单元格加一百万次 1：一次用 Atomics.add，一次不用。用 Atomics 的结果是多少？
（不用的结果，请自己猜一猜。）]],
      known = "4000000",
      answer = function() return line("with Atomics").text:match "%d+" end,
      because = {
        en = [[
cells[0] = cells[0] + 1 is three steps: read, add, write. Whoever reads between another one's read and write
brings the same number back. Without Atomics anything from 2 to 4000000 may come out, and on a quiet day it looks
right. Atomics.add does the three in one.]],
        zh = [[
cells[0] = cells[0] + 1 是三步：读、加、写。在别人读和写之间去读，写回的就是同一个数。
不用 Atomics，结果可能是 2 到 4000000 之间的任何数，运气好时看起来还是对的。
Atomics.add 把三步合成一步。]] } },

    { run = "wait-and-notify", script = "steps/wait-and-notify.lua", view = ".threads",
      en = "A thread sleeps on a cell until somebody changes it and wakes the sleeper.",
      zh = "线程在一个单元格上睡眠，直到有人改了它并把它叫醒。",
      look = {
        en = "the thread's state: inside Atomics.wait, using no processor time. Asking again and again would use all of it.",
        zh = "线程的状态：停在 Atomics.wait 里，不占处理器时间。如果反复去问，就会占满。" },
      check = {
        { function() return line "threads woken: 1" end,
          en = "one thread is woken", zh = "叫醒了一个线程" },
        { function() return line "the thread was woken: ok, the cell is 7" end,
          en = "it sees the new value", zh = "它看到了新的值" },
        { function() return line "less than 50 ms true" end,
          en = "it has slept without using the processor", zh = "睡眠时没有占用处理器" },
      } },

    { run = "process-or-thread", script = "process-or-thread.lua", view = ".ps",
      en = "The same experiment with a child process and with a thread: who can write into our cell?",
      zh = "同一个实验，一次用子进程，一次用线程：谁能写我们的单元格？",
      look = {
        en = "the process has a pid of its own and a copy; the thread has our pid and our memory.",
        zh = "进程有自己的 pid 和一份副本；线程用的是我们的 pid 和我们的内存。" },
      check = {
        { function() return line "process: wrote 99 into its cell, ours is 0" end,
          en = "what the process writes is not seen here", zh = "进程写的这边看不到" },
        { function() return line "thread: wrote 99 into its cell, ours is 99" end,
          en = "what the thread writes is", zh = "线程写的看得到" },
      } },

    { try = "a-single-thread", script = "steps/race.lua",
      from = "local THREADS, TIMES = 4,", to = "local THREADS, TIMES = 1,",
      en = "Let one thread do it alone: change 4 to 1.",
      zh = "只让一个线程来做：把 4 改成 1。",
      differs = {
        en = "nothing is lost: a race needs two.",
        zh = "一次也不丢：竞争至少要有两个。" },
      check = {
        { function() return line "without: 1000000, lost 0" end,
          en = "the careless cell is right", zh = "不用 Atomics 的单元格也对了" },
      } },

    { explain = "when-to-copy",
      en = "Shared memory costs nothing to pass on. When is copying still the better choice?",
      zh = "共享内存传递起来不花代价。什么时候复制仍是更好的选择？" },

    { exercise = "bounded-queue",
      en = [[
Write a queue of whole numbers in shared memory, for one thread that puts and one that takes: make(capacity),
put(cells, n), take(cells). put waits while the queue is full, take while it is empty; the side that waits must not use the
processor: it sleeps. The file returns the three in a table.]],
      zh = [[
写一个共享内存里的整数队列，一个线程放，一个线程取：make(capacity)、put(cells, n)、take(cells)。
队列满时 put 等待，空时 take 等待；等待的一方不许占用处理器：它要睡眠。
文件返回装着这三个函数的表。]],
      hints = {
        { en = "Two counters are enough: how many were put, how many taken. Each is written by one side only.",
          zh = "两个计数就够了：放了多少，取了多少。每个只由一方来写。" },
        { en = "Atomics.wait(cells, i, value) sleeps as long as cells[i] is value. So the full side sleeps on the counter of\n"
            .. "the other one.",
          zh = "Atomics.wait(cells, i, value) 在 cells[i] 等于 value 期间睡眠。所以满了的一方睡在对方的计数上。" },
        { en = "Write the number first, then raise your counter with Atomics.store, then Atomics.notify on it. After waking,\n"
            .. "look again: a loop around the wait.",
          zh = "先写数，再用 Atomics.store 增加自己的计数，然后在它上面 Atomics.notify。\n"
            .. "醒来之后要再看一次：等待外面套一个循环。" },
      },
      check = {
        { function() return fact "shared", fact "shared" end,
          en = "the cells lie in a SharedArrayBuffer", zh = "单元格在 SharedArrayBuffer 里" },
        { function() return fact "bytes" <= 4 * (64 + 8), fact "bytes" end,
          en = "64 numbers need 64 cells and a few more", zh = "64 个数只用 64 个单元格再加几个" },
        { function() return fact "consumer", fact "consumer" end,
          en = "a consumer sleeps while the queue is empty", zh = "队列空时消费者在睡眠" },
        { function() return fact "producer", fact "producer" end,
          en = "a producer sleeps while the queue is full", zh = "队列满时生产者在睡眠" },
        { function() return fact "right" == 100000, fact "right" end,
          en = "100000 numbers arrive in order", zh = "100000 个数按序到达" },
      } },
  },
}
