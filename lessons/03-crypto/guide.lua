-- The guide of chapter 3; lessons/README.md tells what a guide is made of.
return {
  title = { en = "Crypto", zh = "加密" },
  minutes = 40,
  steps = {
    { say = "four-tools",
      en = [[
Four tools that are often mixed up:

  hash        no key    no way back   has the text changed?
  keyed hash  one key   no way back   has a stranger changed it?
  cipher      one key   way back      strangers cannot read it
  signature   two keys  no way back   who wrote it? All check, one signs.]],
      zh = [[
四种常被混淆的工具：

  散列 hash          没有密钥   不可还原   文本变了没有？
  带密钥散列 HMAC    一把密钥   不可还原   有没有不知道密钥的人改过它？
  加密 cipher        一把密钥   可以还原   不知道密钥的人读不懂
  签名 signature     两把密钥   不可还原   是谁写的？人人能验证，只有一人能签。]] },

    { predict = "one-size", script = "md5.lua",
      en = [[
md5 of an empty text and md5 of a text of 100,000 letters: which result is longer? Write the two lengths in
hex digits, for example 0 100000.]],
      zh = [[
空文本的 md5，和十万个字母的 md5，哪个结果更长？请写出两个长度（十六进制位数），例如：0 100000。]],
      known = "32 32",
      answer = function()
        return table.concat({ line("length in characters").text:match "(%d+), of a long text: (%d+)" }, " ")
      end,
      because = {
        en = [[
a digest has one size: 16 bytes for md5, 32 for sha256, whatever the text. So there are more texts than
digests, and two texts with one digest must exist. For md5 they can be made on purpose: it is unfit for
passwords and signatures. As a checksum of a transfer, where nobody attacks, it is still fine.]],
        zh = [[
摘要长度固定：md5 是 16 字节，sha256 是 32 字节，与文本无关。文本比摘要多，所以必有两段文本摘要相同。
对 md5 来说可以故意造出来：它不适合存密码和做签名。
但用来校验传输（没人攻击）仍然可以。]] } },

    { run = "one-letter", script = "steps/one-letter.lua", view = ".log",
      en = [[
Two texts differ in one letter. Their digests are compared bit by bit: an x marks a bit that differs.]],
      zh = [[
两段文本只差一个字母。逐位比较它们的摘要：x 表示这一位不同。]],
      look = {
        en = "about half of the bits differ, and no pattern shows which letter it was.",
        zh = "大约一半的位不同，而且看不出是哪个字母变了。" },
      check = {
        { function()
            local n = tonumber(line("bits differ").text:match "^(%d+) of 256")
            return n > 90 and n < 166, n
          end,
          en = "about half of the 256 bits differ", zh = "256 位中大约一半不同" },
      } },

    { run = "cipher", script = "cipher.lua", view = ".log",
      en = "A text of 15 characters is encrypted and decrypted, once with the right key and once with another.",
      zh = "把 15 个字符的文本加密再解密：一次用对的密钥，一次用别的密钥。",
      look = {
        en = "15 characters have become 16 bytes: the cipher works on whole blocks of 8 and fills up the last one.",
        zh = "15 个字符变成了 16 个字节：加密按 8 字节的整块进行，最后一块要填充（padding）。" },
      check = {
        { function() return line "15 characters become 16 bytes" end,
          en = "15 characters become 16 bytes", zh = "15 个字符变成 16 个字节" },
        { function() return line "decryption failed" end,
          en = "another key does not open it", zh = "别的密钥打不开" },
      } },

    { predict = "equal-rows", script = "steps/ecb.lua",
      picture = [[
  attack! attack!   attack! attack!   attack! attack!
  16 bytes          16 bytes          16 bytes         48 bytes of text]],
      en = [[
"attack! " is written six times and encrypted in blocks of 16 bytes, so three equal blocks go in. How many
different rows come out with ECB, and how many with CBC? Write two numbers.]],
      zh = [[
把 "attack! " 写六遍，按 16 字节一块加密，也就是送进去三个相同的块。
用 ECB 会出来几种不同的行？用 CBC 呢？请写两个数。]],
      known = "1 3",
      answer = function()
        return line("aes-128-ecb: ").text:match "(%d+) different" .. " "
          .. line("aes-128-cbc: ").text:match "(%d+) different"
      end,
      because = {
        en = [[
ECB encrypts each block by itself: equal text gives equal cipher text, and an onlooker sees the repetition
without knowing the key. CBC mixes each block with the one before; that is why it needs an iv to begin with.]],
        zh = [[
ECB 每块单独加密：明文相同，密文就相同，旁观者不知道密钥也看得出重复。
CBC 把每一块与前一块混在一起，所以开头需要一个初始向量（iv）。]] } },

    { run = "hash-large", script = "steps/hash-large.lua", view = ".loop",
      en = "200 MB are hashed on the main thread, in one go. A timer of 10 ms stands beside it.",
      zh = "在主线程上一口气散列 200 MB，旁边放一个 10 毫秒的定时器。",
      look = {
        en = "the strip of A: the loop is blocked while it hashes. Chapter 13 does the same in a thread.",
        zh = "A 的时间条：散列期间事件循环阻塞了。第 13 章会放到线程里再做一遍。" },
      check = {
        { function() return before(line "sha256 of 200 MB", line "a timer of 10 ms") end,
          en = "the timer comes after the hash", zh = "定时器在散列之后才触发" },
      } },

    { run = "sign", script = "sign.lua", view = ".log",
      en = "Hash, keyed hash and signature of the same message, side by side.",
      zh = "同一条消息的散列、带密钥散列和签名，放在一起看。",
      look = {
        en = "what each of the three needs: nothing, the key, the private key; and who can check it.",
        zh = "三者各需要什么：什么也不要、密钥、私钥；以及谁能验证。" },
      check = {
        { function() return line "verify the message: true" end,
          en = "the signature fits the message", zh = "签名与消息相符" },
        { function() return line "verify another one: false" end,
          en = "and no other message", zh = "换一条消息就不符" },
      } },

    { try = "right-key", script = "cipher.lua",
      from = [[print(decipher(secret, ("87654321"):rep(3)))]], to = [[print(decipher(secret, KEY))]],
      en = "Decipher with KEY in the second place, too.",
      zh = "第二次解密也用 KEY。",
      differs = {
        en = "the text comes back twice, and no decryption fails any more.",
        zh = "文本还原了两次，不再有解密失败。" },
      check = {
        { function()
            local times = 0
            for _, text in ipairs(out()) do if text == "hello world !!!" then times = times + 1 end end
            return times == 2, times
          end,
          en = "the text comes back twice", zh = "文本还原了两次" },
        { function() return not line "decryption failed" end,
          en = "no decryption fails", zh = "没有解密失败" },
      } },

    { explain = "passwords",
      en = "A site stores md5(password). Name two things that are wrong with that.",
      zh = "某网站存的是 md5(密码)。说出两处不妥。" },

    { exercise = "signed-message",
      en = [[
Write signedMessage(key, text): one line that holds the text and a keyed hash of it. openMessage(key, line)
gives the text, or nil when anything was changed or the key is another one. The text may hold newlines and
Chinese characters. The file returns both functions in a table.]],
      zh = [[
写 signedMessage(key, text)：返回一行，里面有文本和它的带密钥散列。openMessage(key, line) 返回文本；
如果有任何改动或密钥不对，就返回 nil。文本里可能有换行和汉字。文件返回装着这两个函数的表。]],
      hints = {
        { en = "crypto.createHash knows no key: everybody can make its result. crypto.createHmac(name, key) does.",
          zh = "crypto.createHash 没有密钥：谁都能算出结果。crypto.createHmac(名字, 密钥) 才有。" },
        { en = "How does a text with newlines fit into one line? Encode it first: hex or base64url.",
          zh = "带换行的文本怎么放进一行？先编码：hex 或 base64url。" },
        { en = "Compare the whole hash: crypto.timingSafeEqual(Buffer.from(a), Buffer.from(b)), which also tells an\n"
            .. "attacker nothing by the time it takes. Both sides must be of one length.",
          zh = "要比较整个散列：crypto.timingSafeEqual(Buffer.from(a), Buffer.from(b))，它耗时固定，\n"
            .. "攻击者从时间上也看不出什么。两边长度必须相同。" },
      },
      check = {
        { function() return fact "round" == fact "texts", fact "round" end,
          en = "every text comes back", zh = "每段文本都能还原" },
        { function() return fact "lines" == fact "texts", fact "lines" end,
          en = "the result is one line, whatever the text", zh = "无论什么文本，结果都是一行" },
        { function() return fact "stranger" == 0, fact "stranger" end,
          en = "a line made with another key does not open", zh = "用别的密钥做的行打不开" },
        { function() return fact "forged" == 0, fact "forged" end,
          en = "no changed character goes unnoticed", zh = "改动任何一个字符都会被发现" },
        { function() return fact "cut" == 0, fact "cut" end,
          en = "a line cut short does not open", zh = "截短的行打不开" },
      } },
  },
}
