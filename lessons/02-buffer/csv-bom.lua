-- A CSV file with a byte order mark
-- sample: S043
-- watch: three bytes more in the file, which are one character in the text; spreadsheet programs know by
--   them that the file is UTF-8.
-- try: write csv alone, without the mark: 23 bytes, and the text begins with 姓.
local fs = require "fs"
local os = require "os"
local path = require "path"

local dir = fs.mkdtempSync(path.join(os.tmpdir(), "s043-"))
local file = path.join(dir, "list.csv")
local BOM = Buffer.from { 0xef, 0xbb, 0xbf }

local csv = Buffer.from "姓名,数量\n苹果,3\n"
fs.writeFileSync(file, Buffer.concat { BOM, csv })

local read = fs.readFileSync(file)
print(("size %d = %d + 3"):format(#read, #csv))
print("first three bytes: " .. read:toString("hex", 0, 3))
print("first character of the text is U+FEFF: " .. tostring(utf8.codepoint(read:toString()) == 0xfeff))
local clean = read:subarray(0, 3):equals(BOM) and read:subarray(3) or read
print("without the mark: " .. clean:toString():match "[^\n]*")
fs.rmSync(dir, { recursive = true })
