-- The guide of chapter 2; lessons/README.md tells what a guide is made of.
return {
  title = { en = "Buffer", zh = "Buffer" },
  minutes = 50,
  steps = {
    { say = "bytes-not-characters",
      en = [[
A Buffer is a piece of memory of a fixed length: so many bytes, each 0 to 255. It knows nothing of
characters. Text becomes bytes by an encoding, and the same encoding is needed to get the text back.

A Buffer's memory does not lie in the script's heap: the collector sees only a small object that points to
it. That is why a file of 200 MB can be held without the heap growing.]],
      zh = [[
Buffer 是一块固定长度的内存：若干个字节，每个 0 到 255。它不认识字符。
文本按某种编码变成字节；要变回文本，得用同一种编码。

Buffer 的内存不在脚本的堆（heap）里：垃圾回收器只看到一个指向它的小对象。
所以拿着一个 200 MB 的文件，堆也不会变大。]] },

    { predict = "seventeen", script = "cut-character.lua",
      picture = [[
  N  o  d  e  .  j  s  _  技       术       栈
  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
  0           4           8  9     11       14     17 ?]],
      en = [["Node.js 技术栈" as UTF-8: how many bytes?]],
      zh = [["Node.js 技术栈" 用 UTF-8 编码，一共多少字节？]],
      known = "17",
      answer = function() return line("bytes:").text:match "%d+" end,
      because = {
        en = [[
eight characters of ASCII take one byte each, the three Chinese ones three bytes each: 8 + 9 = 17. The first
nine bytes hold one third of 技, and a third of a character is no character: a replacement character is
printed. A StringDecoder keeps the incomplete bytes for the next piece.]],
        zh = [[
八个 ASCII 字符各占一个字节，三个汉字各占三个字节：8 + 9 = 17。
前九个字节里只有“技”的三分之一，三分之一个字符不是字符，所以打印出替换字符（�）。
StringDecoder 会把不完整的字节留着，等下一段来了再拼。]] } },

    { run = "cut-character", script = "cut-character.lua", view = ".log",
      en = "The same once more: find the place where the text is damaged, and the line with the cure.",
      zh = "再看一遍：找出文本损坏的地方，以及补救的那一行。",
      look = {
        en = "the text that a decoder puts together is whole; pieces turned into text one by one are damaged.",
        zh = "用解码器拼出来的文本是完整的；一段一段直接转换的文本坏了。" },
      check = {
        { function() return line "piece by piece with a decoder: Node.js 技术栈" end,
          en = "the decoder gives the whole text", zh = "解码器给出完整的文本" },
        { function() return line "piece by piece without: damaged true" end,
          en = "without it the text is damaged", zh = "不用解码器，文本就坏了" },
      } },

    { run = "off-heap", script = "steps/off-heap.lua", view = ".mem",
      en = "A Buffer of 32 MB is made. Which of the three numbers grows: heap, arrayBuffers, the whole process?",
      zh = "创建一个 32 MB 的 Buffer。三个数里哪个会变大：堆、arrayBuffers、整个进程？",
      look = {
        en = "the curves: BUFFERS and RSS grow by 32 MB and fall again when nobody refers to the Buffer any more. The"
          .. "\nheap stays small: each curve has a scale of its own.",
        zh = "看曲线：BUFFERS 和 RSS 涨了 32 MB，没人再引用这个 Buffer 时又降下来。堆一直很小：每条曲线有自己的比例。" },
      check = {
        { function() return line "outside the heap: grew by at least 32 MB true" end,
          en = "32 MB appear outside the heap", zh = "堆外多了 32 MB" },
        { function() return line "heap: grew by less than 8 MB true" end,
          en = "the heap does not follow", zh = "堆没有跟着变大" },
        { function() return before(line "still held: 32 MB", line "after the last reference: 0 MB") end,
          en = "after the last reference they are gone", zh = "最后一个引用消失之后，内存归还了" },
      } },

    { run = "slab", script = "slab.lua", view = ".log",
      en = [[
Small Buffers share blocks of 8 KiB. First the model of the notes: a slab is empty, partial or full.]],
      zh = [[
小的 Buffer 共用 8 KiB 的内存块。先看笔记里的模型：slab 有三种状态，empty、partial、full。]],
      look = {
        en = "a piece that does not fit opens a new slab; what was left of the old one stays unused.",
        zh = "放不下的一块会新开一个 slab；旧 slab 里剩下的就浪费了。" },
      check = {
        { function() return line "bytes left unused in closed slabs 8191" end,
          en = "8191 bytes are left unused", zh = "浪费了 8191 个字节" },
      } },

    { predict = "fifth-piece", script = "pool.lua",
      picture = [[
  0        2048      4096      6144      8192
  | first   | second  | third   | fourth  |        fifth = ?]],
      en = [[
Now the real pool. Five Buffers of 2048 bytes are taken, the first one at the start of a fresh block. At
which offset of its block does the fifth lie?]],
      zh = [[
再看真正的内存池。依次取五个 2048 字节的 Buffer，第一个正好在新块的开头。
第五个在它所在块的什么偏移处？]],
      choices = {
        { en = "8192, behind the fourth", zh = "8192，接在第四个后面" },
        { en = "0, of another block", zh = "0，在另一个块里" },
        { en = "it has memory of its own", zh = "它有自己单独的内存" },
      },
      known = 2,
      answer = function()
        local offset, same = line("fifth:").text:match "offset (%d+), same block as the first (%a+)"
        return same == "true" and 1 or offset == "0" and 2 or 3
      end,
      because = {
        en = [[
four pieces fill the block of 8192 bytes. The fifth does not fit, so a new block is opened and it is the
first one there. Buffers of half the pool's size and more, and all that alloc clears, never share.]],
        zh = [[
四块正好装满 8192 字节。第五个放不下，于是新开一块，它就是新块里的第一个。
达到池大小一半的 Buffer，以及 alloc 清零的 Buffer，从不共用内存块。]] } },

    { run = "bus-station", script = "bus-station.lua", view = ".taps",
      en = [[
Why buffers at all? Because two sides are rarely equally fast. In the notes a buffer is a bus station: who
comes before the bus has to wait.]],
      zh = [[
为什么需要缓冲？因为两边的速度很少一样。笔记里把缓冲比作公交车站：来得比车早的人就得等。]],
      look = {
        en = "write answers false when the station is full; `drain` says that it is empty again. That is back pressure.",
        zh = "车站满了，write 返回 false；`drain` 表示又空了。这就是背压（back pressure）。" },
      check = {
        { function() return before(line "bb may go on: false", line "drain: waiting 0 bytes") end,
          en = "the station is full, then drained", zh = "车站先满，后来又空了" },
      } },

    { try = "larger-station", script = "bus-station.lua",
      from = "  highWaterMark = 4,", to = "  highWaterMark = 8,",
      en = "Build a station for 8: change `highWaterMark = 4` to 8.",
      zh = "把车站建大些：把 `highWaterMark = 4` 改成 8。",
      differs = {
        en = "everybody may go on; nobody has to be told to wait.",
        zh = "大家都可以继续上；不必叫谁等着了。" },
      check = {
        { function() return line "cc may go on: true" end,
          en = "the last group may go on as well", zh = "最后一组也可以继续" },
      } },

    { run = "http-answer", script = "http-answer.lua", view = ".log",
      en = [[
A server answers 50 times with the same text, once as a Buffer made before the start, once as a string.]],
      zh = [[
服务器把同一段文本应答 50 次：一次用事先做好的 Buffer，一次用字符串。]],
      look = {
        en = "the client gets the same bytes. The string is turned into bytes 50 times, the Buffer once. How much that\n"
          .. "costs depends on the text: ASCII can be copied, Chinese characters must be encoded.",
        zh = "客户端收到的字节一样。字符串转换了 50 次，Buffer 只转换一次。代价多大取决于文本：\n"
          .. "ASCII 可以直接复制，汉字必须编码。" },
      check = {
        { function() return line "/buffer: 50 requests, 512000 bytes" end,
          en = "fifty answers from the Buffer", zh = "用 Buffer 应答了五十次" },
        { function() return line "/string: 50 requests, 512000 bytes" end,
          en = "the same bytes from the string", zh = "用字符串得到同样多的字节" },
      } },

    { explain = "which-encoding",
      en = "A friend stores a picture as a utf8 string and gets it back broken. What has happened, and what should be used?",
      zh = "朋友把图片按 utf8 字符串存起来，读回来却坏了。发生了什么？应该用什么？" },

    { exercise = "split-lines",
      en = [[
Write splitLines(chunks): chunks is a list of Buffers, a text in UTF-8 that was cut anywhere. It returns the
lines as a list of strings. A last line without a newline counts; an empty piece changes nothing.]],
      zh = [[
写函数 splitLines(chunks)：chunks 是一串 Buffer，是一段 UTF-8 文本，可能在任何地方被切断。
函数返回各行组成的字符串表。最后一行没有换行符也算一行；空的一段不影响结果。]],
      hints = {
        { en = "A piece may end in the middle of a character. Who keeps the bytes until the rest has come?",
          zh = "一段可能断在字符中间。谁替你保存这些字节，等剩下的到来？" },
        { en = "A piece may end in the middle of a line, too: keep the text behind the last newline for the next piece.",
          zh = "一段也可能断在一行中间：把最后一个换行符之后的文本留给下一段。" },
        { en = "require \"string_decoder\".StringDecoder: decoder:write(piece) for each piece, and at the end\n"
            .. "decoder:finish(). Then what is left is the last line.",
          zh = "用 require \"string_decoder\".StringDecoder：每一段 decoder:write(piece)，最后\n"
            .. "decoder:finish()。剩下的就是最后一行。" },
      },
      check = {
        { function() return fact "whole", fact "got" end,
          en = "the text in one piece gives its four lines", zh = "整段文本得到四行" },
        { function() return fact "wrong" == 0, fact "first" end,
          en = "cut anywhere in two, in three and into single bytes it gives the same",
          zh = "任意切成两段、三段、单个字节，结果都一样" },
        { function() return fact "newline" == '["a","b"]', fact "newline" end,
          en = [["a\nb\n" gives the lines a and b]], zh = [["a\nb\n" 得到 a 和 b 两行]] },
        { function() return fact "last" == '["a","b"]', fact "last" end,
          en = "a last line without a newline counts", zh = "最后一行没有换行符也算" },
        { function() return fact "nothing" == '["a"]', fact "nothing" end,
          en = "empty pieces change nothing", zh = "空的段不影响结果" },
      } },
  },
}
