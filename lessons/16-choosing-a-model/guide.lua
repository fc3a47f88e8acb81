-- The guide of chapter 16; lessons/README.md tells what a guide is made of.
local function judged(name)
  return function() return fact(name).right, fact(name).said end
end

return {
  title = { en = "Choosing a model", zh = "选择模型" },
  minutes = 45,
  steps = {
    { say = "five-questions",
      en = [[
Before you choose, five questions:

  waiting or computing?      waiting needs no second thread
  shared state or isolation? threads share, processes separate
  how large are messages?    large ones cost copies
  what may a failure take?   a thread takes the process along
  how many, on this machine? more than processors only helps waiting

There is no best model. There is one that fits the answers.]],
      zh = [[
选之前先问五个问题：

  等待还是计算？         等待不需要第二个线程或进程
  共享状态还是隔离？     线程共享，进程隔离
  消息有多大？           大消息要付复制的代价
  一处失败能带走什么？   线程会带走整个进程
  这台机器上开几个？     多于处理器的个数，只对等待有用

没有最好的模型，只有与答案相符的模型。]] },

    { run = "four-ways", script = "steps/four-ways.lua", view = ".loop",
      en = "One task, four ways: in the loop, in slices, in a thread, in a process. The figures are of this machine.",
      zh = "一个任务，四种做法：在事件循环里、分片、在线程里、在进程里。数字是这台机器的。",
      look = {
        en = "answer time and loop lag. Slices keep the loop alive and make the answer later; a thread does neither, a\n"
          .. "process takes a moment to start.",
        zh = "应答时间和循环延迟。分片让循环保持响应，但应答更晚；线程两头都不误；进程启动要花点时间。" },
      check = {
        { function() return line "in a process" end,
          en = "all four ways give an answer", zh = "四种做法都给出了答案" },
        { function() return count("loop.turn", { pid = proc() }) + count("loop.block", { pid = proc() }) > 0 end,
          en = "the loop is held up in the first way", zh = "第一种做法耽误了事件循环" },
      } },

    { predict = "order-of-messages", script = "steps/costs.lua",
      en = "Order by the cost of one message of 64 KiB there and back, the cheapest first.",
      zh = "按一条 64 KiB 的消息一去一回的代价排序，便宜的在前。",
      choices = {
        { en = "function call, thread, process", zh = "函数调用、线程、进程" },
        { en = "function call, process, thread", zh = "函数调用、进程、线程" },
        { en = "thread, function call, process", zh = "线程、函数调用、进程" },
      },
      known = 1,
      answer = function() return line "order of messages is call, thread, process: true" and 1 or 2 end,
      because = {
        en = [[
a function call passes a value. A thread has to be woken, and the text is copied once each way. For a process the
system carries every byte as well, and both sides write and read it as JSON. For a number thread and process are
close: waking the other side is nearly all it costs, and either may come first.]],
        zh = [[
函数调用直接传值。线程要被叫醒，文本每个方向各复制一次。进程之间每个字节还要由系统搬运，
双方都要写成 JSON 再读回来。若只是一个数字，线程和进程差不多：几乎全是叫醒对方的代价，谁在前都有可能。]] } },

    { predict = "order-of-memory", script = "steps/costs.lua",
      en = "And by the memory of one more unit: thread, closure, process. The smallest first. Write the letters t, c, p.",
      zh = "再按多一个单位占用的内存排序：线程 t、闭包 c、进程 p。小的在前，请写字母。",
      known = "ctp",
      answer = function() return line "order of memory is closure, thread, process: true" and "ctp" or "cpt" end,
      because = {
        en = [[
a closure is a hundred bytes. A thread has a stack and a Lua state of its own. A process has all of that and its
own copy of what a process is made of. Here a thread costs a few hundred KiB; in Node it is several MiB, because
each has an engine of its own.]],
        zh = [[
闭包只有一百来字节。线程有自己的栈和 Lua 状态。进程除此之外还有构成进程的一切。
这里一个线程几百 KiB；在 Node 里要好几 MiB，因为每个线程都有自己的引擎。]] } },

    { run = "cost-of-a-message", script = "cost-of-a-message.lua", view = ".lanes",
      en = "Two hundred round trips with a process and with a thread.",
      zh = "与进程、与线程各往返两百次。",
      look = {
        en = "the arrows: each round trip and how long it took.",
        zh = "箭头：每次往返，以及用了多久。" },
      check = {
        { function() return line "process: 200 round trips" end,
          en = "200 messages come back from the process", zh = "进程回了 200 条消息" },
        { function() return line "thread: 200 round trips" end,
          en = "200 messages come back from the thread", zh = "线程回了 200 条消息" },
      } },

    { run = "only-waiting", script = "steps/waiting.lua", view = ".loop",
      en = "A hundred requests that only wait 50 ms each. How many processes does that need?",
      zh = "一百个请求，每个只等 50 毫秒。需要几个进程？",
      look = {
        en = "one: the strip shows short moments of work and a lot of idleness.",
        zh = "一个就够：时间条上只有零星的工作，大部分是空闲。" },
      check = {
        { function() return line "less than half of that: true" end,
          en = "together they take far less than one after the other", zh = "一起做远比一个接一个快" },
      } },

    { run = "two-threads", script = "two-threads.lua", view = ".threads",
      en = "Two computations at the same time, one thread each.",
      zh = "两个计算同时进行，各用一个线程。",
      look = {
        en = "two busy threads; the main thread waits.",
        zh = "两个线程在忙，主线程在等。" },
      check = {
        { function() return count "thr.start" == 2, count "thr.start" end,
          en = "two threads start", zh = "启动了两个线程" },
      } },

    { try = "smaller-task", script = "steps/four-ways.lua",
      from = "local N = 6000000", to = "local N = 60000",
      en = "Make the task a hundred times smaller: N = 60000.",
      zh = "把任务缩小一百倍：N = 60000。",
      differs = {
        en = "now the way there costs more than the work: for something this small, do it in the loop.",
        zh = "现在路上的代价比活本身还大：这么小的事，就在事件循环里做。" },
      check = {
        { function() return line "in a process" end,
          en = "all four ways give an answer", zh = "四种做法都给出了答案" },
      } },

    { explain = "my-own-project",
      en = "Take a program of your own. Which of its parts wait, which compute, and what would you move where?",
      zh = "拿一个你自己的程序。哪些部分在等待，哪些在计算？你会把什么挪到哪里？" },

    { exercise = "choose",
      en = [[
Six short descriptions stand in the file: a thumbnail service, a chat server, untrusted plug-ins, a report once a
night, a shared counter of all requests, video conversion. Choose a model and one reason for each, from the lists
in the first lines. More than one answer may be right.]],
      zh = [[
文件里有六个简短的描述：缩略图服务、聊天服务器、不可信的插件、每晚一次的报表、所有请求共用的计数器、视频转换。
请为每个选一个模型和一个理由，从开头几行的列表里选。正确答案可能不止一个。]],
      hints = {
        { en = "Begin with the reason: does it wait, does it compute, must it be kept apart, does it share, may it fail?",
          zh = "先选理由：它在等待、在计算、要隔离、要共享，还是可能失败需要重启？" },
        { en = "Waiting: the loop. Computing: a thread or a process. Isolation and restart: a process. Shared state: where\n"
            .. "memory can be shared.",
          zh = "等待：事件循环。计算：线程或进程。隔离和重启：进程。共享状态：能共享内存的地方。" },
        { en = "Code that nobody has looked at must not sit in a process that holds anything dear.",
          zh = "没人审查过的代码，不能放在存着重要东西的进程里。" },
      },
      check = {
        { function() return fact "strange" == "", fact "strange" end,
          en = "all words are from the lists", zh = "所有的词都出自列表" },
        { judged "thumbnails", en = "the thumbnail service fits", zh = "缩略图服务选得合适" },
        { judged "chat", en = "the chat server fits", zh = "聊天服务器选得合适" },
        { judged "plugins", en = "the plug-ins fit", zh = "插件选得合适" },
        { judged "report", en = "the report fits", zh = "报表选得合适" },
        { judged "counter", en = "the counter fits", zh = "计数器选得合适" },
        { judged "video", en = "the video conversion fits", zh = "视频转换选得合适" },
      } },
  },
}
