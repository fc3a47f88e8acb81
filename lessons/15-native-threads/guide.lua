-- The guide of chapter 15; lessons/README.md tells what a guide is made of.
return {
  title = { en = "Native threads behind asynchronous calls", zh = "异步调用背后的原生线程" },
  minutes = 40,
  steps = {
    { say = "who-does-the-work",
      en = [[
Your code runs on one thread. Two kinds of work go on beside it:

  waiting   sockets, pipes, timers: the system tells when something
            has come. No thread is needed.
  working   files, names of hosts, keys: a system call or a computation
            that takes its time. A pool of four threads does it.

Threads of the pool never run Lua code. They only bring the results.]],
      zh = [[
你的代码运行在一个线程上。旁边还有两类工作：

  等待   套接字、管道、定时器：有事时由系统通知。不需要线程。
  干活   文件、主机名、密钥：耗时的系统调用或计算。由四个线程的线程池来做，
         做完再通知事件循环。

线程池里的线程从不运行 Lua 代码，只负责把结果带回来。]] },

    { predict = "threads-for-timers", script = "steps/no-thread-needed.lua",
      en = "A process sets 100 timers and opens 10 connections. How many threads do they add?",
      zh = "进程设置 100 个定时器，打开 10 个连接。因此增加了几个线程？",
      known = "0",
      answer = function() return line("100 timers and 10 connections").text:match "added (%d+)" end,
      because = {
        en = [[
timers are a sorted list in the event loop; it asks the system to wake it at the first of them. Sockets are watched by
the same call. "A thread counts the time for setTimeout", as some texts say, is wrong: a busy loop would not delay
it then. The first file that is asked for starts the four threads of the pool.]],
        zh = [[
定时器是事件循环里一张排好序的表；它请系统在最早的那个到期时叫醒它。套接字由同一个调用看着。
有文章说“setTimeout 由一个定时器线程计时”，这不对：那样的话忙循环就不会耽误它了。
第一次读文件时，才启动线程池的四个线程。]] } },

    { run = "beside", script = "beside.lua", view = ".pool",
      en = "A file is read and a key derived, while an interval keeps ticking.",
      zh = "读一个文件，派生一把密钥，同时间隔定时器一直在跳。",
      look = {
        en = "two slots of the pool are in use; the strip of the loop stays free.",
        zh = "线程池用了两个位置；事件循环的时间条一直空闲。" },
      check = {
        { function() return before(line "the main thread goes on", line "file read: 1000000 bytes") end,
          en = "the main thread goes on before the file has been read", zh = "文件还没读完，主线程已经继续了" },
        { function() return line "the main thread ticked meanwhile: true" end,
          en = "the interval ticks meanwhile", zh = "期间定时器照常跳" },
      } },

    { predict = "two-groups", script = "steps/groups.lua",
      picture = [[
  pool:   [1] [2] [3] [4]        four threads
  queue:   5   6   7   8         eight equal derivations of about 100 ms]],
      en = [[
A pool of four threads, eight equal derivations, at least four processors. In how many groups do they end?
(Look at the times: with fewer processors the four share them, and the groups take longer.)]],
      zh = [[
四个线程的线程池，八个同样的密钥派生，至少四个处理器。它们分几批结束？
（请看时间：处理器不够四个时，四个线程要分着用，每批就更久。）]],
      known = "2",
      answer = function()
        local seen = count("pool.start", { kind = "crypto" })
        return math.ceil((seen > 0 and seen or 8) / 4)
      end,
      because = {
        en = [[
four start at once, the fifth has to wait until a thread is free. The pool has four threads unless the environment
says otherwise (UV_THREADPOOL_SIZE). The fifth readFile waits in the same queue: a full pool delays files, too.]],
        zh = [[
四个同时开始，第五个要等到有线程空出来。除非环境变量（UV_THREADPOOL_SIZE）另有规定，线程池就是四个线程。
第五个 readFile 也在同一个队列里等：池满了，读文件也会被耽误。]] } },

    { run = "groups", script = "steps/groups.lua", args = { "12" }, view = ".pool",
      en = "Twelve derivations, with the view of the pool.",
      zh = "十二个密钥派生，看线程池视图。",
      look = {
        en = "four slots in use, and the length of the queue: 8, 4, 0.",
        zh = "四个位置占满，队列长度：8、4、0。" },
      check = {
        { function() return before(line "all are asked for", line "1 of 12") end,
          en = "all are asked for before the first has ended", zh = "第一个结束之前，全部都已提交" },
        { function() return line "12 of 12" end,
          en = "all twelve end", zh = "十二个都结束了" },
      } },

    { run = "threads-of-a-process", script = "threads-of-a-process.lua", view = ".threads",
      en = "Count the threads of a process: at the start, with timers, with a Worker, with a file.",
      zh = "数一数进程的线程：开始时、有定时器时、有 Worker 时、读文件时。",
      look = {
        en = "a Worker adds one; the file adds those of the pool.",
        zh = "一个 Worker 增加一个线程；读文件增加线程池的线程。" },
      check = {
        { function() return line "two timers add no thread: true" end,
          en = "timers add no thread", zh = "定时器不增加线程" },
        { function() return line "a file read in the background adds those of the pool: true" end,
          en = "a file adds those of the pool", zh = "读文件增加线程池的线程" },
      } },

    { run = "two-files", script = "two-files.lua", view = ".pool",
      en = "For waiting, promises are enough: two files at once, on one thread of ours.",
      zh = "只是等待，用 Promise 就够了：一个线程，同时读两个文件。",
      look = {
        en = "both are asked for before the first has been read.",
        zh = "第一个还没读完，两个都已经提交了。" },
      check = {
        { function() return line "both requested, read, read" end,
          en = "both are requested first", zh = "先提交了两个" },
        { function() return line "one failure fails all: ENOENT" end,
          en = "one failure fails Promise.all", zh = "一个失败，Promise.all 就失败" },
      } },

    { try = "synchronous-key", script = "beside.lua",
      from = [[crypto.pbkdf2("密码", "盐值", 50000, 32, "sha512", function(err, key)
  if err then error(err) end
  done.crypto = key:toString("hex")
  finish()
end)]],
      to = [[done.crypto = crypto.pbkdf2Sync("密码", "盐值", 50000, 32, "sha512"):toString "hex"]],
      en = "Derive the key with pbkdf2Sync in the same place: done.crypto = crypto.pbkdf2Sync(...):toString \"hex\".",
      zh = "在同一处改用 pbkdf2Sync 派生密钥：done.crypto = crypto.pbkdf2Sync(...):toString \"hex\"。",
      differs = {
        en = "\"the main thread goes on\" comes late, and nothing ticks while the key is derived.",
        zh = "\"the main thread goes on\" 来得晚了，派生密钥期间定时器一下也不跳。" },
      check = {
        { function() return line "key: c0f504a1" end,
          en = "the same key comes out", zh = "得到同样的密钥" },
      } },

    { explain = "single-threaded",
      en = "\"Node is single-threaded.\" What is right about this sentence, and what is wrong?",
      zh = "“Node 是单线程的。”这句话哪里对，哪里不对？" },

    { exercise = "hash-files",
      en = [[
Write hashFiles(files): it promises a list, in the order of files, of { file, digest } with the sha256 in hex, or
{ file, error } with the code of what went wrong. Never more than four files are under way at once, and the event
loop is never held up. The file returns the function.]],
      zh = [[
写 hashFiles(files)：Promise 给出一张表，次序与 files 相同，每项是 { file, digest }（十六进制的 sha256），
或 { file, error }（错误码）。同时处理的文件从不超过四个，也绝不耽误事件循环。文件返回这个函数。]],
      hints = {
        { en = "Start four that each take the next file when they are done, until there are none left.",
          zh = "启动四个“工人”，各自做完就取下一个文件，直到取完。" },
        { en = "fs.createReadStream and hash:update for each piece: no file has to be in memory as a whole.",
          zh = "用 fs.createReadStream，每来一段就 hash:update：不必把整个文件放进内存。" },
        { en = "A stream gives \"error\" and then \"close\". Wait for \"close\" in either case: only then is its descriptor\n"
            .. "free.",
          zh = "流出错时先给 \"error\"，再给 \"close\"。无论如何都等 \"close\"：那时描述符才释放。" },
      },
      check = {
        { function() return fact "right" == 19, fact "failed" or fact "right" end,
          en = "nineteen digests are right", zh = "十九个摘要正确" },
        { function() return fact "errors" == 1 and fact "where" == "13 ENOENT", fact "where" end,
          en = "the missing file gives one error, ENOENT", zh = "缺失的文件给出一个错误：ENOENT" },
        { function() return fact "most" >= 2, fact "most" end,
          en = "several files are under way at once", zh = "同时处理着好几个文件" },
        { function() return fact "most" <= 4, fact "most" end,
          en = "but never more than four", zh = "但从不超过四个" },
        { function() return fact "longest" <= 50, ("%.0f ms"):format(fact "longest") end,
          en = "between two beats at most 50 ms of processor time are used",
          zh = "两次心跳之间用掉的处理器时间不超过 50 毫秒" },
      } },
  },
}
