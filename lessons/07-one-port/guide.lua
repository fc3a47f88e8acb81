-- The guide of chapter 7; lessons/README.md tells what a guide is made of.
return {
  title = { en = "One port, several processes", zh = "一个端口，多个进程" },
  minutes = 50,
  steps = {
    { say = "a-listening-socket",
      en = [[
listen makes a socket that the system knows by its port. It belongs to the process that made it, like a file
that is open. A second process that asks for the same port is refused: EADDRINUSE.

But a descriptor can be handed over. On a channel between processes a socket travels like a message, and what
arrives is not a copy: it is the same socket in the system, with one more holder.]],
      zh = [[
listen 会创建一个套接字，系统按端口认识它。它属于创建它的进程，就像打开的文件一样。
另一个进程再要同一个端口，就会被拒绝：EADDRINUSE。

但描述符可以移交。在进程间的通道上，套接字可以像消息一样发送；到达的不是副本：
还是系统里的那一个套接字，只是多了一个持有者。]] },

    { run = "in-use", script = "in-use", view = ".ports",
      en = "Three workers ask for the same port, one after the other.",
      zh = "三个 worker 先后要监听同一个端口。",
      look = {
        en = "one holder, and two refusals that name it.",
        zh = "一个持有者，两次拒绝，并指出是谁占着。" },
      check = {
        { function() return port().holders == 1, port().holders end,
          en = "one process holds the port", zh = "一个进程持有这个端口" },
        { function() return count("port.err", { code = "EADDRINUSE" }) == 2, count "port.err" end,
          en = "two are refused with EADDRINUSE", zh = "两个被拒绝：EADDRINUSE" },
      } },

    { run = "hand-over", script = "hand-over", view = ".ports",
      en = "Now the master listens, and sends its socket to two workers. Then it closes its own.",
      zh = "这次由 master 监听，把套接字发给两个 worker，然后关掉自己的。",
      look = {
        en = "one inode with three holders; then the master closes it, and two are left. The workers answer, the"
          .. "\nmaster does not.",
        zh = "一个 inode，三个持有者；master 关闭之后剩两个。应答的是 worker，不是 master。" },
      check = {
        { function() return count "hnd.send" >= 2, count "hnd.send" end,
          en = "the socket is sent twice", zh = "套接字发送了两次" },
        { function()
            local sent = all "hnd.send"
            return sent[1].ino == sent[2].ino
          end,
          en = "it is the same socket both times", zh = "两次都是同一个套接字" },
        { function() return line "answered by workers 6, by the master 0" end,
          en = "the workers answer all six requests", zh = "六个请求都由 worker 应答" },
      } },

    { predict = "who-answers", script = "steps/who-wakes.lua",
      picture = [[
           one socket
         /     |     \
  worker 1  worker 2  worker 3       the master has closed its own]],
      en = [[
Three workers hold the passed socket and are idle. Twelve connections come in, one by one. How many answers
are there in all, and how many of them from the master? Write two numbers.]],
      zh = [[
三个 worker 都持有这个套接字，都空闲。十二个连接一个接一个地来。
总共有多少个应答？其中 master 应答了几个？请写两个数。]],
      known = "12 0",
      answer = function()
        return line("connections were answered").text:match "answered (%d+) times" .. " "
          .. line("answered by the master").text:match "%d+"
      end,
      because = {
        en = [[
one, two or all three workers may wake up when a connection comes; that depends on the system. Exactly one
gets it. The shares are not equal: nobody hands out turns, whoever is first takes it. Run it again and compare
the three numbers.]],
        zh = [[
来一个连接时，可能醒一个、两个或三个 worker，取决于系统。但只有一个能得到它。
份额并不均匀：没人安排轮流，先到先得。再运行一次，比较那三个数。]] } },

    { run = "master-keeps-it", script = "steps/master-keeps-it.lua", view = ".ports",
      en = "The same without the close: the master still holds the socket, and does nothing with connections.",
      zh = "同样的事，但不关闭：master 还持有套接字，却不处理连接。",
      look = {
        en = "the accepted counts: what the master accepts is never answered. Sending a server is not giving it away.",
        zh = "各自接受（accepted）的数目：master 接受的连接永远没人应答。发送 server 不等于交出它。" },
      check = {
        { function()
            local lost = tonumber(line("connections:").text:match "(%d+) accepted by the master")
            return lost > 0, lost
          end,
          en = "some connections are accepted by the master and never answered",
          zh = "有些连接被 master 接受，却没人应答" },
      } },

    { predict = "too-early", script = "steps/too-early.lua",
      picture = [[
  local early = net.createServer()
  child:send("server", early)        -- it does not listen yet]],
      en = "A server is sent before it listens. What does the worker get?",
      zh = "服务器还没监听就被发送出去了。worker 得到什么？",
      choices = {
        { en = "the server; it will listen in the worker", zh = "得到服务器，以后在 worker 里监听" },
        { en = "the message without a handle", zh = "只有消息，没有句柄" },
        { en = "nothing: send waits until it listens", zh = "什么也没有：send 一直等到它监听" },
      },
      known = 2,
      answer = function() return line "before listen: the worker has got nothing" and 2 or 1 end,
      because = {
        en = [[
there is no socket yet, so there is nothing to send: the message travels alone. This mistake is in many texts:
listen(port, host) looks up the host first, and listens only later. Wait for `listening`. Node says nothing;
here a warning does.]],
        zh = [[
还没有套接字，所以没东西可发：消息独自上路。很多文章都有这个错误：
listen(port, host) 要先解析主机名，之后才真正监听。请等 `listening` 事件。
Node 对此一声不吭；这里会给一条警告。]] } },

    { try = "port-zero", script = "in-use",
      from = "  port = m.port or port", to = "  port = 0",
      en = "Let every worker ask for port 0: change `port = m.port or port` to `port = 0`.",
      zh = "让每个 worker 都要端口 0：把 `port = m.port or port` 改成 `port = 0`。",
      differs = {
        en = "the system finds a free port for each: three sockets, three inodes, and nobody is refused.",
        zh = "系统给每个都找了一个空闲端口：三个套接字，三个 inode，没人被拒绝。" },
      check = {
        { function() return count "port.listen" == 3, count "port.listen" end,
          en = "three ports are listened on", zh = "监听了三个端口" },
        { function() return not saw "port.err" end,
          en = "nobody is refused", zh = "没有谁被拒绝" },
      } },

    { explain = "who-must-close",
      en = "Why must the process that has sent a listening socket close its own? And what if it dies instead?",
      zh = "发送了监听套接字的进程，为什么必须关掉自己的那个？如果它没关就死了呢？" },

    { exercise = "fewest",
      en = [[
Write front(server, workers): server listens and has pauseOnConnect; each connection is passed on with
worker:send("socket", socket) to the worker that has the fewest open ones. A worker says { closed = true } when
one of its connections has ended. Nothing is read in the front process. The file returns front.]],
      zh = [[
写 front(server, workers)：server 已经监听，并设置了 pauseOnConnect；每个连接用
worker:send("socket", socket) 交给未关闭连接最少的 worker。worker 的一个连接结束时会说 { closed = true }。
前台进程里不许读数据。文件返回 front。]],
      hints = {
        { en = "Keep a number for each worker. When does it go up, and who tells you that it goes down?",
          zh = "给每个 worker 记一个数。什么时候加？谁告诉你要减？" },
        { en = "Count when you send, not when the worker answers: the next connection may come before that.",
          zh = "发送时就加，不要等 worker 回答：下一个连接可能先到。" },
        { en = "worker:on(\"message\", function(m) if m.closed then open[i] = open[i] - 1 end end), and for each\n"
            .. "connection a loop that finds the smallest of open.",
          zh = "worker:on(\"message\", function(m) if m.closed then open[i] = open[i] - 1 end end)；\n"
            .. "每来一个连接，用循环找 open 里最小的。" },
      },
      check = {
        { function() return fact "bytes" == 30, fact "bytes" end,
          en = "the first byte of all 30 connections arrives in a worker",
          zh = "30 个连接的第一个字节都到了 worker 那里" },
        { function()
            local text = fact "first" .. " " .. fact "second" .. " " .. fact "third"
            return text == "10 10 10", text
          end,
          en = "30 connections on three workers are 10 each", zh = "30 个连接分给三个 worker，各 10 个" },
        { function() return fact "again" == 5, fact "again" end,
          en = "after five of worker 1 have closed, it gets the next five",
          zh = "worker 1 关掉五个之后，接下来的五个都归它" },
      } },
  },
}
