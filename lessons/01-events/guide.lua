-- The guide of chapter 1; lessons/README.md tells what a guide is made of.
return {
  title = { en = "Events", zh = "事件" },
  minutes = 45,
  steps = {
    { say = "a-list-of-functions",
      en = [[
An emitter keeps, for each event name, a list of functions: the listeners. on(name, fn) puts fn at the end
of the list. emit(name, ...) walks down the list and calls one function after the other.

That is all. emit is a function call like any other: when it returns, every listener has returned. There
is no queue and no other thread. An event is not the same as something asynchronous.]],
      zh = [[
事件发射器（EventEmitter）为每个事件名保存一张函数表：监听器。on(name, fn) 把 fn 加到表尾；
emit(name, ...) 沿着表逐个调用这些函数。

仅此而已。emit 就是普通的函数调用：它返回的时候，所有监听器都已经返回了。
没有队列，也没有别的线程。事件不等于异步。]] },

    { run = "basic", script = "basic.lua", view = ".log",
      en = "One listener, two emits. Look at what emit itself answers.",
      zh = "一个监听器，发射两次。请看 emit 自己返回什么。",
      look = {
        en = "true where somebody listened, false where nobody did. Nothing waits, nothing is lost: it was a call.",
        zh = "有人监听时返回 true，没人监听时返回 false。没有等待，也没有丢失：这只是一次调用。" },
      check = {
        { function() return before(line "true", line "false") end,
          en = "the first emit answers true, the second false", zh = "第一次 emit 返回 true，第二次返回 false" },
      } },

    { predict = "two-events", script = "steps/two-events.lua",
      picture = [[
  emitter:on("x", function()         emitter:on("y", function()
    emitter:emit "y"                   print "the listener of y prints"
    print "the listener of x prints" end)
  end)
  emitter:emit "x"
  print "the program prints"]],
      en = [[
The listener of x emits y and then prints. In which order do the three lines come? Write the letters:
x for the line of x, y for the line of y, p for the program's.]],
      zh = [[
x 的监听器先发射 y，然后打印。三行输出的先后如何？请写字母：
x 表示 x 的那一行，y 表示 y 的那一行，p 表示程序自己的那一行。]],
      known = "yxp",
      answer = function()
        local rows = {
          { "x", line "the listener of x" }, { "y", line "the listener of y" }, { "p", line "the program" },
        }
        table.sort(rows, function(a, b) return before(a[2], b[2]) end)
        local text = ""
        for _, row in ipairs(rows) do text = text .. row[1] end
        return text
      end,
      because = {
        en = [[
emit "y" stands inside the listener of x: it is a call inside a call. The listener of y runs to its end,
then the rest of the listener of x, then emit "x" returns and the program goes on.]],
        zh = [[
emit "y" 写在 x 的监听器里面：是调用里的调用。先把 y 的监听器运行完，再运行 x 的监听器余下的部分，
然后 emit "x" 返回，程序才继续。]] } },

    { run = "emit-is-sync", script = "emit-is-sync.lua", view = ".log",
      en = [[
Now with several listeners of one event, and one that emits another event in the middle. For each emit,
point at the line after which it has returned.]],
      zh = [[
这次一个事件有好几个监听器，其中一个在中间又发射了别的事件。请指出每个 emit 在哪一行之后返回。]],
      look = {
        en = "the 111 of the inner emit stands between begins and ends of the second listener.",
        zh = "里层 emit 打印的那行 111，夹在第二个监听器的 begins 与 ends 之间。" },
      check = {
        { function() return before(line "111", line "222") end,
          en = "111 comes before 222", zh = "111 在 222 之前" },
        { function() return before(line "third listener", line "after emit") end,
          en = "emit returns after the third listener", zh = "第三个监听器之后 emit 才返回" },
      } },

    { try = "in-the-next-round", script = "emit-is-sync.lua",
      from = "  print(111)", to = "  setImmediate(print, 111)",
      en = "Let the listener put its work off: instead of `print(111)` write `setImmediate(print, 111)`.",
      zh = "让监听器把工作推后：把 `print(111)` 改成 `setImmediate(print, 111)`。",
      differs = {
        en = "222 now comes first, and both 111 come after everything else: emit still returned at once, but the"
          .. "\nwork was only asked for.",
        zh = "现在 222 先出现，两个 111 都排到了最后：emit 照样立即返回，只是工作被推后了。" },
      check = {
        { function() return before(line "after emit", line "111") end,
          en = "111 comes after the last emit has returned", zh = "最后一个 emit 返回之后才出现 111" },
      } },

    { predict = "reads", script = "avalanche.lua",
      picture = [[
  ten callers, all at once:         select_file: every caller waits with once,
  read_file(name, cb)               the first one starts the read]],
      en = [[
Ten callers want the same file at the same moment. How often is the file read when each one reads it, and
how often when all wait for one event with once? Write the two numbers: for example 3 2.]],
      zh = [[
十个调用者同时要读同一个文件。每个都自己去读，一共读几次？如果都用 once 等同一个事件，又读几次？
请写两个数，例如：3 2。]],
      known = "10 1",
      answer = function()
        local alone = line("without once").text:match "(%d+) reads"
        local shared = line("with once").text:match "(%d+) read"
        return alone .. " " .. shared
      end,
      because = {
        en = [[
with once, the other nine only leave a listener: the answer of the one read is emitted to all ten, and once
removes each of them. That is how a cache that has just been emptied is kept from an avalanche of reads.]],
        zh = [[
用了 once，另外九个只是留下一个监听器：那一次读取的结果发射给全部十个，once 又把它们逐一移除。
缓存刚失效时，就是这样挡住“雪崩”的。]] } },

    { run = "error-unheard", script = "error-unheard.lua", view = ".ps",
      en = [[
One event is special: `error`. A child emits it while nobody listens. What becomes of the child?]],
      zh = [[
有一个事件很特别：`error`。子进程在没人监听时发射它。子进程会怎样？]],
      look = {
        en = "the child ends with code 1; where the same emit stands in a pcall, the error is caught.",
        zh = "子进程以退出码 1 结束；同样的 emit 放在 pcall 里，错误就被捕获了。" },
      check = {
        { function() return saw("proc.exit", { code = 1 }) end,
          en = "a process ends with code 1", zh = "有一个进程以退出码 1 结束" },
        { function() return line "child exit code: 1" end,
          en = "its parent learns the code", zh = "父进程得知了退出码" },
      } },

    { run = "native-events", script = "native-events.lua", view = ".lanes 4",
      en = "Servers and streams are emitters, too. Nobody in this file calls emit. Who does?",
      zh = "服务器和流也是事件发射器。这个文件里没人调用 emit。那是谁调用的？",
      look = {
        en = "the event loop: when the system says that a connection can be accepted (accept) or bytes can be read, it"
          .. "\ncalls into the library, and the library emits.",
        zh = "是事件循环：系统说可以接受连接（accept）、可以读数据了，它就调用库里的函数，由库来发射事件。" },
      check = {
        { function() return before(saw "port.listen", saw "conn.accept") end,
          en = "a port is listened on, then a connection accepted", zh = "先监听端口，再接受连接" },
      } },

    { explain = "not-asynchronous",
      en = "Explain in your own words: a server's `connection` event is asynchronous, yet emit is not. How can both be true?",
      zh = "用自己的话解释：服务器的 `connection` 事件是异步的，emit 却不是。这两句话为什么都对？" },

    { exercise = "wait-all",
      en = [[
Write waitAll(emitter, names, cb): cb(nil, values) is called once, when each event of names has come at
least once; values[i] is the argument of names[i]. An error event before that calls cb(error). Afterwards
none of your listeners is left. The file returns the function.]],
      zh = [[
写函数 waitAll(emitter, names, cb)：names 里的每个事件都至少来过一次之后，调用一次 cb(nil, values)，
其中 values[i] 是 names[i] 的参数。在此之前如果来了 error 事件，就调用 cb(error)。
之后不许留下任何自己的监听器。文件返回这个函数。]],
      hints = {
        { en = "How do you know that all have come, whatever the order? Count those that are missing.",
          zh = "不管先后，怎么知道都来齐了？数一数还缺几个。" },
        { en = "An event that comes twice must not count twice: remove its listener at the first.",
          zh = "同一个事件来两次不能数两次：第一次来时就移除它的监听器。" },
        { en = "Keep each listener in a table, so that one function can remove all of them:\n"
            .. "  for name, fn in pairs(listeners) do emitter:removeListener(name, fn) end",
          zh = "把监听器都存进一张表，用一个函数统统移除：\n"
            .. "  for name, fn in pairs(listeners) do emitter:removeListener(name, fn) end" },
      },
      check = {
        { function() return fact "inOrder".values == "ABC", fact "inOrder".values end,
          en = "a, b, c give the values A, B, C", zh = "依次发射 a、b、c，得到 A、B、C" },
        { function() return fact "otherOrder".values == "ABC", fact "otherOrder".values end,
          en = "c, a, b give the values in the order of names", zh = "发射 c、a、b，值仍按 names 的顺序" },
        { function() return fact "otherOrder".calls == 1, fact "otherOrder".calls end,
          en = "in another order cb is called once, too", zh = "换一种先后，cb 也只调用一次" },
        { function()
            local twice = fact "twice"
            return twice.calls == 1 and twice.values == "ABC", twice.calls .. " x " .. twice.values
          end,
          en = "events that come twice call cb once, when all have come", zh = "事件来两次，cb 也只在全部到齐时调用一次" },
        { function() return fact "early".calls == 0, fact "early".calls end,
          en = "while c is missing cb is not called", zh = "还缺 c 时不调用 cb" },
        { function() return fact "failed".error == "broken" and fact "failed".calls == 1, fact "failed".error end,
          en = "an error before the end calls cb(error), once", zh = "结束之前的 error 事件调用一次 cb(error)" },
        { function() return fact "twice".left + fact "failed".left == 0, fact "twice".left + fact "failed".left end,
          en = "no listener is left behind", zh = "没有留下监听器" },
      } },
  },
}
