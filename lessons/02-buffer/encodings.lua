-- One text, several encodings
-- sample: S036
-- watch: the same character is other bytes in each encoding, and the same byte another character.
-- try: encode "你" instead of "é" in latin1: it has no place there, and a byte of it is lost.
local buf = Buffer.from("hello world", "utf8")
print(buf:toString "hex")
print(buf:toString "base64")
print("default is utf8: " .. tostring(buf:toString() == buf:toString "utf8"))

print("é in utf8: " .. Buffer.from("é", "utf8"):toString "hex")
print("é in latin1: " .. Buffer.from("é", "latin1"):toString "hex")
print("é in utf16le: " .. Buffer.from("é", "utf16le"):toString "hex")
print("😀 in utf16le: " .. Buffer.from("😀", "utf16le"):toString "hex")
print("byte e9 read as latin1: " .. Buffer.from({ 0xe9 }):toString "latin1")
print("byte e9 read as ascii (high bit dropped): " .. Buffer.from({ 0xe9 }):toString "ascii")

print("from hex: " .. Buffer.from("68656c6c6f", "hex"):toString())
print("from base64: " .. Buffer.from("aGVsbG8gd29ybGQ=", "base64"):toString())
print(("bytes of 你好: utf8 %d utf16le %d"):format(Buffer.byteLength "你好",
  Buffer.byteLength("你好", "utf16le")))
