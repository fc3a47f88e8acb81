-- The guide of chapter 13; lessons/README.md tells what a guide is made of.
return {
  title = { en = "Worker threads", zh = "工作线程" },
  minutes = 60,
  steps = {
    { say = "private-and-common",
      en = [[
A worker thread is a second event loop and a second Lua state inside the same process.

  private   globals, modules, heap, event loop, timers
  common    pid, working folder, descriptors, memory shared on purpose

Threads talk by messages, as processes do; but a message need not leave the process, and large memory can be
moved in place of being copied. What one thread breaks in the process, it breaks for all.]],
      zh = [[
工作线程是同一个进程里的另一个事件循环、另一个 Lua 状态。

  私有   全局变量、模块、堆、事件循环、定时器
  公有   pid、工作目录、描述符、特意共享的内存

线程之间和进程之间一样，用消息说话；但消息不必离开进程，大块内存可以移交而不复制。
一个线程弄坏了进程里的东西，大家都遭殃。]] },

    { predict = "globals", script = "steps/globals.lua",
      picture = [[
  main thread:  count = 1
  thread:       what is count?   count = 50
  main thread:  what is count?]],
      en = [[
The main thread sets a global to 1. A thread prints what it finds and sets the global to 50. What does the thread
find, and what does the main thread have afterwards? Write two words, for example 1 50.]],
      zh = [[
主线程把全局变量设为 1。线程打印它看到的值，再把它设为 50。
线程看到的是什么？之后主线程的值是多少？请写两个词，例如：1 50。]],
      known = "nil 1",
      answer = function()
        return line("the thread finds").text:match "finds (%w+)" .. " "
          .. line("the main thread still has").text:match "has (%w+)"
      end,
      because = {
        en = [[
each thread has a Lua state of its own. The thread's function is sent as code; the variables around it stay
where they are. Threads of this kind share nothing by accident, only what is passed.]],
        zh = [[
每个线程有自己的 Lua 状态。线程函数是作为代码送过去的，它周围的变量留在原处。
这种线程不会无意间共享什么，只有传过去的才有。]] } },

    { run = "compute", script = "compute.lua", view = ".loop",
      en = "The same computation on the main thread and in a thread, with a ticking timer beside it.",
      zh = "同样的计算，先在主线程，再在线程里，旁边有个定时器在跳。",
      look = {
        en = "first the strip of the main thread is blocked, then only that of the thread.",
        zh = "先是主线程的时间条阻塞，之后只有线程的时间条阻塞。" },
      check = {
        { function() return line "computing on the main thread: ticks meanwhile 0" end,
          en = "no tick comes while the main thread computes", zh = "主线程计算时一下也没跳" },
        { function() return line "the main thread ticked several times true" end,
          en = "the timer ticks while a thread computes", zh = "线程计算时定时器照常跳" },
      } },

    { run = "channel", script = "channel.lua", view = ".lanes",
      en = "Two threads are given the two ends of a channel. Then they talk without the main thread.",
      zh = "两个线程各得到一条通道的一端，之后不经主线程直接交谈。",
      look = {
        en = "the arrows go from thread to thread; the main thread's lane stays empty.",
        zh = "箭头在两个线程之间往来；主线程的泳道空着。" },
      check = {
        { function() return saw "msg.recv" end,
          en = "messages travel between threads", zh = "消息在线程之间传递" },
        { function() return line "messages that passed through the main thread: 1" end,
          en = "only the report passes through the main thread", zh = "只有最后的报告经过主线程" },
      } },

    { predict = "exit-in-thread", script = "steps/exit-in-thread.lua",
      en = "A thread calls process.exit(5). Does the program end?",
      zh = "线程里调用 process.exit(5)。程序会结束吗？",
      choices = {
        { en = "yes, with code 5", zh = "会，退出码是 5" },
        { en = "no, only the thread; its exit event brings code 5", zh = "不会，只有线程结束；它的 exit 事件带着 5" },
        { en = "no: the call is refused in a thread", zh = "不会：线程里不允许这样调用" },
      },
      known = 2,
      answer = function() return line "the program goes on" and 2 or 1 end,
      because = {
        en = [[
in a thread, process.exit ends the thread and nothing else. Only the main thread can end the process; when it
does, all threads go with it.]],
        zh = [[
在线程里，process.exit 只结束这个线程。只有主线程能结束进程；它一结束，所有线程都跟着结束。]] } },

    { run = "ends", script = "ends.lua", view = ".threads",
      en = "Four ways a thread can go. Which events come each time?",
      zh = "线程结束的四种方式。每次来哪些事件？",
      look = {
        en = "an error thrown in the thread arrives at the main thread as an event, and the main thread goes on.",
        zh = "线程里抛出的错误以事件的形式到达主线程，主线程继续运行。" },
      check = {
        { function() return line "failing: online, error thrown in the thread, exit 1" end,
          en = "a failing thread gives error, then exit 1", zh = "出错的线程先给出 error，再给出 exit 1" },
        { function() return line "the main thread is still here" end,
          en = "the main thread is still there", zh = "主线程还在" },
      } },

    { run = "terminate", script = "terminate.lua", view = ".loop",
      en = "A thread is in an endless loop. It can be stopped from outside.",
      zh = "线程陷在死循环里。可以从外面把它停下来。",
      look = {
        en = "the strip of the thread is blocked (!) until terminate().",
        zh = "线程的时间条一直阻塞（!），直到 terminate()。" },
      check = {
        { function() return before(line "in its endless loop", line "exit event, code 1") end,
          en = "the loop is stopped, exit event with code 1", zh = "死循环被停下，exit 事件的退出码是 1" },
      } },

    { run = "pool-with-queue", script = "pool-with-queue.lua", view = ".threads",
      en = "Ten tasks for four threads: a pool with a queue.",
      zh = "十个任务，四个线程：带队列的线程池。",
      look = {
        en = "four busy marks and the length of the queue, which falls from 6 to 0.",
        zh = "四个忙碌标记，以及从 6 降到 0 的队列长度。" },
      check = {
        { function() return line "threads 4, active 4, waiting 6" end,
          en = "four are active, six wait", zh = "四个在忙，六个在等" },
        { function() return line "waiting 0, tasks done 10" end,
          en = "all ten are done", zh = "十个都完成了" },
      } },

    { run = "pool", script = "pool.lua", view = ".threads",
      en = "Another pool, without a queue: when nobody is free, it refuses.",
      zh = "另一种池，没有队列：没有空闲线程就拒绝。",
      look = {
        en = "the fifth task is told at once. Which of the two is kinder to a server under load?",
        zh = "第五个任务立刻得到拒绝。对过载的服务器来说，哪种更好？" },
      check = {
        { function() return line "fifth task: no free thread" end,
          en = "the fifth task is refused", zh = "第五个任务被拒绝" },
      } },

    { try = "pcall-does-not-help", script = "terminate.lua",
      from = "  while true do end -- no way out", to = "  while true do pcall(function() while true do end end) end",
      en = "Put the loop under pcall: `while true do pcall(function() while true do end end) end`.",
      zh = "把循环放进 pcall：`while true do pcall(function() while true do end end) end`。",
      differs = {
        en = "nothing: it is stopped all the same. A thread cannot hold on to its life by catching errors.",
        zh = "没有区别：照样停下。线程不能靠捕获错误赖着不走。" },
      check = {
        { function() return line "exit event, code 1" end,
          en = "the thread ends with code 1", zh = "线程以退出码 1 结束" },
      } },

    { explain = "thread-or-process",
      en = "Name one job that you would give to a thread and one that you would give to a process. What decides?",
      zh = "说出一件你会交给线程的事，和一件会交给进程的事。由什么决定？" },

    { exercise = "priorities",
      en = [[
Complete the pool: run(data, priority) with the highest priority first, equals in their order; refused at once when
`limit` tasks wait; a task whose thread fails is rejected alone, and another thread takes the place; close() leaves
no thread. The file returns the function that makes a pool.]],
      zh = [[
把线程池补全：run(data, priority) 优先级高的先做，相同的按先后；已有 limit 个任务在等时立刻拒绝；
线程出错时只有那个任务失败，并由新线程顶上；close() 之后不留线程。文件返回创建线程池的函数。]],
      hints = {
        { en = "Put a task into the queue at its place, then taking the first one is enough: behind all that are at least\n"
            .. "as urgent.",
          zh = "入队时就放到该在的位置（排在所有不低于它的任务之后），出队只取第一个就行。" },
        { en = "A thread needs three listeners: message settles its task, error rejects it, exit starts another thread.",
          zh = "每个线程要三个监听器：message 完成任务，error 拒绝任务，exit 启动新线程。" },
        { en = "Remember which task a thread is working on: threads[thread] = task, false while it is free. close() sets a\n"
            .. "mark first, so that exit starts no new thread any more.",
          zh = "记住每个线程手头的任务：threads[thread] = task，空闲时为 false。\n"
            .. "close() 要先做个标记，这样 exit 就不会再启动新线程。" },
      },
      check = {
        { function() return fact "order" == "1 6 9 3 5 4 8 10 2 7", fact "order" end,
          en = "ten tasks finish in the order 1 6 9 3 5 4 8 10 2 7",
          zh = "十个任务按 1 6 9 3 5 4 8 10 2 7 的次序完成" },
        { function() return fact "refused", fact "refused" end,
          en = "one task more than the limit is refused at once", zh = "超过上限的任务立刻被拒绝" },
        { function() return fact "kept" == 6, fact "kept" end,
          en = "the others are done", zh = "其余的都完成了" },
        { function() return fact "failed", fact "text" end,
          en = "a task that throws is rejected", zh = "抛错的任务被拒绝" },
        { function() return fact "after" == "after", fact "after" end,
          en = "the next one is done by another thread", zh = "下一个任务由新线程完成" },
        { function() return fact "size" == 1, fact "size" end,
          en = "the pool keeps its size", zh = "线程池大小不变" },
        { function() return fact "closed", fact "closed" end,
          en = "close ends all threads", zh = "close 结束所有线程" },
      } },
  },
}
