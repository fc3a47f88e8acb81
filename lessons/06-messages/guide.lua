-- The guide of chapter 6; lessons/README.md tells what a guide is made of.
return {
  title = { en = "Messages between processes", zh = "进程间的消息" },
  minutes = 50,
  steps = {
    { say = "the-channel",
      en = [[
Two processes share nothing. fork puts a channel between parent and child: a pair of connected unix sockets.
The parent keeps one end; the child finds the other by a number in its environment, NODE_CHANNEL_FD.

send writes one message as a line of JSON. The other side reads it, makes a value of it and emits "message".
So a message is a copy, it arrives in order, and it has borders that a stream of bytes has not.]],
      zh = [[
两个进程什么也不共享。fork 在父子之间放一条通道：一对相连的 unix 套接字（socketpair）。
父进程拿着一端；子进程从环境变量 NODE_CHANNEL_FD 里的号码找到另一端。

send 把一条消息写成一行 JSON。对方读到后变回一个值，再发射 "message" 事件。
所以消息是副本，按序到达，而且有边界，这是字节流所没有的。]] },

    { run = "fork-hello", script = "fork-hello", view = ".lanes",
      en = "A parent says hello, its child answers. Two programs, two memories.",
      zh = "父进程打招呼，子进程回答。两个程序，两份内存。",
      look = {
        en = "an arrow down, an arrow up, and how long each message was under way.",
        zh = "一个向下的箭头，一个向上的箭头，以及每条消息在路上走了多久。" },
      check = {
        { function() return saw("ipc.send", { up = false, internal = false }) end,
          en = "the parent sends a message down", zh = "父进程向下发一条消息" },
        { function() return saw("ipc.recv", { up = true, internal = false }) end,
          en = "the answer arrives at the parent", zh = "回答到达父进程" },
      } },

    { run = "channel-fd", script = "channel-fd.lua", view = ".lanes",
      en = "The channel is nothing secret: here a shell script takes part, with echo and read.",
      zh = "通道没什么神秘的：这里一个 shell 脚本用 echo 和 read 参加了对话。",
      look = {
        en = "descriptor 3 in the child, and the line of JSON that the shell has printed.",
        zh = "子进程里的描述符 3，以及 shell 打印出来的那行 JSON。" },
      check = {
        { function() return line "message from the shell: hello = from a shell" end,
          en = "the shell's message arrives", zh = "shell 的消息到达了" },
        { function() return line 'shell received {"answer":42}' end,
          en = "the shell receives the answer", zh = "shell 收到了回答" },
      } },

    { predict = "changed-after-sending", script = "steps/changed-after-sending.lua",
      picture = [[
  local message = { count = 1 }
  child:send(message)
  message.count = 2]],
      en = "The parent changes a field of an object right after sending it. Which count does the child see?",
      zh = "父进程发送对象之后马上改了一个字段。子进程看到的 count 是几？",
      known = "1",
      answer = function() return line("the child has seen").text:match "%d+" end,
      because = {
        en = [[
send turned the value into bytes there and then. What the parent does with its own object afterwards concerns
the parent alone. A message is a copy of what was, not a look at what is.]],
        zh = [[
send 当场就把值变成了字节。父进程之后怎么改自己的对象，都是它自己的事。
消息是发送那一刻的副本，之后的改动它看不到。]] } },

    { predict = "same-object", script = "steps/same-object.lua",
      picture = [[
  local shared = { n = 1 }
  child:send { first = shared, second = shared }
  -- in the child:  m.first.n = 99   process.send(m)]],
      en = [[
One table stands twice in a message. The child sets n in the first one to 99 and sends the message back. What
are first.n and second.n then? Write two numbers.]],
      zh = [[
同一张表在一条消息里出现两次。子进程把第一个的 n 设为 99，再把消息发回来。
这时 first.n 和 second.n 各是多少？请写两个数。]],
      known = "99 1",
      answer = function()
        return table.concat({ line("first has").text:match "first has (%d+), second has (%d+)" }, " ")
      end,
      because = {
        en = [[
JSON knows values and no objects: the table was written twice, and two tables arrived. (With
serialization = "advanced" it stays one table inside a message; between the processes it is a copy still.)]],
        zh = [[
JSON 只认识值，不认识对象：这张表写了两遍，于是到了两张表。
（用 serialization = "advanced" 时，一条消息内它仍是同一张表；但进程之间还是副本。）]] } },

    { run = "json-lines", script = "json-lines.lua", view = ".taps",
      en = [[
Without a channel one can do the same by hand: JSON lines over stdin and stdout. Who keeps the borders of the
messages now?]],
      zh = "没有通道也能手工办到：用 stdin 和 stdout 传 JSON 行。现在由谁来划分消息的边界？",
      look = {
        en = "bytes on stdin and stdout of the child; the program itself has to cut them at the newlines.",
        zh = "子进程 stdin 与 stdout 上的字节；程序得自己按换行来切。" },
      check = {
        { function() return line "answer 3: 300" end,
          en = "three answers come over stdout", zh = "从 stdout 得到三个回答" },
        { function() return not saw "ipc.send" end,
          en = "no channel was needed", zh = "没有用到通道" },
      } },

    { run = "worker-to-worker", script = "worker-to-worker.lua", view = ".lanes",
      en = "Worker 1 wants to write to worker 3. There is no channel between them.",
      zh = "worker 1 想写给 worker 3。它们之间没有通道。",
      look = {
        en = "two hops: up to the master, and down to worker 3. Nobody else gets the message.",
        zh = "两跳：先上到 master，再下到 worker 3。别人都收不到。" },
      check = {
        { function() return line "master: from worker 1 to worker 3" end,
          en = "the master passes the message on", zh = "master 转发了消息" },
        { function() return line 'worker 3 received: "hello neighbour" from worker 1' end,
          en = "worker 3 receives it", zh = "worker 3 收到了" },
      } },

    { run = "disconnect", script = "disconnect.lua", view = ".ps",
      en = "A child that listens stays alive. How does it end? One of the two has to close the channel.",
      zh = "正在监听的子进程不会退出。那它怎么结束？总得有一方关闭通道。",
      look = {
        en = "the dotted line of the channel turns into an x when the child disconnects; then the child ends.",
        zh = "子进程断开时，通道的虚线变成 x；随后子进程结束。" },
      check = {
        { function() return before(saw "ipc.close", saw "proc.exit") end,
          en = "the channel closes, then a process ends", zh = "通道先关闭，然后有进程结束" },
        { function() return line "child: error ERR_IPC_CHANNEL_CLOSED" end,
          en = "sending afterwards is an error", zh = "之后再发送就出错" },
      } },

    { try = "another-neighbour", script = "worker-to-worker.lua",
      from = "workers[1]:send { write_to = 3 }", to = "workers[1]:send { write_to = 2 }",
      en = "Let worker 1 write to worker 2 instead.",
      zh = "让 worker 1 改为写给 worker 2。",
      differs = {
        en = "worker 2 gets it, by the same two hops; worker 3 knows nothing of it.",
        zh = "worker 2 收到了，同样是两跳；worker 3 毫不知情。" },
      check = {
        { function() return line 'worker 2 received: "hello neighbour" from worker 1' end,
          en = "worker 2 receives the message", zh = "worker 2 收到消息" },
      } },

    { explain = "lost-message",
      en = "A child calls process.send(result) and then process.exit(). Sometimes the result is missing in Node. Why?",
      zh = "子进程先 process.send(result)，再 process.exit()。在 Node 里结果有时会丢。为什么？" },

    { exercise = "call",
      en = [[
Write call(child, method, args, timeout): it sends { id, method, args }; the child answers { id, result } or
{ id, error } in any order. call promises the result of exactly this call. It is rejected after timeout ms, by
an error of the child, and at once when the child exits. No listener stays behind. The file returns call.]],
      zh = [[
写 call(child, method, args, timeout)：发送 { id, method, args }；子进程以任意先后回答 { id, result } 或
{ id, error }。call 返回的 Promise 给出的正是这一次调用的结果。超过 timeout 毫秒、子进程回答错误、
子进程退出时都要拒绝（reject）。不许留下监听器。文件返回 call。]],
      hints = {
        { en = "Give each call a number of its own, and take only the answer with that number.",
          zh = "给每次调用一个自己的编号，只认编号相同的回答。" },
        { en = "once(\"message\") is removed by the first message, even by somebody else's: use on, and remove it yourself.",
          zh = "once(\"message\") 会被第一条消息移除，哪怕那是别人的：用 on，自己移除。" },
        { en = "Four ways lead to the end: answer, error, time, exit. Let all of them go through one function that\n"
            .. "removes both listeners, clears the timer and settles the promise.",
          zh = "有四条路通向结束：回答、错误、超时、退出。让它们都走同一个函数：\n"
            .. "移除两个监听器，清除定时器，敲定 Promise（resolve 或 reject）。" },
      },
      check = {
        { function() return fact "right" == 100, fact "right" end,
          en = "100 calls at once, answered in random order, get their own answers",
          zh = "同时 100 次调用，乱序回答，各得其所" },
        { function() return fact "left" == 0, fact "left" end,
          en = "no listener is left after them", zh = "之后没有留下监听器" },
        { function() return fact "unknown", fact "text" end,
          en = "an unknown method is an error", zh = "未知的方法是错误" },
        { function() return fact "timeout", fact "after" end,
          en = "no answer is an error after the timeout", zh = "没有回答，超时后是错误" },
        { function() return fact "after" == 0, fact "after" end,
          en = "a call that timed out leaves no listener", zh = "超时的调用不留下监听器" },
        { function() return fact "failed" == 3, fact "failed" end,
          en = "a child that exits fails all open calls", zh = "子进程退出使所有未完成的调用失败" },
        { function() return fact "finally" == 0, fact "finally" end,
          en = "nothing is left at the end", zh = "最后什么也没留下" },
      } },
  },
}
