-- The guide of chapter 4; lessons/README.md tells what a guide is made of.
return {
  title = { en = "Blocking and the event loop", zh = "阻塞与事件循环" },
  minutes = 45,
  steps = {
    { say = "one-thread",
      en = [[
Your Lua code runs on one thread. The event loop calls one function after the other: the callback of a
timer, of a socket, of a message. It calls the next one only when the last has returned.

While a function computes, the loop does nothing at all: no timer fires, no connection is accepted, no
message is delivered. This is called blocking.]],
      zh = [[
你的 Lua 代码只在一个线程上运行。事件循环（event loop）逐个调用函数：定时器的回调、套接字的回调、消息的回调。
上一个函数返回之后，才会调用下一个。

函数在计算的时候，事件循环什么也做不了：定时器不触发，连接没人接受，消息也送不到。这就叫阻塞。]] },

    { predict = "late-timer", script = "steps/interval.lua",
      picture = {
        en = [[
  0 ms       10 ms                              80 ms
  |----------|----------------------------------|
  set        timer is due                       main code ends
  [ while ms() < 80 do end ~~~~~~~~~~~~~~~~~~~~~]  ?]],
        zh = [[
  0 ms       10 ms                              80 ms
  |----------|----------------------------------|
  设置       定时器到期                         主代码结束
  [ while ms() < 80 do end ~~~~~~~~~~~~~~~~~~~~~]  ?]] },
      en = [[
A timer of 10 ms and an interval of 10 ms are set. Then a loop keeps the main code busy for 80 ms. When
does the timer fire, and how often does the interval fire as soon as it can?]],
      zh = [[
设置一个 10 毫秒的定时器和一个 10 毫秒的间隔定时器（interval），然后主代码忙循环 80 毫秒。
定时器什么时候触发？轮到间隔定时器时，它会触发几次？]],
      choices = {
        { en = "after 10 ms, in the middle of the loop; the interval eight times",
          zh = "10 毫秒时，在忙循环中间触发；间隔定时器触发八次" },
        { en = "right after the 80 ms; the interval once",
          zh = "80 毫秒一过就触发；间隔定时器触发一次" },
        { en = "right after the 80 ms; the interval eight times, to catch up",
          zh = "80 毫秒一过就触发；间隔定时器补上落下的八次" },
      },
      known = 2,
      answer = function()
        local late = before(line "main code ends", line "timer fires")
        local times = tonumber(line("interval has fired").text:match "%d+")
        return not late and 1 or times == 1 and 2 or 3
      end,
      because = {
        en = [[
the timer was due after 10 ms, but nobody could call it: the thread was inside your loop. An interval does
not count the rounds it has missed. There is no timer thread; the loop looks at its list of timers when it
comes round.]],
        zh = [[
定时器在 10 毫秒时就到期了，但没人能调用它：线程还在你的循环里。间隔定时器不会补上错过的次数。
并没有什么“定时器线程”；事件循环转到定时器这一步时，才去看自己的定时器表。]] } },

    { run = "blocking", script = "blocking.lua", view = ".loop",
      en = [[
An HTTP server gets two requests: the first one computes for a while, the second one has nothing to
compute. Look at the order of the answers.]],
      zh = [[
一个 HTTP 服务器收到两个请求：第一个要计算一阵子，第二个什么也不用算。请看应答的先后。]],
      look = {
        en = "the strip of A: it is blocked for as long as the computation took, and the quick request waits as long.",
        zh = "A 的时间条：计算用了多久，它就阻塞多久；快请求也等了同样久。" },
      check = {
        { function() return count("proc.start") == 2 end,
          en = "two processes start: the server and its client", zh = "启动了两个进程：服务器和客户端" },
        { function() return before(line "computation ends", line "the quick request is served") end,
          en = "the quick request is served after the computation", zh = "计算结束之后才处理快请求" },
      } },

    { run = "in-a-child", script = "compute-in-child", view = ".loop",
      en = "The same server, but now the computation runs in a child process. The quick request is asked meanwhile.",
      zh = "还是那个服务器，但计算放到子进程里去做。计算期间来了快请求。",
      look = {
        en = "the strip of the server stays free, the child's is busy: two processes, two loops.",
        zh = "服务器的时间条一直空闲，忙的是子进程：两个进程，两个事件循环。" },
      check = {
        { function() return saw("proc.start", { ppid = proc() }) end,
          en = "the server starts a child", zh = "服务器启动了一个子进程" },
        { function() return before(line "/ answered", line "/compute answered") end,
          en = "the quick answer comes before the computed one", zh = "快应答先于计算的应答到达" },
      } },

    { run = "heartbeat", script = "heartbeat.lua", view = ".loop",
      en = "A heart beats every 10 ms. First the process computes by itself for 200 ms, then a child does it.",
      zh = "每 10 毫秒跳一次心跳。先由本进程计算 200 毫秒，再由子进程计算。",
      look = {
        en = "first a long block (!) in the strip of A; then its child B is the busy one, and the heart of A beats on (t).",
        zh = "先是 A 的时间条上有一长段阻塞（!）；后来忙的是子进程 B，A 的心跳照常（t）。" } },

    { predict = "order", script = "next-tick.lua",
      en = [[
setImmediate, a promise's callback and process.nextTick are asked for in this order, then the main code
prints its line. Write the order in which they run, as letters:
m main code, t nextTick, p promise, i immediate.]],
      zh = [[
主代码依次安排了 setImmediate、一个 Promise 回调和 process.nextTick，然后自己打印一行。请用字母写出它们运行的先后：
m 主代码，t nextTick，p Promise，i immediate。]],
      known = "mtpi",
      answer = function()
        local rows = {
          { "m", line "synchronous" }, { "t", line "2 nextTick" }, { "p", line "4 promise" },
          { "i", line "setImmediate" },
        }
        table.sort(rows, function(a, b) return before(a[2], b[2]) end)
        local text = ""
        for _, row in ipairs(rows) do text = text .. row[1] end
        return text
      end,
      because = {
        en = [[
when the main code has ended, all ticks run, then all promises, and only then does the loop go on to its
next phase. nextTick does not mean "in the next round": it comes before the loop moves at all.]],
        zh = [[
主代码结束后，先清空所有 nextTick，再清空所有 Promise，然后事件循环才进入下一个阶段。
nextTick 的意思不是“下一轮”：它在事件循环往前走之前就运行了。]] } },

    { try = "small-sum", script = "blocking.lua",
      from = "local size = 100000000", to = "local size = 1000",
      en = "Make the sum small: in the line `local size = 100000000` write 1000.",
      zh = "把求和变小：把 `local size = 100000000` 这一行的数改成 1000。",
      differs = {
        en = "nobody notices that the thread was busy: the quick request hardly waits.",
        zh = "没人察觉线程忙过：快请求几乎不用等。" },
      check = {
        { function() return line "sum is 499500", line("sum is").text end,
          en = "the small sum is answered", zh = "返回了小的和" },
      } },

    { explain = "in-own-words",
      en = "Explain to somebody who has missed this hour: why does a timer of 0 ms come after the rest of the code?",
      zh = "讲给没来上这节课的同学听：为什么 0 毫秒的定时器也要等到其余代码之后？" },

    { exercise = "sum-in-slices",
      en = [[
Write sumInSlices(n, slice, cb): it sums 0 to n-1 without blocking longer than one slice, and calls cb(sum)
once. The file returns the function.]],
      zh = [[
写函数 sumInSlices(n, slice, cb)：求 0 到 n-1 的和，每次阻塞不超过一片（slice），最后调用一次 cb(sum)。
文件返回这个函数。]],
      hints = {
        { en = "Sum one slice, then leave: who calls you again?",
          zh = "先算一片，然后返回：谁会再来调用你？" },
        { en = "process.nextTick does not help: it runs before the loop goes on. setImmediate lets the loop go round.",
          zh = "process.nextTick 不行：它在事件循环继续之前就运行。setImmediate 才会让事件循环转一圈。" },
        { en = "Keep sum and the next number in locals around a function that sums one slice and ends with\n"
            .. "  if first < n then setImmediate(next) else cb(sum) end",
          zh = "把和与下一个数放在外层局部变量里，里面的函数算一片，最后一行是\n"
            .. "  if first < n then setImmediate(next) else cb(sum) end" },
      },
      check = {
        { function() return fact "sum", fact "sum" end,
          en = "cb is called for n = 10000000", zh = "n = 10000000 时调用了 cb" },
        { function() return fact "sum" == 49999995000000, fact "sum" end,
          en = "the sum is 49999995000000", zh = "和是 49999995000000" },
        { function() return fact "ticks" >= 5, fact "ticks" end,
          en = "an interval of 5 ms beside it fires at least five times",
          zh = "旁边 5 毫秒的间隔定时器至少触发五次" },
        { function() return fact "longest" <= 50, ("%.0f ms"):format(fact "longest") end,
          en = "between two beats at most 50 ms of processor time are used",
          zh = "两次心跳之间用掉的处理器时间不超过 50 毫秒" },
        { function() return fact "none" == 0, fact "none" end,
          en = "n = 0 gives 0", zh = "n = 0 时得到 0" },
        { function() return fact "calls" == 1, fact "calls" end,
          en = "cb is called once", zh = "cb 只调用一次" },
      } },

    { exercise = "second-end",
      en = [[
Find the bugs. The handler in the file stands in the notes, in much the same words. GET /compute is to answer
"Sum is 499999500000", GET / is to answer "ok", and each answer is finished once.]],
      zh = [[
找出错误。文件里的处理函数就是笔记里的，几乎一字不差。GET /compute 应该回答 "Sum is 499999500000"，
GET / 应该回答 "ok"，而且每个应答只结束一次。]],
      hints = {
        { en = "Ask for /compute and read the answer: is it a number that you see?",
          zh = "访问 /compute，读读应答：看到的是数字吗？" },
        { en = "In Lua, as in plain quotes of JavaScript, ${sum} is just text. The .. operator joins.",
          zh = "在 Lua 里，和 JavaScript 的普通引号一样，${sum} 只是文本。连接要用 .. 运算符。" },
        { en = "What runs after the if? A finished answer does not end the function.",
          zh = "if 之后还会运行什么？结束应答并不会结束函数。" },
      },
      check = {
        { function() return fact "compute" == "Sum is 499999500000", fact "compute" end,
          en = "/compute answers Sum is 499999500000", zh = "/compute 回答 Sum is 499999500000" },
        { function() return fact "root" == "ok", fact "root" end,
          en = "/ answers ok", zh = "/ 回答 ok" },
        { function() return fact "twice" == 1, fact "twice" end,
          en = "the answer of /compute is finished once", zh = "/compute 的应答只结束一次" },
      } },
  },
}
