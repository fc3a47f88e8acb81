-- The guide of chapter 17; lessons/README.md tells what a guide is made of.
return {
  title = { en = "Beyond one machine", zh = "不止一台机器" },
  minutes = 45,
  steps = {
    { say = "what-still-works",
      en = [[
Channels, handles and shared memory end at the border of the machine. What goes on working is the socket: a TCP
connection reaches another machine as it reaches another process. Two things have to be made anew.

  borders   a socket carries bytes; both must agree where a message ends
  names     no pid over there: an address, or the name of a queue

A queue gives what a socket does not: sender and receiver need not be there at the same time.]],
      zh = [[
通道、句柄和共享内存都止于机器的边界。还能用的是套接字：TCP 连接到另一台机器，和到另一个进程没有两样。
但有两样东西得重新来：

  边界   套接字传的是字节；消息到哪里结束，要双方约定
  名字   另一台机器上的 worker 没有 pid 可用，只有地址，或者队列的名字

队列给了套接字给不了的东西：发送者和接收者不必同时在场。]] },

    { run = "sockets", script = "sockets.lua", view = ".ports",
      en = "The same code speaks over a TCP port and over a socket file.",
      zh = "同样的代码，既能用 TCP 端口，也能用套接字文件。",
      look = {
        en = "once an address and a port, once a path. The lines that speak are the same.",
        zh = "一次是地址加端口，一次是路径。说话的那几行是一样的。" },
      check = {
        { function() return line "tcp: client exit code 0" end,
          en = "it works over TCP", zh = "TCP 上能用" },
        { function() return line "local socket: client exit code 0" end,
          en = "and over a socket file", zh = "套接字文件上也能用" },
      } },

    { predict = "producer-gone", script = "message-queue.lua",
      picture = [[
  producer: puts 5 jobs, ends
  (nobody is there)
  consumer: takes 3]],
      en = [[
A producer puts five jobs into the queue and ends before any consumer is started. Then a consumer takes three.
How many jobs does the queue hold then?]],
      zh = [[
生产者往队列里放了五个任务，还没有消费者启动它就结束了。之后一个消费者取走三个。
这时队列里有几个任务？]],
      known = "2",
      answer = function()
        local took = line "consumer took: job 1, job 2, job 3"
        for i, text in ipairs(out()) do
          if i > took.n and text:find "the queue holds" then return text:match "%d+" end
        end
      end,
      because = {
        en = [[
the broker keeps the jobs while nobody is there: five minus three are two. With a bare socket the producer would
have had nobody to connect to.]],
        zh = [[
没人在场时，由 broker 保管任务：五减三等于二。如果只用套接字，生产者连接时对方还不存在。]] } },

    { run = "message-queue", script = "message-queue.lua", view = ".ps",
      en = "The same once more with the process tree: who lives when?",
      zh = "再来一遍，看进程树：谁在什么时候活着？",
      look = {
        en = "producer and consumers are never there at the same time.",
        zh = "生产者和消费者从未同时在场。" },
      check = {
        { function() return before(line "the producer is gone, the queue holds 5", line "consumer took") end,
          en = "the producer is gone before a consumer takes", zh = "生产者走了之后，消费者才来取" },
        { function() return line "consumer took: job 4, job 5" end,
          en = "the second consumer takes the rest", zh = "第二个消费者取走其余的" },
      } },

    { predict = "lost-job", script = "steps/dying-consumer.lua",
      picture = [[
  queue: 1 2 3 4 5      consumer takes 1 2 3, dies while doing 1]],
      en = [[
A consumer takes three of five jobs and is killed while it does the first one. How many jobs does the broker still
hold?]],
      zh = [[
消费者从五个任务里取走三个，正在做第一个时被杀死。broker 里还有几个任务？]],
      known = "2",
      answer = function() return line("jobs that the broker still holds").text:match "%d+" end,
      because = {
        en = [[
three jobs are lost: they were taken, so the broker forgot them. With an acknowledgement it forgets a job only when
it was done; then a lost job comes back, and may be done twice. At most once or at least once: there is no third
way over a line that may break.]],
        zh = [[
三个任务丢了：取走之后，broker 就忘了它们。有了确认（acknowledgement），做完才忘；
那样丢失的任务会回来，但可能做两遍。要么至多一次，要么至少一次：
在可能断开的线路上，没有第三种办法。]] } },

    { run = "redis", script = "steps/redis.lua", view = ".ps",
      en = [[
The same in a real broker, Redis (where it is not installed, a small one of ours takes its place): a job that is
taken moves to a second list, and leaves that one only when it was done.]],
      zh = [[
换成真正的 broker：Redis（没有安装的话，用我们自己的小 broker 代替）。
取走的任务移到第二个列表，做完才从那里删掉。]],
      look = {
        en = "waiting 2, under way 1: whoever looks after dead consumers knows what has to be done again.",
        zh = "等待 2，进行中 1：负责善后的人知道哪些要重做。" },
      check = {
        { function() return line "waiting 2, under way 1" end,
          en = "the job that was taken is under way", zh = "取走的任务在进行中" },
        { function() return line "done: waiting 2, under way 0" end,
          en = "it is gone when it was done", zh = "做完之后才消失" },
      } },

    { try = "another-question", script = "sockets.lua",
      from = [['{"ask":"21*2"}\n']], to = [['{"ask":"20+2"}\n']],
      en = "Let the client ask for 20+2.",
      zh = "让客户端改问 20+2。",
      differs = {
        en = "the server prints the new question, and answers 42 all the same: what a text means is up to its reader.",
        zh = "服务器打印出新的问题，却照样回答 42：文本是什么意思，由读它的人决定。" },
      check = {
        { function() return line "tcp: server received 20+2" end,
          en = "the new question arrives", zh = "新的问题到达了" },
      } },

    { explain = "pid-of-a-worker",
      en = "On one machine a master knows its workers by pid. What replaces the pid when the workers are elsewhere?",
      zh = "在一台机器上，master 用 pid 认识 worker。worker 在别处时，用什么来代替 pid？" },

    { exercise = "acknowledge", limit = 30, limit = 30,
      en = [[
Add acknowledgement and redelivery to the broker. A consumer gets { job, id } and says { done = id } when it has done
it. A job that was taken and not done comes back to the queue when its consumer goes away. server.held() counts the
jobs that wait or are under way. The file returns the function that makes the broker.]],
      zh = [[
给 broker 加上确认与重发。消费者得到 { job, id }，做完后说 { done = id }。
已取走但没做完的任务，在消费者离开时回到队列。server.held() 数出等待和进行中的任务。文件返回创建 broker 的函数。]],
      hints = {
        { en = "Keep what was given out: id -> job and socket. done removes the entry.",
          zh = "记住发出去的：id -> 任务和套接字。done 删掉这一条。" },
        { en = "socket:on(\"close\", ...) says that a consumer is gone, whether it ended or was killed.",
          zh = "socket:on(\"close\", ...) 表示消费者走了，不管它是自己结束还是被杀。" },
        { en = "At close: put its jobs back at the front of the queue, take its socket out of those that wait, and give again:\n"
            .. "somebody else may be waiting for exactly this job.",
          zh = "close 时：把它的任务放回队首，把它的套接字从等待者里删掉，然后再分发一次：\n"
            .. "也许正有人等着这个任务。" },
      },
      check = {
        { function() return fact "back", fact "back" end,
          en = "a job comes back when its consumer goes away, while another one is under way",
          zh = "消费者离开后，它的任务回到队列，即使另一个任务还在进行" },
        { function() return fact "done" == 100, fact "done" end,
          en = "every one of 100 jobs is done at least once", zh = "100 个任务每个至少做了一次" },
        { function() return fact "deaths" == 12, fact "deaths" end,
          en = "although twelve consumers die", zh = "尽管死了十二个消费者" },
        { function() return fact "twice" == 0, fact "twice" end,
          en = "done twice are only those whose consumer died", zh = "做了两遍的，只有消费者死掉的那些" },
        { function() return fact "held" == 0, fact "held" end,
          en = "the broker holds nothing at the end", zh = "最后 broker 里什么也不剩" },
      } },
  },
}
