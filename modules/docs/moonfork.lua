---@meta
-- Written by `make docs` from the rows of the source: change those.
-- Point lua-language-server's workspace.library at the folder of this file.

---What is thrown and what callbacks get first: an object with name, message and stack, and where they apply code, errno, syscall, path, dest, address, port and cause. Further fields may be set. It joins with .. and prints as text.
---@class Error
---@overload fun(...: any): Error
local Error = {}

---Makes a class of errors whose instances bear the name.
---@param name string
---@return class
function Error.extend(name) end

---Is the value an Error or of a class derived from it?
---@param value any
---@return boolean
function Error.isError(value) end

---Sets targetObject.stack to the place of the call.
---@param targetObject table
function Error.captureStackTrace(targetObject) end

---A value of the wrong kind.
---@class TypeError: Error
---@overload fun(...: any): TypeError
local TypeError = {}

---A value outside what is allowed.
---@class RangeError: Error
---@overload fun(...: any): RangeError
local RangeError = {}

---Text that cannot be parsed.
---@class SyntaxError: Error
---@overload fun(...: any): SyntaxError
local SyntaxError = {}

---Several errors as one: AggregateError(errors, message).
---@class AggregateError: Error
---@overload fun(...: any): AggregateError
local AggregateError = {}

---An operation was ended by an AbortSignal.
---@class AbortError: Error
---@overload fun(...: any): AbortError
local AbortError = {}

---A check has failed: an Error with actual, expected, operator, generatedMessage and the code ERR_ASSERTION.
---@class AssertionError: Error
---@overload fun(...: any): AssertionError
local AssertionError = {}

---What all typed arrays have: view[i] reads and writes the element at index i, counted from 0; #view is their number. It is no global: Uint8Array and its relatives are made.
---@class TypedArray
---@field length integer Number of elements, as #view.
---@field byteLength integer Number of bytes.
---@field byteOffset integer Where in its ArrayBuffer the view begins.
---@field buffer ArrayBuffer|SharedArrayBuffer The memory that the view shows.
local TypedArray = {}

---The element at the index; a negative one counts from the end.
---@param index integer
---@return number?
function TypedArray:at(index) end

---Copies the elements of a list or view to here, from the offset on.
---@param source number[]|TypedArray
---@param offset? integer
function TypedArray:set(source, offset) end

---A view of the same kind over a part of the same memory.
---@param start? integer
---@param stop? integer
---@return TypedArray
function TypedArray:subarray(start, stop) end

---A copy of a part, in memory of its own.
---@param start? integer
---@param stop? integer
---@return TypedArray
function TypedArray:slice(start, stop) end

---Stores one value in all elements, or in a part. Returns the view.
---@param value number
---@param start? integer
---@param stop? integer
---@return TypedArray
function TypedArray:fill(value, start, stop) end

---Copies a part of the view to another place in it. Returns the view.
---@param target integer
---@param start integer
---@param stop? integer
---@return TypedArray
function TypedArray:copyWithin(target, start, stop) end

---Turns the order of the elements round, in place. Returns the view.
---@return TypedArray
function TypedArray:reverse() end

---The index of the first element equal to the value, -1 when there is none.
---@param value number
---@param from? integer
---@return integer
function TypedArray:indexOf(value, from) end

---The index of the last element equal to the value, -1 when there is none.
---@param value number
---@param from? integer
---@return integer
function TypedArray:lastIndexOf(value, from) end

---Is there an element equal to the value?
---@param value number
---@param from? integer
---@return boolean
function TypedArray:includes(value, from) end

---The elements as text, with a comma or the separator between them.
---@param separator? string
---@return string
function TypedArray:join(separator) end

---The elements with commas between them.
---@return string
function TypedArray:toString() end

---Calls callback(value, index, view) for each element.
---@param callback function
function TypedArray:forEach(callback) end

---A new view of the same kind with what callback(value, index, view) gives.
---@param callback function
---@return TypedArray
function TypedArray:map(callback) end

---A new view of the same kind with the elements for which callback(value, index, view) is true.
---@param callback function
---@return TypedArray
function TypedArray:filter(callback) end

---What callback(result, value, index, view) gives last, each time with its result so far.
---@param callback function
---@param initial? any
---@return any
function TypedArray:reduce(callback, initial) end

---The same from the last element to the first.
---@param callback function
---@param initial? any
---@return any
function TypedArray:reduceRight(callback, initial) end

---Is callback(value, index, view) true for all elements?
---@param callback function
---@return boolean
function TypedArray:every(callback) end

---Is callback(value, index, view) true for any element?
---@param callback function
---@return boolean
function TypedArray:some(callback) end

---The first element for which callback(value, index, view) is true.
---@param callback function
---@return number?
function TypedArray:find(callback) end

---The index of that element, -1 when there is none.
---@param callback function
---@return integer
function TypedArray:findIndex(callback) end

---The last element for which callback(value, index, view) is true.
---@param callback function
---@return number?
function TypedArray:findLast(callback) end

---The index of that element, -1 when there is none.
---@param callback function
---@return integer
function TypedArray:findLastIndex(callback) end

---Sorts the elements in place, by their size or by compareFn(a, b): below 0 when a comes first.
---@param compareFn? function
---@return TypedArray
function TypedArray:sort(compareFn) end

---Iterates over the indexes.
---@return function
function TypedArray:keys() end

---Iterates over the elements.
---@return function
function TypedArray:values() end

---Iterates over index and element.
---@return function
function TypedArray:entries() end

---Uint8Array(length), (list), (view) or (arrayBuffer, byteOffset, length): bytes: whole numbers from 0 to 255.
---@class Uint8Array: TypedArray
---@overload fun(...: any): Uint8Array
local Uint8Array = {}

---A new Uint8Array with the elements of a list or another view.
---@param source number[]|TypedArray
---@return Uint8Array
function Uint8Array.from(source) end

---A new Uint8Array of the arguments.
---@param ... number
---@return Uint8Array
function Uint8Array.of(...) end

---A run of bytes outside Lua's heap, a Uint8Array with more methods. buf[i] reads and writes the byte at offset i, counted from 0 (stored & 255); #buf is its length. It joins with .. and prints as text. Small ones share slabs of Buffer.poolSize bytes, which buf.buffer and buf.byteOffset show.
---@class Buffer: Uint8Array
---@overload fun(...: any): Buffer
local Buffer = {}

---A new Buffer with the bytes of a string (in the encoding, default utf8), the numbers of a list or view, each & 255, or a window onto an ArrayBuffer from an offset on, length bytes wide.
---@param value string|TypedArray|ArrayBuffer|integer[]
---@param encodingOrOffset? string|integer
---@param length? integer
---@return Buffer
function Buffer.from(value, encodingOrOffset, length) end

---A Buffer of size bytes, zero or filled.
---@param size integer
---@param fill? string|Buffer|integer
---@param encoding? string
---@return Buffer
function Buffer.alloc(size, fill, encoding) end

---A Buffer whose bytes are whatever was in memory: faster, to be overwritten at once. A small one is cut from the pool.
---@param size integer
---@return Buffer
function Buffer.allocUnsafe(size) end

---The same with memory of its own, never from the pool.
---@param size integer
---@return Buffer
function Buffer.allocUnsafeSlow(size) end

---A new Buffer of the arguments, each & 255.
---@param ... integer
---@return Buffer
function Buffer.of(...) end

---A copy of a view's memory; offset and length count its elements.
---@param view TypedArray
---@param offset? integer
---@param length? integer
---@return Buffer
function Buffer.copyBytesFrom(view, offset, length) end

---One new Buffer of all those in the list, cut or filled up with zeros to totalLength.
---@param list Buffer[]
---@param totalLength? integer
---@return Buffer
function Buffer.concat(list, totalLength) end

---Is it a Buffer?
---@param value any
---@return boolean
function Buffer.isBuffer(value) end

---Is it the name of an encoding: utf8, utf16le, ucs2, latin1, binary, ascii, hex, base64, base64url?
---@param encoding any
---@return boolean
function Buffer.isEncoding(encoding) end

---How many bytes the text takes in the encoding.
---@param value string|Buffer
---@param encoding? string
---@return integer
function Buffer.byteLength(value, encoding) end

----1, 0 or 1: which comes first by its bytes. Buffer.compare(a, b) sorts a list.
---@param target Buffer
---@param targetStart? integer
---@param targetEnd? integer
---@param sourceStart? integer
---@param sourceEnd? integer
---@return integer
function Buffer:compare(target, targetStart, targetEnd, sourceStart, sourceEnd) end

---Same bytes? (== asks whether it is the same Buffer.)
---@param otherBuffer Buffer
---@return boolean
function Buffer:equals(otherBuffer) end

---Copies bytes into another Buffer, or inside this one. Returns how many.
---@param target Buffer
---@param targetStart? integer
---@param sourceStart? integer
---@param sourceEnd? integer
---@return integer
function Buffer:copy(target, targetStart, sourceStart, sourceEnd) end

---Fills with a byte, or with text or bytes over and over. Returns the Buffer.
---@param value string|Buffer|integer
---@param offset? integer
---@param stop? integer
---@param encoding? string
---@return Buffer
function Buffer:fill(value, offset, stop, encoding) end

---Writes text at the offset, whole characters only. Returns how many bytes.
---@param text string
---@param offset? integer
---@param length? integer
---@param encoding? string
---@return integer
function Buffer:write(text, offset, length, encoding) end

---The offset of the first place from byteOffset on where the value stands, -1 when there is none.
---@param value string|Buffer|integer
---@param byteOffset? integer
---@param encoding? string
---@return integer
function Buffer:indexOf(value, byteOffset, encoding) end

---The offset of the last place up to byteOffset, -1 when there is none.
---@param value string|Buffer|integer
---@param byteOffset? integer
---@param encoding? string
---@return integer
function Buffer:lastIndexOf(value, byteOffset, encoding) end

---Does the value stand anywhere from byteOffset on?
---@param value string|Buffer|integer
---@param byteOffset? integer
---@param encoding? string
---@return boolean
function Buffer:includes(value, byteOffset, encoding) end

---The bytes as text in the encoding, default utf8; invalid UTF-8 becomes U+FFFD.
---@param encoding? string
---@param start? integer
---@param stop? integer
---@return string
function Buffer:toString(encoding, start, stop) end

---The same as toString.
---@param encoding? string
---@param start? integer
---@param stop? integer
---@return string
function Buffer:toLocaleString(encoding, start, stop) end

---What util.inspect shows: `<Buffer 68 69>`.
---@return string
function Buffer:inspect() end

---The bytes as a raw Lua string. Offsets from 0, negative ones from the end.
---@param start? integer
---@param stop? integer
---@return string
function Buffer:bytes(start, stop) end

---A Buffer over a part of the same memory: what is written to one is seen in the other.
---@param start? integer
---@param stop? integer
---@return Buffer
function Buffer:slice(start, stop) end

---The same as slice.
---@param start? integer
---@param stop? integer
---@return Buffer
function Buffer:subarray(start, stop) end

---{ type = "Buffer", data = { ... } }, which from understands.
---@return table
function Buffer:toJSON() end

---Turns round the bytes of each number of 16 bits, in place. Returns the Buffer.
---@return Buffer
function Buffer:swap16() end

---Turns round the bytes of each number of 32 bits, in place. Returns the Buffer.
---@return Buffer
function Buffer:swap32() end

---Turns round the bytes of each number of 64 bits, in place. Returns the Buffer.
---@return Buffer
function Buffer:swap64() end

---Reads a signed integer of 8 bits.
---@param offset? integer
---@return integer
function Buffer:readInt8(offset) end

---Writes a signed integer of 8 bits. Returns the offset behind it.
---@param value integer
---@param offset? integer
---@return integer
function Buffer:writeInt8(value, offset) end

---Reads an unsigned integer of 8 bits.
---@param offset? integer
---@return integer
function Buffer:readUInt8(offset) end

---Writes an unsigned integer of 8 bits. Returns the offset behind it.
---@param value integer
---@param offset? integer
---@return integer
function Buffer:writeUInt8(value, offset) end

---Reads an unsigned integer of 8 bits.
---@param offset? integer
---@return integer
function Buffer:readUint8(offset) end

---Writes an unsigned integer of 8 bits. Returns the offset behind it.
---@param value integer
---@param offset? integer
---@return integer
function Buffer:writeUint8(value, offset) end

---Reads a signed integer of 16 bits, little end first.
---@param offset? integer
---@return integer
function Buffer:readInt16LE(offset) end

---Writes a signed integer of 16 bits, little end first. Returns the offset behind it.
---@param value integer
---@param offset? integer
---@return integer
function Buffer:writeInt16LE(value, offset) end

---Reads an unsigned integer of 16 bits, little end first.
---@param offset? integer
---@return integer
function Buffer:readUInt16LE(offset) end

---Writes an unsigned integer of 16 bits, little end first. Returns the offset behind it.
---@param value integer
---@param offset? integer
---@return integer
function Buffer:writeUInt16LE(value, offset) end

---Reads an unsigned integer of 16 bits, little end first.
---@param offset? integer
---@return integer
function Buffer:readUint16LE(offset) end

---Writes an unsigned integer of 16 bits, little end first. Returns the offset behind it.
---@param value integer
---@param offset? integer
---@return integer
function Buffer:writeUint16LE(value, offset) end

---Reads a signed integer of 16 bits, big end first.
---@param offset? integer
---@return integer
function Buffer:readInt16BE(offset) end

---Writes a signed integer of 16 bits, big end first. Returns the offset behind it.
---@param value integer
---@param offset? integer
---@return integer
function Buffer:writeInt16BE(value, offset) end

---Reads an unsigned integer of 16 bits, big end first.
---@param offset? integer
---@return integer
function Buffer:readUInt16BE(offset) end

---Writes an unsigned integer of 16 bits, big end first. Returns the offset behind it.
---@param value integer
---@param offset? integer
---@return integer
function Buffer:writeUInt16BE(value, offset) end

---Reads an unsigned integer of 16 bits, big end first.
---@param offset? integer
---@return integer
function Buffer:readUint16BE(offset) end

---Writes an unsigned integer of 16 bits, big end first. Returns the offset behind it.
---@param value integer
---@param offset? integer
---@return integer
function Buffer:writeUint16BE(value, offset) end

---Reads a signed integer of 32 bits, little end first.
---@param offset? integer
---@return integer
function Buffer:readInt32LE(offset) end

---Writes a signed integer of 32 bits, little end first. Returns the offset behind it.
---@param value integer
---@param offset? integer
---@return integer
function Buffer:writeInt32LE(value, offset) end

---Reads an unsigned integer of 32 bits, little end first.
---@param offset? integer
---@return integer
function Buffer:readUInt32LE(offset) end

---Writes an unsigned integer of 32 bits, little end first. Returns the offset behind it.
---@param value integer
---@param offset? integer
---@return integer
function Buffer:writeUInt32LE(value, offset) end

---Reads an unsigned integer of 32 bits, little end first.
---@param offset? integer
---@return integer
function Buffer:readUint32LE(offset) end

---Writes an unsigned integer of 32 bits, little end first. Returns the offset behind it.
---@param value integer
---@param offset? integer
---@return integer
function Buffer:writeUint32LE(value, offset) end

---Reads a signed integer of 32 bits, big end first.
---@param offset? integer
---@return integer
function Buffer:readInt32BE(offset) end

---Writes a signed integer of 32 bits, big end first. Returns the offset behind it.
---@param value integer
---@param offset? integer
---@return integer
function Buffer:writeInt32BE(value, offset) end

---Reads an unsigned integer of 32 bits, big end first.
---@param offset? integer
---@return integer
function Buffer:readUInt32BE(offset) end

---Writes an unsigned integer of 32 bits, big end first. Returns the offset behind it.
---@param value integer
---@param offset? integer
---@return integer
function Buffer:writeUInt32BE(value, offset) end

---Reads an unsigned integer of 32 bits, big end first.
---@param offset? integer
---@return integer
function Buffer:readUint32BE(offset) end

---Writes an unsigned integer of 32 bits, big end first. Returns the offset behind it.
---@param value integer
---@param offset? integer
---@return integer
function Buffer:writeUint32BE(value, offset) end

---Reads a signed integer of 64 bits, little end first.
---@param offset? integer
---@return integer
function Buffer:readBigInt64LE(offset) end

---Writes a signed integer of 64 bits, little end first. Returns the offset behind it.
---@param value integer
---@param offset? integer
---@return integer
function Buffer:writeBigInt64LE(value, offset) end

---Reads an unsigned integer of 64 bits, little end first.
---@param offset? integer
---@return integer
function Buffer:readBigUInt64LE(offset) end

---Writes an unsigned integer of 64 bits, little end first. Returns the offset behind it.
---@param value integer
---@param offset? integer
---@return integer
function Buffer:writeBigUInt64LE(value, offset) end

---Reads an unsigned integer of 64 bits, little end first.
---@param offset? integer
---@return integer
function Buffer:readBigUint64LE(offset) end

---Writes an unsigned integer of 64 bits, little end first. Returns the offset behind it.
---@param value integer
---@param offset? integer
---@return integer
function Buffer:writeBigUint64LE(value, offset) end

---Reads a float of 32 bits, little end first.
---@param offset? integer
---@return number
function Buffer:readFloatLE(offset) end

---Writes a float of 32 bits, little end first. Returns the offset behind it.
---@param value number
---@param offset? integer
---@return integer
function Buffer:writeFloatLE(value, offset) end

---Reads a float of 64 bits, little end first.
---@param offset? integer
---@return number
function Buffer:readDoubleLE(offset) end

---Writes a float of 64 bits, little end first. Returns the offset behind it.
---@param value number
---@param offset? integer
---@return integer
function Buffer:writeDoubleLE(value, offset) end

---Reads a signed integer of 1 to 6 bytes, little end first.
---@param offset integer
---@param byteLength integer
---@return integer
function Buffer:readIntLE(offset, byteLength) end

---Writes a signed integer of 1 to 6 bytes, little end first. Returns the offset behind it.
---@param value integer
---@param offset integer
---@param byteLength integer
---@return integer
function Buffer:writeIntLE(value, offset, byteLength) end

---Reads an unsigned integer of 1 to 6 bytes, little end first.
---@param offset integer
---@param byteLength integer
---@return integer
function Buffer:readUIntLE(offset, byteLength) end

---Writes an unsigned integer of 1 to 6 bytes, little end first. Returns the offset behind it.
---@param value integer
---@param offset integer
---@param byteLength integer
---@return integer
function Buffer:writeUIntLE(value, offset, byteLength) end

---Reads an unsigned integer of 1 to 6 bytes, little end first.
---@param offset integer
---@param byteLength integer
---@return integer
function Buffer:readUintLE(offset, byteLength) end

---Writes an unsigned integer of 1 to 6 bytes, little end first. Returns the offset behind it.
---@param value integer
---@param offset integer
---@param byteLength integer
---@return integer
function Buffer:writeUintLE(value, offset, byteLength) end

---Reads a signed integer of 64 bits, big end first.
---@param offset? integer
---@return integer
function Buffer:readBigInt64BE(offset) end

---Writes a signed integer of 64 bits, big end first. Returns the offset behind it.
---@param value integer
---@param offset? integer
---@return integer
function Buffer:writeBigInt64BE(value, offset) end

---Reads an unsigned integer of 64 bits, big end first.
---@param offset? integer
---@return integer
function Buffer:readBigUInt64BE(offset) end

---Writes an unsigned integer of 64 bits, big end first. Returns the offset behind it.
---@param value integer
---@param offset? integer
---@return integer
function Buffer:writeBigUInt64BE(value, offset) end

---Reads an unsigned integer of 64 bits, big end first.
---@param offset? integer
---@return integer
function Buffer:readBigUint64BE(offset) end

---Writes an unsigned integer of 64 bits, big end first. Returns the offset behind it.
---@param value integer
---@param offset? integer
---@return integer
function Buffer:writeBigUint64BE(value, offset) end

---Reads a float of 32 bits, big end first.
---@param offset? integer
---@return number
function Buffer:readFloatBE(offset) end

---Writes a float of 32 bits, big end first. Returns the offset behind it.
---@param value number
---@param offset? integer
---@return integer
function Buffer:writeFloatBE(value, offset) end

---Reads a float of 64 bits, big end first.
---@param offset? integer
---@return number
function Buffer:readDoubleBE(offset) end

---Writes a float of 64 bits, big end first. Returns the offset behind it.
---@param value number
---@param offset? integer
---@return integer
function Buffer:writeDoubleBE(value, offset) end

---Reads a signed integer of 1 to 6 bytes, big end first.
---@param offset integer
---@param byteLength integer
---@return integer
function Buffer:readIntBE(offset, byteLength) end

---Writes a signed integer of 1 to 6 bytes, big end first. Returns the offset behind it.
---@param value integer
---@param offset integer
---@param byteLength integer
---@return integer
function Buffer:writeIntBE(value, offset, byteLength) end

---Reads an unsigned integer of 1 to 6 bytes, big end first.
---@param offset integer
---@param byteLength integer
---@return integer
function Buffer:readUIntBE(offset, byteLength) end

---Writes an unsigned integer of 1 to 6 bytes, big end first. Returns the offset behind it.
---@param value integer
---@param offset integer
---@param byteLength integer
---@return integer
function Buffer:writeUIntBE(value, offset, byteLength) end

---Reads an unsigned integer of 1 to 6 bytes, big end first.
---@param offset integer
---@param byteLength integer
---@return integer
function Buffer:readUintBE(offset, byteLength) end

---Writes an unsigned integer of 1 to 6 bytes, big end first. Returns the offset behind it.
---@param value integer
---@param offset integer
---@param byteLength integer
---@return integer
function Buffer:writeUintBE(value, offset, byteLength) end

---ArrayBuffer(length): a block of zero bytes outside Lua's heap. It is read and written through a view: a typed array, a DataView, a Buffer.
---@class ArrayBuffer
---@field byteLength integer Number of bytes.
---@overload fun(...: any): ArrayBuffer
local ArrayBuffer = {}

---Is the value a view: a typed array, a Buffer or a DataView?
---@param value any
---@return boolean
function ArrayBuffer.isView(value) end

---A new ArrayBuffer with a copy of the bytes; negative offsets count from the end.
---@param start? integer
---@param stop? integer
---@return ArrayBuffer
function ArrayBuffer:slice(start, stop) end

---SharedArrayBuffer(length): a block of zero bytes that several threads may see at once.
---@class SharedArrayBuffer
---@field byteLength integer Number of bytes.
---@overload fun(...: any): SharedArrayBuffer
local SharedArrayBuffer = {}

---A new SharedArrayBuffer with a copy of the bytes; negative offsets count from the end.
---@param start? integer
---@param stop? integer
---@return SharedArrayBuffer
function SharedArrayBuffer:slice(start, stop) end

---Int8Array(length), (list), (view) or (arrayBuffer, byteOffset, length): whole numbers from -128 to 127.
---@class Int8Array: TypedArray
---@overload fun(...: any): Int8Array
local Int8Array = {}

---A new Int8Array with the elements of a list or another view.
---@param source number[]|TypedArray
---@return Int8Array
function Int8Array.from(source) end

---A new Int8Array of the arguments.
---@param ... number
---@return Int8Array
function Int8Array.of(...) end

---Uint8ClampedArray(length), (list), (view) or (arrayBuffer, byteOffset, length): bytes; what is below 0 or above 255 becomes 0 or 255, halves go to the even number.
---@class Uint8ClampedArray: TypedArray
---@overload fun(...: any): Uint8ClampedArray
local Uint8ClampedArray = {}

---A new Uint8ClampedArray with the elements of a list or another view.
---@param source number[]|TypedArray
---@return Uint8ClampedArray
function Uint8ClampedArray.from(source) end

---A new Uint8ClampedArray of the arguments.
---@param ... number
---@return Uint8ClampedArray
function Uint8ClampedArray.of(...) end

---Int16Array(length), (list), (view) or (arrayBuffer, byteOffset, length): whole numbers of 16 bits.
---@class Int16Array: TypedArray
---@overload fun(...: any): Int16Array
local Int16Array = {}

---A new Int16Array with the elements of a list or another view.
---@param source number[]|TypedArray
---@return Int16Array
function Int16Array.from(source) end

---A new Int16Array of the arguments.
---@param ... number
---@return Int16Array
function Int16Array.of(...) end

---Uint16Array(length), (list), (view) or (arrayBuffer, byteOffset, length): whole numbers of 16 bits from 0 on.
---@class Uint16Array: TypedArray
---@overload fun(...: any): Uint16Array
local Uint16Array = {}

---A new Uint16Array with the elements of a list or another view.
---@param source number[]|TypedArray
---@return Uint16Array
function Uint16Array.from(source) end

---A new Uint16Array of the arguments.
---@param ... number
---@return Uint16Array
function Uint16Array.of(...) end

---Int32Array(length), (list), (view) or (arrayBuffer, byteOffset, length): whole numbers of 32 bits.
---@class Int32Array: TypedArray
---@overload fun(...: any): Int32Array
local Int32Array = {}

---A new Int32Array with the elements of a list or another view.
---@param source number[]|TypedArray
---@return Int32Array
function Int32Array.from(source) end

---A new Int32Array of the arguments.
---@param ... number
---@return Int32Array
function Int32Array.of(...) end

---Uint32Array(length), (list), (view) or (arrayBuffer, byteOffset, length): whole numbers of 32 bits from 0 on.
---@class Uint32Array: TypedArray
---@overload fun(...: any): Uint32Array
local Uint32Array = {}

---A new Uint32Array with the elements of a list or another view.
---@param source number[]|TypedArray
---@return Uint32Array
function Uint32Array.from(source) end

---A new Uint32Array of the arguments.
---@param ... number
---@return Uint32Array
function Uint32Array.of(...) end

---Float32Array(length), (list), (view) or (arrayBuffer, byteOffset, length): floats of 32 bits.
---@class Float32Array: TypedArray
---@overload fun(...: any): Float32Array
local Float32Array = {}

---A new Float32Array with the elements of a list or another view.
---@param source number[]|TypedArray
---@return Float32Array
function Float32Array.from(source) end

---A new Float32Array of the arguments.
---@param ... number
---@return Float32Array
function Float32Array.of(...) end

---Float64Array(length), (list), (view) or (arrayBuffer, byteOffset, length): floats of 64 bits.
---@class Float64Array: TypedArray
---@overload fun(...: any): Float64Array
local Float64Array = {}

---A new Float64Array with the elements of a list or another view.
---@param source number[]|TypedArray
---@return Float64Array
function Float64Array.from(source) end

---A new Float64Array of the arguments.
---@param ... number
---@return Float64Array
function Float64Array.of(...) end

---BigInt64Array(length), (list), (view) or (arrayBuffer, byteOffset, length): integers of 64 bits, Lua's own kind.
---@class BigInt64Array: TypedArray
---@overload fun(...: any): BigInt64Array
local BigInt64Array = {}

---A new BigInt64Array with the elements of a list or another view.
---@param source number[]|TypedArray
---@return BigInt64Array
function BigInt64Array.from(source) end

---A new BigInt64Array of the arguments.
---@param ... number
---@return BigInt64Array
function BigInt64Array.of(...) end

---BigUint64Array(length), (list), (view) or (arrayBuffer, byteOffset, length): 64 bits as a Lua integer: from 2^63 on it comes out negative.
---@class BigUint64Array: TypedArray
---@overload fun(...: any): BigUint64Array
local BigUint64Array = {}

---A new BigUint64Array with the elements of a list or another view.
---@param source number[]|TypedArray
---@return BigUint64Array
function BigUint64Array.from(source) end

---A new BigUint64Array of the arguments.
---@param ... number
---@return BigUint64Array
function BigUint64Array.of(...) end

---DataView(arrayBuffer, byteOffset, byteLength) reads and writes numbers of any kind at any offset, counted from 0.
---@class DataView
---@field byteLength integer Number of bytes.
---@field byteOffset integer Where in its ArrayBuffer the view begins.
---@field buffer ArrayBuffer|SharedArrayBuffer The memory that the view shows.
---@overload fun(...: any): DataView
local DataView = {}

---Reads a signed integer of 8 bits.
---@param byteOffset integer
---@return integer
function DataView:getInt8(byteOffset) end

---Writes a signed integer of 8 bits.
---@param byteOffset integer
---@param value integer
function DataView:setInt8(byteOffset, value) end

---Reads an unsigned integer of 8 bits.
---@param byteOffset integer
---@return integer
function DataView:getUint8(byteOffset) end

---Writes an unsigned integer of 8 bits.
---@param byteOffset integer
---@param value integer
function DataView:setUint8(byteOffset, value) end

---Reads a signed integer of 16 bits; the big end comes first unless littleEndian.
---@param byteOffset integer
---@param littleEndian? boolean
---@return integer
function DataView:getInt16(byteOffset, littleEndian) end

---Writes a signed integer of 16 bits; the big end comes first unless littleEndian.
---@param byteOffset integer
---@param value integer
---@param littleEndian? boolean
function DataView:setInt16(byteOffset, value, littleEndian) end

---Reads an unsigned integer of 16 bits; the big end comes first unless littleEndian.
---@param byteOffset integer
---@param littleEndian? boolean
---@return integer
function DataView:getUint16(byteOffset, littleEndian) end

---Writes an unsigned integer of 16 bits; the big end comes first unless littleEndian.
---@param byteOffset integer
---@param value integer
---@param littleEndian? boolean
function DataView:setUint16(byteOffset, value, littleEndian) end

---Reads a signed integer of 32 bits; the big end comes first unless littleEndian.
---@param byteOffset integer
---@param littleEndian? boolean
---@return integer
function DataView:getInt32(byteOffset, littleEndian) end

---Writes a signed integer of 32 bits; the big end comes first unless littleEndian.
---@param byteOffset integer
---@param value integer
---@param littleEndian? boolean
function DataView:setInt32(byteOffset, value, littleEndian) end

---Reads an unsigned integer of 32 bits; the big end comes first unless littleEndian.
---@param byteOffset integer
---@param littleEndian? boolean
---@return integer
function DataView:getUint32(byteOffset, littleEndian) end

---Writes an unsigned integer of 32 bits; the big end comes first unless littleEndian.
---@param byteOffset integer
---@param value integer
---@param littleEndian? boolean
function DataView:setUint32(byteOffset, value, littleEndian) end

---Reads a float of 32 bits; the big end comes first unless littleEndian.
---@param byteOffset integer
---@param littleEndian? boolean
---@return number
function DataView:getFloat32(byteOffset, littleEndian) end

---Writes a float of 32 bits; the big end comes first unless littleEndian.
---@param byteOffset integer
---@param value number
---@param littleEndian? boolean
function DataView:setFloat32(byteOffset, value, littleEndian) end

---Reads a float of 64 bits; the big end comes first unless littleEndian.
---@param byteOffset integer
---@param littleEndian? boolean
---@return number
function DataView:getFloat64(byteOffset, littleEndian) end

---Writes a float of 64 bits; the big end comes first unless littleEndian.
---@param byteOffset integer
---@param value number
---@param littleEndian? boolean
function DataView:setFloat64(byteOffset, value, littleEndian) end

---Reads an integer of 64 bits; the big end comes first unless littleEndian.
---@param byteOffset integer
---@param littleEndian? boolean
---@return integer
function DataView:getBigInt64(byteOffset, littleEndian) end

---Writes an integer of 64 bits; the big end comes first unless littleEndian.
---@param byteOffset integer
---@param value integer
---@param littleEndian? boolean
function DataView:setBigInt64(byteOffset, value, littleEndian) end

---Reads an integer of 64 bits; the big end comes first unless littleEndian.
---@param byteOffset integer
---@param littleEndian? boolean
---@return integer
function DataView:getBigUint64(byteOffset, littleEndian) end

---Writes an integer of 64 bits; the big end comes first unless littleEndian.
---@param byteOffset integer
---@param value integer
---@param littleEndian? boolean
function DataView:setBigUint64(byteOffset, value, littleEndian) end

---Writes values for a person to read. The console object is one; Console(stdout, stderr) or Console{ stdout = ..., ... } makes another over streams of your own, in which all of its functions work. They may be called with a dot or a colon.
---@class Console
---@overload fun(...: any): Console
local Console = {}

---The constructor: with streams, or a table of options.
---@param stdout Writable|table
---@param stderr? Writable
---@param ignoreErrors? boolean
function Console:init(stdout, stderr, ignoreErrors) end

---Writes the values to standard output as one line, as util.format puts them together: strings as they are, tables opened.
---@param ... any
function Console:log(...) end

---The same as log.
---@param ... any
function Console:info(...) end

---The same as log.
---@param ... any
function Console:debug(...) end

---As log, to standard error.
---@param ... any
function Console:error(...) end

---The same as error.
---@param ... any
function Console:warn(...) end

---Shows one value with the options of util.inspect, without asking its own inspect method.
---@param value any
---@param options? table
function Console:dir(value, options) end

---The same as log.
---@param ... any
function Console:dirxml(...) end

---Writes `Trace: text` and the calls that led here to standard error.
---@param ... any
function Console:trace(...) end

---Writes `Assertion failed` and the further values to standard error when the value is nil or false. Nothing is raised.
---@param value any
---@param ... any
function Console:assert(value, ...) end

---Writes how often it was called with this label.
---@param label? string
function Console:count(label) end

---Lets the label's count start anew.
---@param label? string
function Console:countReset(label) end

---Starts a stop-watch.
---@param label? string
function Console:time(label) end

---Writes the time since time(label), which goes on.
---@param label? string
---@param ... any
function Console:timeLog(label, ...) end

---Writes the time since time(label) and ends it.
---@param label? string
function Console:timeEnd(label) end

---Writes the values and indents what follows by two more columns.
---@param ... any
function Console:group(...) end

---The same as group.
---@param ... any
function Console:groupCollapsed(...) end

---Ends the last group.
function Console:groupEnd() end

---Writes a table of rows: one for each entry, a column for each of their fields, or those named.
---@param data any
---@param properties? string[]
function Console:table(data, properties) end

---Clears the terminal when standard output is one.
function Console:clear() end

---What can be listened to: emit calls the listeners of an event, at once and in order. Derive with EventEmitter:extend("Name"); a method init(self, ...) is the constructor.
---@class EventEmitter
---@overload fun(...: any): EventEmitter
local EventEmitter = {}

---The constructor.
---@param options? table
function EventEmitter:init(options) end

---Calls the listener with the event's arguments each time the event is emitted. Listeners run in the order in which they were added. Returns the emitter.
---@param eventName any
---@param listener function
---@return EventEmitter
function EventEmitter:on(eventName, listener) end

---The same as on.
---@param eventName any
---@param listener function
---@return EventEmitter
function EventEmitter:addListener(eventName, listener) end

---Calls the listener for the next such event only: it is removed before it runs.
---@param eventName any
---@param listener function
---@return EventEmitter
function EventEmitter:once(eventName, listener) end

---Adds the listener before all others.
---@param eventName any
---@param listener function
---@return EventEmitter
function EventEmitter:prependListener(eventName, listener) end

---Adds the listener before all others, for one event.
---@param eventName any
---@param listener function
---@return EventEmitter
function EventEmitter:prependOnceListener(eventName, listener) end

---Removes the listener, the most recently added one when it was added several times.
---@param eventName any
---@param listener function
---@return EventEmitter
function EventEmitter:off(eventName, listener) end

---The same as off.
---@param eventName any
---@param listener function
---@return EventEmitter
function EventEmitter:removeListener(eventName, listener) end

---Removes all listeners of the event, or of every event, the last added first.
---@param eventName? any
---@return EventEmitter
function EventEmitter:removeAllListeners(eventName) end

---Calls the listeners one after the other, now, with the arguments. True when there was one. An "error" event that nobody listens to is raised.
---@param eventName any
---@param ... any
---@return boolean
function EventEmitter:emit(eventName, ...) end

---The listeners of the event.
---@param eventName any
---@return function[]
function EventEmitter:listeners(eventName) end

---The listeners as they are kept: one added by once is a callable table with .listener.
---@param eventName any
---@return any[]
function EventEmitter:rawListeners(eventName) end

---How many listeners the event has, or how often this one was added.
---@param eventName any
---@param listener? function
---@return integer
function EventEmitter:listenerCount(eventName, listener) end

---The events that have listeners, strings in order of their bytes.
---@return any[]
function EventEmitter:eventNames() end

---More than n listeners of one event warn of a leak; 0 means no limit. Default 10.
---@param n number
---@return EventEmitter
function EventEmitter:setMaxListeners(n) end

---The limit that holds for this emitter.
---@return number
function EventEmitter:getMaxListeners() end

---@overload fun(self: EventEmitter, eventName: "newListener", listener: fun(eventName: any, listener: function)): EventEmitter
---@overload fun(self: EventEmitter, eventName: "removeListener", listener: fun(eventName: any, listener: function)): EventEmitter
---@overload fun(self: EventEmitter, eventName: "error", listener: fun(error: any)): EventEmitter
---@param eventName any
---@param listener function
---@return EventEmitter
function EventEmitter:on(eventName, listener) end

---@overload fun(self: EventEmitter, eventName: "newListener", listener: fun(eventName: any, listener: function)): EventEmitter
---@overload fun(self: EventEmitter, eventName: "removeListener", listener: fun(eventName: any, listener: function)): EventEmitter
---@overload fun(self: EventEmitter, eventName: "error", listener: fun(error: any)): EventEmitter
---@param eventName any
---@param listener function
---@return EventEmitter
function EventEmitter:once(eventName, listener) end

---A process that this one has started.
---@class ChildProcess: EventEmitter
---@field pid integer? Its process id; nil when it could not be started.
---@field connected boolean Is the IPC channel open?
---@field killed boolean Has kill delivered a signal?
---@field exitCode integer? The code it ended with, nil before and after a signal.
---@field signalCode string? The signal that ended it.
---@field stdin Socket? Its standard input, when that is a pipe.
---@field stdout Socket? Its standard output, when that is a pipe.
---@field stderr Socket? Its standard error, when that is a pipe.
---@field stdio table Entry i is the stream of descriptor i-1, or null.
---@field channel Channel? The IPC channel while it is open.
---@field spawnargs string[] The arguments it was started with, from argv[0] on.
---@field spawnfile string The program that was started.
local ChildProcess = {}

---Sends a signal to the child, SIGTERM by default; 0 only probes. True when it was delivered: that says nothing about the child's end. Errors: ERR_UNKNOWN_SIGNAL.
---@param signal? string|integer
---@return boolean
function ChildProcess:kill(signal) end

---Sends a copy of the message to the child, where it is the event `message` of process. False when so much waits to be written that the sender should pause, or when the channel is closed. callback(error?) is called when the message was written; without one a failure is the event `error`. sendHandle, a net.Server, net.Socket or dgram.Socket, goes with it: a server is shared from then on, a socket leaves this process. What is sent behind a handle waits until the child has taken it. Errors: ERR_MISSING_ARGS, ERR_INVALID_ARG_TYPE, ERR_INVALID_HANDLE_TYPE, DataCloneError (advanced).
---@param message any
---@param sendHandle? any
---@param options? table
---@param callback? function
---@return boolean
function ChildProcess:send(message, sendHandle, options, callback) end

---Closes the channel; `disconnect` is emitted in both processes. A second call is the event `error` with ERR_IPC_DISCONNECTED.
function ChildProcess:disconnect() end

---The child keeps the program running, as at first.
function ChildProcess:ref() end

---The program may end before the child; open pipes and the channel still hold it.
function ChildProcess:unref() end

---@overload fun(self: ChildProcess, eventName: "spawn", listener: fun()): ChildProcess
---@overload fun(self: ChildProcess, eventName: "message", listener: fun(message: any, sendHandle: any?)): ChildProcess
---@overload fun(self: ChildProcess, eventName: "internalMessage", listener: fun(message: table, sendHandle: any?)): ChildProcess
---@overload fun(self: ChildProcess, eventName: "disconnect", listener: fun()): ChildProcess
---@overload fun(self: ChildProcess, eventName: "exit", listener: fun(code: integer?, signal: string?)): ChildProcess
---@overload fun(self: ChildProcess, eventName: "close", listener: fun(code: integer?, signal: string?)): ChildProcess
---@overload fun(self: ChildProcess, eventName: "error", listener: fun(error: Error)): ChildProcess
---@param eventName any
---@param listener function
---@return ChildProcess
function ChildProcess:on(eventName, listener) end

---@overload fun(self: ChildProcess, eventName: "spawn", listener: fun()): ChildProcess
---@overload fun(self: ChildProcess, eventName: "message", listener: fun(message: any, sendHandle: any?)): ChildProcess
---@overload fun(self: ChildProcess, eventName: "internalMessage", listener: fun(message: table, sendHandle: any?)): ChildProcess
---@overload fun(self: ChildProcess, eventName: "disconnect", listener: fun()): ChildProcess
---@overload fun(self: ChildProcess, eventName: "exit", listener: fun(code: integer?, signal: string?)): ChildProcess
---@overload fun(self: ChildProcess, eventName: "close", listener: fun(code: integer?, signal: string?)): ChildProcess
---@overload fun(self: ChildProcess, eventName: "error", listener: fun(error: Error)): ChildProcess
---@param eventName any
---@param listener function
---@return ChildProcess
function ChildProcess:once(eventName, listener) end

---A UDP socket: dgram.createSocket makes one.
---@class Socket: EventEmitter
---@field type string "udp4" or "udp6".
---@overload fun(...: any): Socket
local Socket = {}

---Begins to receive at a port; "listening" or "error" come later. callback is a listener of "listening".
---@param port? integer|table|function
---@param address? string|function
---@param callback? function
---@return Socket
function Socket:bind(port, address, callback) end

---Sends a datagram: send(msg, port, address, callback), or with a part of msg before the port. msg may be a sequence of parts. The address is this machine where none is given; a connected Socket takes neither port nor address. callback(err, bytes) when it is out.
---@param msg string|Buffer|table
---@param offset? integer|function
---@param length? integer|string|function
---@param port? integer|function
---@param address? string|function
---@param callback? function
function Socket:send(msg, offset, length, port, address, callback) end

---Sends to and receives from this address only; callback is a listener of "connect".
---@param port integer
---@param address? string|function
---@param callback? function
function Socket:connect(port, address, callback) end

---Undoes connect.
function Socket:disconnect() end

---Ends it; callback is a listener of "close".
---@param callback? function
---@return Socket
function Socket:close(callback) end

---The own { address, family, port }.
---@return table
function Socket:address() end

---The { address, family, port } that it is connected to.
---@return table
function Socket:remoteAddress() end

---May it send to broadcast addresses?
---@param flag boolean
function Socket:setBroadcast(flag) end

---How many routers a datagram passes, 1 to 255.
---@param ttl integer
---@return integer
function Socket:setTTL(ttl) end

---The same for multicast, 0 to 255.
---@param ttl integer
---@return integer
function Socket:setMulticastTTL(ttl) end

---Do multicast datagrams come back to this machine?
---@param flag boolean
---@return boolean
function Socket:setMulticastLoopback(flag) end

---Where multicast datagrams go out.
---@param interfaceAddress string
function Socket:setMulticastInterface(interfaceAddress) end

---Joins a multicast group.
---@param multicastAddress string
---@param interfaceAddress? string
function Socket:addMembership(multicastAddress, interfaceAddress) end

---Leaves it.
---@param multicastAddress string
---@param interfaceAddress? string
function Socket:dropMembership(multicastAddress, interfaceAddress) end

---Joins a multicast group for one source.
---@param sourceAddress string
---@param groupAddress string
---@param interfaceAddress? string
function Socket:addSourceSpecificMembership(sourceAddress, groupAddress, interfaceAddress) end

---Leaves it.
---@param sourceAddress string
---@param groupAddress string
---@param interfaceAddress? string
function Socket:dropSourceSpecificMembership(sourceAddress, groupAddress, interfaceAddress) end

---The system's buffer for what comes in, in bytes; the system may double it.
---@param size integer
function Socket:setRecvBufferSize(size) end

---The same for what goes out.
---@param size integer
function Socket:setSendBufferSize(size) end

---Its size now.
---@return integer
function Socket:getRecvBufferSize() end

---Its size now.
---@return integer
function Socket:getSendBufferSize() end

---Bytes that wait to go out.
---@return integer
function Socket:getSendQueueSize() end

---Datagrams that wait to go out.
---@return integer
function Socket:getSendQueueCount() end

---Lets it keep the program running (again).
---@return Socket
function Socket:ref() end

---The program may end while it is open.
---@return Socket
function Socket:unref() end

---@overload fun(self: Socket, eventName: "message", listener: fun(msg: Buffer, rinfo: table)): Socket
---@overload fun(self: Socket, eventName: "listening", listener: fun()): Socket
---@overload fun(self: Socket, eventName: "connect", listener: fun()): Socket
---@overload fun(self: Socket, eventName: "close", listener: fun()): Socket
---@overload fun(self: Socket, eventName: "error", listener: fun(error: Error)): Socket
---@param eventName any
---@param listener function
---@return Socket
function Socket:on(eventName, listener) end

---@overload fun(self: Socket, eventName: "message", listener: fun(msg: Buffer, rinfo: table)): Socket
---@overload fun(self: Socket, eventName: "listening", listener: fun()): Socket
---@overload fun(self: Socket, eventName: "connect", listener: fun()): Socket
---@overload fun(self: Socket, eventName: "close", listener: fun()): Socket
---@overload fun(self: Socket, eventName: "error", listener: fun(error: Error)): Socket
---@param eventName any
---@param listener function
---@return Socket
function Socket:once(eventName, listener) end

---A worker process: in the primary one of cluster.workers, in a worker cluster.worker.
---@class Worker: EventEmitter
---@field id integer Counts the workers from 1; no number is used twice.
---@field process ChildProcess|Process The ChildProcess in the primary; in the worker the global process.
---@field exitedAfterDisconnect boolean? Did it go because it was told to, by disconnect (or its own kill)? nil until that is known.
---@field state string "none", "online", "listening", "disconnected" or "dead"; in a worker also "disconnecting" and "destroying".
---@overload fun(...: any): Worker
local Worker = {}

---Sends a message: to the worker, or in a worker to the primary. As ChildProcess.send and process.send.
---@param message any
---@param sendHandle? any
---@param options? table
---@param callback? function
---@return boolean
function Worker:send(message, sendHandle, options, callback) end

---In the primary: sends the signal, SIGTERM by default, to the worker, and nothing else. In a worker: tells the primary, disconnects and ends with code 0 at once; open connections are not waited for. Errors: ERR_UNKNOWN_SIGNAL.
---@param signal? string|integer
function Worker:kill(signal) end

---In the primary: sends the signal, SIGTERM by default, to the worker, and nothing else. In a worker: tells the primary, disconnects and ends with code 0 at once; open connections are not waited for. Errors: ERR_UNKNOWN_SIGNAL.
---@param signal? string|integer
function Worker:destroy(signal) end

---Lets the worker go: it closes its servers, waits until their connections have ended, closes the channel, and so ends when it has nothing else to do. exitedAfterDisconnect is true.
---@return Worker
function Worker:disconnect() end

---Is the channel between primary and worker open?
---@return boolean
function Worker:isConnected() end

---Has the process ended?
---@return boolean
function Worker:isDead() end

---@overload fun(self: Worker, eventName: "online", listener: fun()): Worker
---@overload fun(self: Worker, eventName: "listening", listener: fun(address: table)): Worker
---@overload fun(self: Worker, eventName: "message", listener: fun(message: any, handle: any?)): Worker
---@overload fun(self: Worker, eventName: "disconnect", listener: fun()): Worker
---@overload fun(self: Worker, eventName: "exit", listener: fun(code: integer?, signal: string?)): Worker
---@overload fun(self: Worker, eventName: "error", listener: fun(error: Error)): Worker
---@param eventName any
---@param listener function
---@return Worker
function Worker:on(eventName, listener) end

---@overload fun(self: Worker, eventName: "online", listener: fun()): Worker
---@overload fun(self: Worker, eventName: "listening", listener: fun(address: table)): Worker
---@overload fun(self: Worker, eventName: "message", listener: fun(message: any, handle: any?)): Worker
---@overload fun(self: Worker, eventName: "disconnect", listener: fun()): Worker
---@overload fun(self: Worker, eventName: "exit", listener: fun(code: integer?, signal: string?)): Worker
---@overload fun(self: Worker, eventName: "error", listener: fun(error: Error)): Worker
---@param eventName any
---@param listener function
---@return Worker
function Worker:once(eventName, listener) end

---The cluster as this process sees it. There is one, the module; its functions can be called with a dot or a colon.
---@class Cluster: EventEmitter
---@field isPrimary boolean This process is no worker.
---@field isMaster boolean The old name of isPrimary.
---@field isWorker boolean This process was started by cluster.fork: NODE_UNIQUE_ID was in its environment.
---@field worker Worker? In a worker: its own Worker.
---@field workers table? In the primary: the living workers by id.
---@field settings table? In the primary: what setupPrimary has set; {} before the first setupPrimary or fork.
---@field schedulingPolicy integer? How connections are handed out, SCHED_RR (the default) or SCHED_NONE; may be set before the first fork. The environment variable NODE_CLUSTER_SCHED_POLICY ("rr", "none") sets it, too.
---@field SCHED_NONE integer? 1: each worker accepts by itself.
---@field SCHED_RR integer? 2: the primary accepts and hands each connection to the worker that has been free longest.
---@field Worker function The class of cluster.workers.
local Cluster = {}

---Starts a worker: the same script again (or settings.exec), with env added to its environment, where cluster.isWorker is true and listen() shares the primary's port. Only in the primary.
---@param env? table
---@return Worker
function Cluster:fork(env) end

---Changes the settings that the next workers are started with; what is not given stays as it is. The first call, or the first fork, also decides for good about schedulingPolicy. Errors: ERR_INVALID_ARG_TYPE, ERR_INTERNAL_ASSERTION.
---@param settings? table
function Cluster:setupPrimary(settings) end

---The old name of setupPrimary.
---@param settings? table
function Cluster:setupMaster(settings) end

---Calls disconnect on every worker, so that the primary can end when they have. As in Node 20 the callback comes when the first of them is gone for good, or on the next tick when there is none. Only in the primary.
---@param callback? function
function Cluster:disconnect(callback) end

---@overload fun(self: Cluster, eventName: "setup", listener: fun(settings: table)): Cluster
---@overload fun(self: Cluster, eventName: "fork", listener: fun(worker: Worker)): Cluster
---@overload fun(self: Cluster, eventName: "online", listener: fun(worker: Worker)): Cluster
---@overload fun(self: Cluster, eventName: "listening", listener: fun(worker: Worker, address: table)): Cluster
---@overload fun(self: Cluster, eventName: "message", listener: fun(worker: Worker, message: any, handle: any?)): Cluster
---@overload fun(self: Cluster, eventName: "disconnect", listener: fun(worker: Worker)): Cluster
---@overload fun(self: Cluster, eventName: "exit", listener: fun(worker: Worker, code: integer?, signal: string?)): Cluster
---@param eventName any
---@param listener function
---@return Cluster
function Cluster:on(eventName, listener) end

---@overload fun(self: Cluster, eventName: "setup", listener: fun(settings: table)): Cluster
---@overload fun(self: Cluster, eventName: "fork", listener: fun(worker: Worker)): Cluster
---@overload fun(self: Cluster, eventName: "online", listener: fun(worker: Worker)): Cluster
---@overload fun(self: Cluster, eventName: "listening", listener: fun(worker: Worker, address: table)): Cluster
---@overload fun(self: Cluster, eventName: "message", listener: fun(worker: Worker, message: any, handle: any?)): Cluster
---@overload fun(self: Cluster, eventName: "disconnect", listener: fun(worker: Worker)): Cluster
---@overload fun(self: Cluster, eventName: "exit", listener: fun(worker: Worker, code: integer?, signal: string?)): Cluster
---@param eventName any
---@param listener function
---@return Cluster
function Cluster:once(eventName, listener) end

---Stops what was started with its signal.
---@class AbortController
---@field signal AbortSignal What to hand to the functions to be stopped.
---@overload fun(...: any): AbortController
local AbortController = {}

---Aborts the signal, once; without a reason it is an AbortError.
---@param reason? any
function AbortController:abort(reason) end

---The web's way to listen, which AbortSignal has: listeners get one Event. EventEmitter is the usual one here.
---@class EventTarget
---@overload fun(...: any): EventTarget
local EventTarget = {}

---Calls listener(event), or listener:handleEvent(event), for each event of the type. Added twice it is called once.
---@param type string
---@param listener function|table
---@param options? table|boolean
function EventTarget:addEventListener(type, listener, options) end

---Removes the listener that was added with the same capture.
---@param type string
---@param listener function|table
---@param options? table|boolean
function EventTarget:removeEventListener(type, listener, options) end

---Calls the listeners of the event's type, now and in order. False when one of them has called preventDefault. What a listener raises is an uncaught error; the others are called all the same.
---@param event Event
---@return boolean
function EventTarget:dispatchEvent(event) end

---Tells functions that take it as option `signal` to give up. Comes from an AbortController.
---@class AbortSignal: EventTarget
---@field aborted boolean Has it aborted?
---@field reason any? What abort was given, else an AbortError.
---@field onabort function? A listener of its own.
local AbortSignal = {}

---Raises the reason if it has aborted.
function AbortSignal:throwIfAborted() end

---A signal that has aborted already.
---@param reason? any
---@return AbortSignal
function AbortSignal.abort(reason) end

---A signal that aborts with a TimeoutError after so many milliseconds. It does not keep the program running.
---@param delay integer
---@return AbortSignal
function AbortSignal.timeout(delay) end

---A signal that aborts as soon as one of these does, for the same reason.
---@param signals AbortSignal[]
---@return AbortSignal
function AbortSignal.any(signals) end

---@overload fun(self: AbortSignal, eventName: "abort", listener: fun(event: Event)): AbortSignal
---@param eventName any
---@param listener function
---@return AbortSignal
function AbortSignal:on(eventName, listener) end

---@overload fun(self: AbortSignal, eventName: "abort", listener: fun(event: Event)): AbortSignal
---@param eventName any
---@param listener function
---@return AbortSignal
function AbortSignal:once(eventName, listener) end

---What an EventTarget sends to its listeners.
---@class Event
---@field type string Its name.
---@field target EventTarget? Where it was sent to.
---@field srcElement EventTarget? The same as target.
---@field currentTarget EventTarget? The target during the dispatch.
---@field eventPhase integer 2 during the dispatch, else 0.
---@field timeStamp number Milliseconds from the program's start to its making.
---@field bubbles boolean As the option says.
---@field cancelable boolean May preventDefault be called?
---@field composed boolean As the option says.
---@field defaultPrevented boolean Was preventDefault called?
---@field isTrusted boolean Was it sent by the program itself?
---@field cancelBubble boolean Was stopPropagation called?
---@overload fun(...: any): Event
local Event = {}

---The constructor.
---@param type string
---@param options? table
function Event:init(type, options) end

---Makes dispatchEvent return false, if the event is cancelable.
function Event:preventDefault() end

---Sets cancelBubble: an EventTarget has no parent to go on to.
function Event:stopPropagation() end

---No further listener is called.
function Event:stopImmediatePropagation() end

---The target while the event is being dispatched.
---@return EventTarget[]
function Event:composedPath() end

---What Readable and Writable have in common.
---@class Stream: EventEmitter
---@field destroyed boolean Was it destroyed, by destroy() or an error?
---@field closed boolean Has it let go of what it held?
---@field errored any? The error it was destroyed with.
local Stream = {}

---Ends the stream at once: what is buffered is dropped, then come "error" (when an error is given) and "close".
---@param error? any
---@return Stream
function Stream:destroy(error) end

---Fails: nothing can be read from this stream.
---@param destination Writable
---@param options? table
---@return Writable
function Stream:pipe(destination, options) end

---@overload fun(self: Stream, eventName: "close", listener: fun()): Stream
---@overload fun(self: Stream, eventName: "error", listener: fun(error: any)): Stream
---@param eventName any
---@param listener function
---@return Stream
function Stream:on(eventName, listener) end

---@overload fun(self: Stream, eventName: "close", listener: fun()): Stream
---@overload fun(self: Stream, eventName: "error", listener: fun(error: any)): Stream
---@param eventName any
---@param listener function
---@return Stream
function Stream:once(eventName, listener) end

---A source of data, as Buffers (or text, or objects). Make one with Readable{ read = function(self, size) ... end } or with Readable:extend and a method _read, which push what they have.
---@class Readable: Stream
---@field readable boolean Can it still be read from?
---@field readableAborted boolean Did it fail or was it destroyed before its end?
---@field readableDidRead boolean Has any data been handed out?
---@field readableEncoding string? The encoding of setEncoding.
---@field readableEnded boolean Has "end" been emitted?
---@field readableFlowing boolean? true: data flows; false: paused; nil: nobody has asked for data yet.
---@field readableHighWaterMark integer How much is read ahead.
---@field readableLength integer Bytes (or objects) in the buffer now.
---@field readableObjectMode boolean Are chunks any values?
---@overload fun(...: any): Readable
local Readable = {}

---Takes data out of the buffer: size bytes, or all there is; nil when there is not so much (yet). In object mode one object.
---@param size? integer
---@return Buffer|string|any
function Readable:read(size) end

---For the source: gives a chunk to the reader, nil for the end. False: enough for now, wait for the next call of _read.
---@param chunk string|Buffer|any
---@param encoding? string
---@return boolean
function Readable:push(chunk, encoding) end

---Puts a chunk back at the front of the buffer.
---@param chunk string|Buffer|any
---@param encoding? string
---@return boolean
function Readable:unshift(chunk, encoding) end

---Stops "data" events; the source is stopped once the buffer is full.
---@return Readable
function Readable:pause() end

---Lets data flow: what nobody listens to is lost.
---@return Readable
function Readable:resume() end

---Was it paused?
---@return boolean
function Readable:isPaused() end

---Data comes as text from now on; a character in two chunks is never cut.
---@param encoding? string
---@return Readable
function Readable:setEncoding(encoding) end

---Writes all data to the destination, no faster than it takes it, and ends it at the end. Returns the destination.
---@param destination Writable
---@param options? table
---@return Writable
function Readable:pipe(destination, options) end

---Its chunks, to loop over where await works: for chunk in r:iterator() do. An error is raised there; leaving the loop destroys the stream.
---@param options? table
---@return AsyncIterator
function Readable:iterator(options) end

---A Readable of the values of a sequence, of a function that is called for each (nil is the end; it may await) or of an async iterator; of a string or Buffer as one chunk. Values that are promises are waited for.
---@param iterable any
---@param options? table
---@return Readable
function Readable.from(iterable, options) end

---Takes off one destination of pipe, or all.
---@param destination? Writable
---@return Readable
function Readable:unpipe(destination) end

---@overload fun(self: Readable, eventName: "data", listener: fun(chunk: Buffer|string|any)): Readable
---@overload fun(self: Readable, eventName: "readable", listener: fun()): Readable
---@overload fun(self: Readable, eventName: "end", listener: fun()): Readable
---@overload fun(self: Readable, eventName: "pause", listener: fun()): Readable
---@overload fun(self: Readable, eventName: "resume", listener: fun()): Readable
---@param eventName any
---@param listener function
---@return Readable
function Readable:on(eventName, listener) end

---@overload fun(self: Readable, eventName: "data", listener: fun(chunk: Buffer|string|any)): Readable
---@overload fun(self: Readable, eventName: "readable", listener: fun()): Readable
---@overload fun(self: Readable, eventName: "end", listener: fun()): Readable
---@overload fun(self: Readable, eventName: "pause", listener: fun()): Readable
---@overload fun(self: Readable, eventName: "resume", listener: fun()): Readable
---@param eventName any
---@param listener function
---@return Readable
function Readable:once(eventName, listener) end

---Where data goes. Make one with Writable{ write = function(self, chunk, encoding, callback) ... end } or with Writable:extend and a method _write; callback(err) asks for the next chunk.
---@class Writable: Stream
---@field writable boolean Can it still be written to?
---@field writableAborted boolean Did it fail or was it destroyed before its end?
---@field writableCorked integer How many uncork are still missing.
---@field writableEnded boolean Was finish called?
---@field writableFinished boolean Is all written?
---@field writableHighWaterMark integer From here on write says false.
---@field writableLength integer Bytes (or objects) that wait to be written.
---@field writableNeedDrain boolean Has write said false, and no "drain" yet?
---@field writableObjectMode boolean Are chunks any values?
---@overload fun(...: any): Writable
local Writable = {}

---Writes a chunk; callback(err) when it is done. False: the buffer is full, wait for "drain".
---@param chunk string|Buffer|any
---@param encoding? string
---@param callback? function
---@return boolean
function Writable:write(chunk, encoding, callback) end

---The same as finish, under Node's name: w["end"](w).
---@param chunk string|Buffer|any
---@param encoding? string
---@param callback? function
---@return Writable
Writable["end"] = function(self, chunk, encoding, callback) end

---No more is written, but for the chunk if one is given. "finish" comes when all is done.
---@param chunk string|Buffer|any
---@param encoding? string
---@param callback? function
---@return Writable
function Writable:finish(chunk, encoding, callback) end

---Holds all writes back until uncork, so that they go out as one.
function Writable:cork() end

---Undoes one cork.
function Writable:uncork() end

---The encoding of strings written without one.
---@param encoding string
---@return Writable
function Writable:setDefaultEncoding(encoding) end

---@overload fun(self: Writable, eventName: "drain", listener: fun()): Writable
---@overload fun(self: Writable, eventName: "finish", listener: fun()): Writable
---@overload fun(self: Writable, eventName: "pipe", listener: fun(source: Readable)): Writable
---@overload fun(self: Writable, eventName: "unpipe", listener: fun(source: Readable)): Writable
---@param eventName any
---@param listener function
---@return Writable
function Writable:on(eventName, listener) end

---@overload fun(self: Writable, eventName: "drain", listener: fun()): Writable
---@overload fun(self: Writable, eventName: "finish", listener: fun()): Writable
---@overload fun(self: Writable, eventName: "pipe", listener: fun(source: Readable)): Writable
---@overload fun(self: Writable, eventName: "unpipe", listener: fun(source: Readable)): Writable
---@param eventName any
---@param listener function
---@return Writable
function Writable:once(eventName, listener) end

---A stream that is read from and written to: a Readable and a Writable in one, such as a socket.
---@class Duplex: Readable, Writable
---@field allowHalfOpen boolean May it still be written to when its reading half has ended?
---@overload fun(...: any): Duplex
local Duplex = {}

---A stream that changes what goes through it. Make one with Transform{ transform = function(self, chunk, encoding, callback) ... end } or with Transform:extend and a method _transform; callback(err, chunk) gives the output and asks for the next chunk.
---@class Transform: Duplex
---@overload fun(...: any): Transform
local Transform = {}

---The constructor; all options of a Duplex are taken, too.
---@param options? table
function Transform:init(options) end

---For the stream itself: hands the chunk to _transform.
---@param chunk any
---@param encoding? string
---@param callback function
function Transform:_write(chunk, encoding, callback) end

---For the stream itself: there is room again.
---@param size integer
function Transform:_read(size) end

---For the stream itself: calls _flush and ends the reading side.
---@param callback? function
function Transform:_final(callback) end

---A message being encrypted, from crypto.createCipheriv: by update and final, or as a stream.
---@class Cipheriv: Transform
local Cipheriv = {}

---Adds data (a string: in inputEncoding) and returns what has become of it so far: a Buffer, or text in outputEncoding.
---@param data string|Buffer
---@param inputEncoding? string
---@param outputEncoding? string
---@return string|Buffer
function Cipheriv:update(data, inputEncoding, outputEncoding) end

---The end: returns what is left. Works once.
---@param outputEncoding? string
---@return string|Buffer
function Cipheriv:final(outputEncoding) end

---After final: what proves the message whole (GCM, CCM, OCB, ChaCha20-Poly1305).
---@return Buffer
function Cipheriv:getAuthTag() end

---Data that is proven by the tag but not encrypted.
---@param buffer string|Buffer
---@param options? table
---@return Cipheriv
function Cipheriv:setAAD(buffer, options) end

---With false the message must be whole blocks, and none is added.
---@param autoPadding? boolean
---@return Cipheriv
function Cipheriv:setAutoPadding(autoPadding) end

---For the stream itself: callback(err, what has become of the chunk).
---@param chunk string|Buffer
---@param encoding? string
---@param callback function
function Cipheriv:_transform(chunk, encoding, callback) end

---For the stream itself: callback(err, what is left).
---@param callback function
function Cipheriv:_flush(callback) end

---A message being decrypted, from crypto.createDecipheriv: by update and final, or as a stream.
---@class Decipheriv: Transform
local Decipheriv = {}

---Adds data (a string: in inputEncoding) and returns what has become of it so far: a Buffer, or text in outputEncoding.
---@param data string|Buffer
---@param inputEncoding? string
---@param outputEncoding? string
---@return string|Buffer
function Decipheriv:update(data, inputEncoding, outputEncoding) end

---The end: returns what is left, and raises when the key or the tag was a wrong one.
---@param outputEncoding? string
---@return string|Buffer
function Decipheriv:final(outputEncoding) end

---The tag that came with the message; final checks it.
---@param buffer string|Buffer
---@param encoding? string
---@return Decipheriv
function Decipheriv:setAuthTag(buffer, encoding) end

---The data that was given to setAAD when the message was encrypted.
---@param buffer string|Buffer
---@param options? table
---@return Decipheriv
function Decipheriv:setAAD(buffer, options) end

---With false the last block is taken as it is.
---@param autoPadding? boolean
---@return Decipheriv
function Decipheriv:setAutoPadding(autoPadding) end

---For the stream itself: callback(err, what has become of the chunk).
---@param chunk string|Buffer
---@param encoding? string
---@param callback function
function Decipheriv:_transform(chunk, encoding, callback) end

---For the stream itself: callback(err, what is left).
---@param callback function
function Decipheriv:_flush(callback) end

---A hash in the making, from crypto.createHash: feed it by update and take the digest, or write to it, finish, and read.
---@class Hash: Transform
local Hash = {}

---Adds to what is hashed; may be called often. A string counts with its bytes, or with those that it stands for in the encoding ("hex", "base64").
---@param data string|Buffer
---@param inputEncoding? string
---@return Hash
function Hash:update(data, inputEncoding) end

---The hash of all that was added: a Buffer, or text in the encoding. Works once.
---@param encoding? string
---@return string|Buffer
function Hash:digest(encoding) end

---Another Hash that has been fed the same so far.
---@param options? table
---@return Hash
function Hash:copy(options) end

---For the stream itself: callback(err, what has become of the chunk).
---@param chunk string|Buffer
---@param encoding? string
---@param callback function
function Hash:_transform(chunk, encoding, callback) end

---For the stream itself: callback(err, what is left).
---@param callback function
function Hash:_flush(callback) end

---A hash with a key, from crypto.createHmac: only who has the key can make it or check it.
---@class Hmac: Transform
local Hmac = {}

---Adds to what is hashed; may be called often.
---@param data string|Buffer
---@param inputEncoding? string
---@return Hmac
function Hmac:update(data, inputEncoding) end

---The keyed hash of all that was added: a Buffer, or text in the encoding.
---@param encoding? string
---@return string|Buffer
function Hmac:digest(encoding) end

---For the stream itself: callback(err, what has become of the chunk).
---@param chunk string|Buffer
---@param encoding? string
---@param callback function
function Hmac:_transform(chunk, encoding, callback) end

---For the stream itself: callback(err, what is left).
---@param callback function
function Hmac:_flush(callback) end

---A key that is kept out of Lua's memory: a secret, or one half of a pair.
---@class KeyObject
---@field type string "secret", "public" or "private".
---@field asymmetricKeyType string? "rsa", "ec", "ed25519", ...; nil for a secret.
---@field asymmetricKeyDetails table? What the family tells: modulusLength and publicExponent, or namedCurve.
---@field symmetricKeySize integer? Bytes of a secret.
local KeyObject = {}

---The key as text (PEM), bytes (DER) or a table (JWK).
---@param options? table
---@return string|Buffer|table
function KeyObject:export(options) end

---Are both the same key?
---@param otherKeyObject KeyObject
---@return boolean
function KeyObject:equals(otherKeyObject) end

---A message to be signed, from crypto.createSign.
---@class Sign: Writable
local Sign = {}

---Adds to the message.
---@param data string|Buffer
---@param inputEncoding? string
---@return Sign
function Sign:update(data, inputEncoding) end

---The signature of all that was added. In place of a key, a table with key, passphrase, padding, saltLength, dsaEncoding. Works once.
---@param privateKey KeyObject|string|Buffer|table
---@param outputEncoding? string
---@return string|Buffer
function Sign:sign(privateKey, outputEncoding) end

---A message whose signature is to be checked, from crypto.createVerify.
---@class Verify: Writable
local Verify = {}

---Adds to the message.
---@param data string|Buffer
---@param inputEncoding? string
---@return Verify
function Verify:update(data, inputEncoding) end

---Is this the signature of all that was added, by the owner of the key?
---@param key KeyObject|string|Buffer|table
---@param signature string|Buffer
---@param signatureEncoding? string
---@return boolean
function Verify:verify(key, signature, signatureEncoding) end

---What stat tells: dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks, and the times atimeMs, mtimeMs, ctimeMs, birthtimeMs in milliseconds; without Ms, where Node has a Date, whole milliseconds.
---@class Stats
---@overload fun(...: any): Stats
local Stats = {}

---Is it an ordinary file?
---@return boolean
function Stats:isFile() end

---Is it a folder?
---@return boolean
function Stats:isDirectory() end

---Is it a symbolic link? Only lstat and readdir see one.
---@return boolean
function Stats:isSymbolicLink() end

---Is it a named pipe?
---@return boolean
function Stats:isFIFO() end

---Is it a socket?
---@return boolean
function Stats:isSocket() end

---Is it a device of blocks?
---@return boolean
function Stats:isBlockDevice() end

---Is it a device of characters, such as a terminal?
---@return boolean
function Stats:isCharacterDevice() end

---An entry of a folder: name, parentPath, and type ("file", "directory", "link", ...).
---@class Dirent
---@overload fun(...: any): Dirent
local Dirent = {}

---Is it an ordinary file?
---@return boolean
function Dirent:isFile() end

---Is it a folder?
---@return boolean
function Dirent:isDirectory() end

---Is it a symbolic link? Only lstat and readdir see one.
---@return boolean
function Dirent:isSymbolicLink() end

---Is it a named pipe?
---@return boolean
function Dirent:isFIFO() end

---Is it a socket?
---@return boolean
function Dirent:isSocket() end

---Is it a device of blocks?
---@return boolean
function Dirent:isBlockDevice() end

---Is it a device of characters, such as a terminal?
---@return boolean
function Dirent:isCharacterDevice() end

---A file that is read in slices: what fs.createReadStream gives.
---@class ReadStream: Readable
---@field path string? The path it was opened with.
---@field fd integer? The descriptor; nil until "open" and once it is closed.
---@field pending boolean The file is not open yet.
---@field bytesRead integer Bytes read so far.
---@overload fun(...: any): ReadStream
local ReadStream = {}

---Destroys the stream; the callback is called once the file is closed.
---@param callback? function
function ReadStream:close(callback) end

---@overload fun(self: ReadStream, eventName: "open", listener: fun(fd: integer)): ReadStream
---@overload fun(self: ReadStream, eventName: "ready", listener: fun()): ReadStream
---@param eventName any
---@param listener function
---@return ReadStream
function ReadStream:on(eventName, listener) end

---@overload fun(self: ReadStream, eventName: "open", listener: fun(fd: integer)): ReadStream
---@overload fun(self: ReadStream, eventName: "ready", listener: fun()): ReadStream
---@param eventName any
---@param listener function
---@return ReadStream
function ReadStream:once(eventName, listener) end

---A file that is written to: what fs.createWriteStream gives.
---@class WriteStream: Writable
---@field path string? The path it was opened with.
---@field fd integer? The descriptor; nil until "open" and once it is closed.
---@field pending boolean The file is not open yet.
---@field bytesWritten integer Bytes written so far.
---@overload fun(...: any): WriteStream
local WriteStream = {}

---Ends the stream; the callback is called once all is written and the file closed.
---@param callback? function
function WriteStream:close(callback) end

---@overload fun(self: WriteStream, eventName: "open", listener: fun(fd: integer)): WriteStream
---@overload fun(self: WriteStream, eventName: "ready", listener: fun()): WriteStream
---@param eventName any
---@param listener function
---@return WriteStream
function WriteStream:on(eventName, listener) end

---@overload fun(self: WriteStream, eventName: "open", listener: fun(fd: integer)): WriteStream
---@overload fun(self: WriteStream, eventName: "ready", listener: fun()): WriteStream
---@param eventName any
---@param listener function
---@return WriteStream
function WriteStream:once(eventName, listener) end

---Accepts TCP or unix socket connections: net.createServer makes one.
---@class Server: EventEmitter
---@field listening boolean Does it listen?
---@field maxConnections integer? More connections than that are closed at once, with the event "drop".
---@field allowHalfOpen boolean The option of its connections.
---@overload fun(...: any): Server
local Server = {}

---Begins to listen at a port, at the path of a unix socket, or as the options say, or shares what another Server listens at; "listening" or "error" come later. callback is a listener of "listening".
---@param port? integer|string|table|Server|function
---@param host? string|integer|function
---@param backlog? integer|function
---@param callback? function
---@return Server
function Server:listen(port, host, backlog, callback) end

---Takes no more connections. "close", and the callback, come when the last one has ended.
---@param callback? function
---@return Server
function Server:close(callback) end

---{ address, family, port }, or the path of a unix socket; nil when it does not listen.
---@return table|string?
function Server:address() end

---callback(err, count) gets the number of open connections.
---@param callback function
---@return Server
function Server:getConnections(callback) end

---Lets it keep the program running (again).
---@return Server
function Server:ref() end

---The program may end while it listens.
---@return Server
function Server:unref() end

---@overload fun(self: Server, eventName: "listening", listener: fun()): Server
---@overload fun(self: Server, eventName: "connection", listener: fun(socket: Socket)): Server
---@overload fun(self: Server, eventName: "drop", listener: fun(data: table?)): Server
---@overload fun(self: Server, eventName: "close", listener: fun()): Server
---@overload fun(self: Server, eventName: "error", listener: fun(error: Error)): Server
---@param eventName any
---@param listener function
---@return Server
function Server:on(eventName, listener) end

---@overload fun(self: Server, eventName: "listening", listener: fun()): Server
---@overload fun(self: Server, eventName: "connection", listener: fun(socket: Socket)): Server
---@overload fun(self: Server, eventName: "drop", listener: fun(data: table?)): Server
---@overload fun(self: Server, eventName: "close", listener: fun()): Server
---@overload fun(self: Server, eventName: "error", listener: fun(error: Error)): Server
---@param eventName any
---@param listener function
---@return Server
function Server:once(eventName, listener) end

---A server of HTTP/1.1: a net.Server with "request" events. listen, address and the rest are those of net.Server.
---@class Server
---@field listening boolean Does it take connections?
---@field timeout integer Milliseconds without any data after which a socket times out; 0: never.
---@field keepAliveTimeout integer The option of this name.
---@field headersTimeout integer The option of this name.
---@field requestTimeout integer The option of this name.
---@field maxRequestsPerSocket integer Requests of one connection, then it is closed; 0: any number.
---@field maxHeadersCount integer? How many headers of a request are kept; nil: 1000, 0: all.
---@overload fun(...: any): Server
local Server = {}

---Takes no more connections and closes the idle ones. "close" comes when the last one is gone; those that still work on a request end with its answer, which says Connection: close.
---@param callback? function
---@return Server
function Server:close(callback) end

---Closes all connections, also those that work on a request.
function Server:closeAllConnections() end

---Closes the connections that wait for a request.
function Server:closeIdleConnections() end

---The timeout of sockets; callback(socket) is a listener of "timeout", without which the socket is closed.
---@param milliseconds? number
---@param callback? function
---@return Server
function Server:setTimeout(milliseconds, callback) end

---@overload fun(self: Server, eventName: "request", listener: fun(req: IncomingMessage, res: ServerResponse)): Server
---@overload fun(self: Server, eventName: "checkContinue", listener: fun(req: IncomingMessage, res: ServerResponse)): Server
---@overload fun(self: Server, eventName: "checkExpectation", listener: fun(req: IncomingMessage, res: ServerResponse)): Server
---@overload fun(self: Server, eventName: "clientError", listener: fun(err: Error, socket: Socket)): Server
---@overload fun(self: Server, eventName: "connect", listener: fun(req: IncomingMessage, socket: Socket, head: Buffer)): Server
---@overload fun(self: Server, eventName: "upgrade", listener: fun(req: IncomingMessage, socket: Socket, head: Buffer)): Server
---@overload fun(self: Server, eventName: "dropRequest", listener: fun(req: IncomingMessage, socket: Socket)): Server
---@overload fun(self: Server, eventName: "timeout", listener: fun(socket: Socket)): Server
---@param eventName any
---@param listener function
---@return Server
function Server:on(eventName, listener) end

---@overload fun(self: Server, eventName: "request", listener: fun(req: IncomingMessage, res: ServerResponse)): Server
---@overload fun(self: Server, eventName: "checkContinue", listener: fun(req: IncomingMessage, res: ServerResponse)): Server
---@overload fun(self: Server, eventName: "checkExpectation", listener: fun(req: IncomingMessage, res: ServerResponse)): Server
---@overload fun(self: Server, eventName: "clientError", listener: fun(err: Error, socket: Socket)): Server
---@overload fun(self: Server, eventName: "connect", listener: fun(req: IncomingMessage, socket: Socket, head: Buffer)): Server
---@overload fun(self: Server, eventName: "upgrade", listener: fun(req: IncomingMessage, socket: Socket, head: Buffer)): Server
---@overload fun(self: Server, eventName: "dropRequest", listener: fun(req: IncomingMessage, socket: Socket)): Server
---@overload fun(self: Server, eventName: "timeout", listener: fun(socket: Socket)): Server
---@param eventName any
---@param listener function
---@return Server
function Server:once(eventName, listener) end

---A request as a server gets it, or a response as a client does: its head is here, its body is read from it as from any Readable.
---@class IncomingMessage: Readable
---@field method string? Of a request: "GET", in capitals.
---@field url string Of a request: what stands after the method, "/path?query".
---@field headers table The headers, names in lower case; made when first asked for. What comes twice is joined by ", " (cookie by "; "), set-cookie is a sequence, of some only the first counts.
---@field headersDistinct table As headers, but each a sequence of all values.
---@field rawHeaders string[] Name, value, name, value as they came.
---@field trailers table As headers, those after the body; at "end".
---@field trailersDistinct table As headersDistinct, those after the body.
---@field rawTrailers string[] As rawHeaders, those after the body.
---@field httpVersion string? "1.1" or "1.0".
---@field httpVersionMajor integer? 1
---@field httpVersionMinor integer? 1 or 0
---@field statusCode integer? Of a response: 200.
---@field statusMessage string? Of a response: "OK".
---@field socket Socket? The connection.
---@field connection Socket? The same as socket.
---@field req ClientRequest? Of a response: what it answers.
---@field complete boolean Has all of it come?
---@field aborted boolean Was the connection closed before its end?
---@field upgrade boolean Does it ask for another protocol, and is it let?
---@overload fun(...: any): IncomingMessage
local IncomingMessage = {}

---Calls socket:setTimeout; callback is a listener of "timeout".
---@param milliseconds number
---@param callback? function
---@return IncomingMessage
function IncomingMessage:setTimeout(milliseconds, callback) end

---@overload fun(self: IncomingMessage, eventName: "aborted", listener: fun()): IncomingMessage
---@overload fun(self: IncomingMessage, eventName: "timeout", listener: fun(socket: Socket?)): IncomingMessage
---@overload fun(self: IncomingMessage, eventName: "close", listener: fun()): IncomingMessage
---@param eventName any
---@param listener function
---@return IncomingMessage
function IncomingMessage:on(eventName, listener) end

---@overload fun(self: IncomingMessage, eventName: "aborted", listener: fun()): IncomingMessage
---@overload fun(self: IncomingMessage, eventName: "timeout", listener: fun(socket: Socket?)): IncomingMessage
---@overload fun(self: IncomingMessage, eventName: "close", listener: fun()): IncomingMessage
---@param eventName any
---@param listener function
---@return IncomingMessage
function IncomingMessage:once(eventName, listener) end

---What ServerResponse and ClientRequest have in common: headers, then a body, written as to any Writable.
---@class OutgoingMessage: Writable
---@field headersSent boolean Is the head made? It cannot be changed any more then.
---@field sendDate boolean Send the header Date?
---@field strictContentLength boolean Raise when the body is not as long as its Content-Length says?
---@field useChunkedEncodingByDefault boolean Send a body of unknown length in chunks?
---@field shouldKeepAlive boolean May the connection live on?
---@field chunkedEncoding boolean Is the body sent in chunks?
---@field finished boolean Was finish called?
---@field writableEnded boolean Was finish called?
---@field writableFinished boolean Is all with the system?
---@field writableLength integer Bytes that wait.
---@field writableCorked integer How many uncork are still missing.
---@field errored any? What it was destroyed with.
---@field closed boolean Has "close" been emitted?
---@field socket Socket? The connection, while it is this message's.
---@field connection Socket? The same as socket.
---@overload fun(...: any): OutgoingMessage
local OutgoingMessage = {}

---Sends a piece of the body; the head goes first. False: the other side is slower, wait for "drain".
---@param chunk string|Buffer
---@param encoding? string
---@param callback? function
---@return boolean
function OutgoingMessage:write(chunk, encoding, callback) end

---The same as finish, under Node's name: res["end"](res).
---@param chunk string|Buffer
---@param encoding? string
---@param callback? function
---@return OutgoingMessage
OutgoingMessage["end"] = function(self, chunk, encoding, callback) end

---The message is complete, with this last piece. As the only piece it gets a Content-Length.
---@param chunk string|Buffer
---@param encoding? string
---@param callback? function
---@return OutgoingMessage
function OutgoingMessage:finish(chunk, encoding, callback) end

---Headers that come after a chunked body.
---@param headers table
function OutgoingMessage:addTrailers(headers) end

---Sends the head now.
function OutgoingMessage:flushHeaders() end

---Holds what is written back until uncork.
function OutgoingMessage:cork() end

---Undoes one cork.
function OutgoingMessage:uncork() end

---Closes the connection at once.
---@param error? any
---@return OutgoingMessage
function OutgoingMessage:destroy(error) end

---Calls setTimeout of its socket, once there is one; callback is a listener of "timeout".
---@param milliseconds number
---@param callback? function
---@return OutgoingMessage
function OutgoingMessage:setTimeout(milliseconds, callback) end

---Sets a header, in place of one of that name. Several values make several lines.
---@param name string
---@param value string|number|string[]
---@return OutgoingMessage
function OutgoingMessage:setHeader(name, value) end

---Sets all headers of a table.
---@param headers table
---@return OutgoingMessage
function OutgoingMessage:setHeaders(headers) end

---Adds one more value to a header.
---@param name string
---@param value string|number|string[]
---@return OutgoingMessage
function OutgoingMessage:appendHeader(name, value) end

---What was set, or nil.
---@param name string
---@return any
function OutgoingMessage:getHeader(name) end

---The names of the headers set, in lower case.
---@return string[]
function OutgoingMessage:getHeaderNames() end

---The names of the headers set, as they were given.
---@return string[]
function OutgoingMessage:getRawHeaderNames() end

---A table of the headers set, names in lower case.
---@return table
function OutgoingMessage:getHeaders() end

---Is it set?
---@param name string
---@return boolean
function OutgoingMessage:hasHeader(name) end

---Takes a header back, also one that would be sent by itself (Date, Connection, Content-Length).
---@param name string
function OutgoingMessage:removeHeader(name) end

---@overload fun(self: OutgoingMessage, eventName: "finish", listener: fun()): OutgoingMessage
---@overload fun(self: OutgoingMessage, eventName: "prefinish", listener: fun()): OutgoingMessage
---@overload fun(self: OutgoingMessage, eventName: "socket", listener: fun(socket: Socket)): OutgoingMessage
---@overload fun(self: OutgoingMessage, eventName: "timeout", listener: fun(socket: Socket?)): OutgoingMessage
---@overload fun(self: OutgoingMessage, eventName: "close", listener: fun()): OutgoingMessage
---@param eventName any
---@param listener function
---@return OutgoingMessage
function OutgoingMessage:on(eventName, listener) end

---@overload fun(self: OutgoingMessage, eventName: "finish", listener: fun()): OutgoingMessage
---@overload fun(self: OutgoingMessage, eventName: "prefinish", listener: fun()): OutgoingMessage
---@overload fun(self: OutgoingMessage, eventName: "socket", listener: fun(socket: Socket)): OutgoingMessage
---@overload fun(self: OutgoingMessage, eventName: "timeout", listener: fun(socket: Socket?)): OutgoingMessage
---@overload fun(self: OutgoingMessage, eventName: "close", listener: fun()): OutgoingMessage
---@param eventName any
---@param listener function
---@return OutgoingMessage
function OutgoingMessage:once(eventName, listener) end

---The answer to a request, which a server's "request" event brings. Every one has to be ended with finish.
---@class ServerResponse: OutgoingMessage
---@field statusCode integer The status of the head that is made by itself; 200.
---@field statusMessage string? Its reason; nil: that of STATUS_CODES.
---@field req IncomingMessage The request that this answers.
---@overload fun(...: any): ServerResponse
local ServerResponse = {}

---Makes the head: status and, beside those set before, these headers: a table by names, or a sequence of name, value, name, value. It leaves with the first piece of the body.
---@param statusCode integer
---@param statusMessage? string|table
---@param headers? table
---@return ServerResponse
function ServerResponse:writeHead(statusCode, statusMessage, headers) end

---Sends "100 Continue": the client may send the body.
---@param callback? function
function ServerResponse:writeContinue(callback) end

---Sends "102 Processing": the answer takes a while.
---@param callback? function
function ServerResponse:writeProcessing(callback) end

---Sends "103 Early Hints" with hints.link, text or a sequence, and other headers.
---@param hints table
---@param callback? function
function ServerResponse:writeEarlyHints(hints, callback) end

---A request of a client: write its body, then finish() it. "response" brings the answer.
---@class ClientRequest: OutgoingMessage
---@field method string "GET", in capitals.
---@field path string Path and query.
---@field host string The server.
---@field protocol string "http:"
---@field agent Agent? Where its connection comes from.
---@field res IncomingMessage? The response.
---@field aborted boolean Was abort called?
---@field reusedSocket boolean Did its connection serve another request before?
---@field maxHeadersCount integer? How many headers of the response are kept; nil: 1000, 0: all.
---@overload fun(...: any): ClientRequest
local ClientRequest = {}

---Older form of destroy().
function ClientRequest:abort() end

---Gives the request up: its connection is closed.
---@param error? any
---@return ClientRequest
function ClientRequest:destroy(error) end

---"timeout" when nothing has come for so long; the request goes on unless it is destroyed.
---@param milliseconds number
---@param callback? function
---@return ClientRequest
function ClientRequest:setTimeout(milliseconds, callback) end

---socket:setNoDelay, once there is one.
---@param noDelay? boolean
function ClientRequest:setNoDelay(noDelay) end

---socket:setKeepAlive, once there is one.
---@param enable? boolean
---@param initialDelay? integer
function ClientRequest:setSocketKeepAlive(enable, initialDelay) end

---@overload fun(self: ClientRequest, eventName: "response", listener: fun(res: IncomingMessage)): ClientRequest
---@overload fun(self: ClientRequest, eventName: "information", listener: fun(info: table)): ClientRequest
---@overload fun(self: ClientRequest, eventName: "continue", listener: fun()): ClientRequest
---@overload fun(self: ClientRequest, eventName: "connect", listener: fun(res: IncomingMessage, socket: Socket, head: Buffer)): ClientRequest
---@overload fun(self: ClientRequest, eventName: "upgrade", listener: fun(res: IncomingMessage, socket: Socket, head: Buffer)): ClientRequest
---@overload fun(self: ClientRequest, eventName: "abort", listener: fun()): ClientRequest
---@overload fun(self: ClientRequest, eventName: "error", listener: fun(err: Error)): ClientRequest
---@param eventName any
---@param listener function
---@return ClientRequest
function ClientRequest:on(eventName, listener) end

---@overload fun(self: ClientRequest, eventName: "response", listener: fun(res: IncomingMessage)): ClientRequest
---@overload fun(self: ClientRequest, eventName: "information", listener: fun(info: table)): ClientRequest
---@overload fun(self: ClientRequest, eventName: "continue", listener: fun()): ClientRequest
---@overload fun(self: ClientRequest, eventName: "connect", listener: fun(res: IncomingMessage, socket: Socket, head: Buffer)): ClientRequest
---@overload fun(self: ClientRequest, eventName: "upgrade", listener: fun(res: IncomingMessage, socket: Socket, head: Buffer)): ClientRequest
---@overload fun(self: ClientRequest, eventName: "abort", listener: fun()): ClientRequest
---@overload fun(self: ClientRequest, eventName: "error", listener: fun(err: Error)): ClientRequest
---@param eventName any
---@param listener function
---@return ClientRequest
function ClientRequest:once(eventName, listener) end

---Keeps connections for later requests and limits how many there are. Agent(options): keepAlive (false), keepAliveMsecs (1000), maxSockets (none) for each host, maxTotalSockets (none), maxFreeSockets (256), scheduling ("lifo" or "fifo"), timeout in milliseconds.
---@class Agent: EventEmitter
---@field freeSockets table Lists of connections that wait for a request, by name.
---@field sockets table Lists of connections in use, by name.
---@field requests table Lists of requests that wait for a connection, by name.
---@field options table What it was made with; goes to each connection.
---@field keepAlive boolean The option of this name.
---@field scheduling string The option of this name.
---@field maxFreeSockets number The option of this name.
---@field maxSockets number The option of this name.
---@field maxTotalSockets number The option of this name.
---@overload fun(...: any): Agent
local Agent = {}

---Makes a connection. A derived class may do it in its own way: return a socket, or call callback(err, socket).
---@param options table
---@param callback? function
---@return Socket
function Agent:createConnection(options, callback) end

---Closes all its connections.
function Agent:destroy() end

---Under what name connections with these options are kept: "host:port:localAddress".
---@param options? table
---@return string
function Agent:getName(options) end

---Called when a connection is free; false: do not keep it.
---@param socket Socket
---@return boolean
function Agent:keepSocketAlive(socket) end

---Called when a connection that was kept is used again.
---@param socket Socket
---@param request ClientRequest
function Agent:reuseSocket(socket, request) end

---@overload fun(self: Agent, eventName: "free", listener: fun(socket: Socket, options: table)): Agent
---@param eventName any
---@param listener function
---@return Agent
function Agent:on(eventName, listener) end

---@overload fun(self: Agent, eventName: "free", listener: fun(socket: Socket, options: table)): Agent
---@param eventName any
---@param listener function
---@return Agent
function Agent:once(eventName, listener) end

---A connection or pipe to another process: what is written comes out on the other side.
---@class Socket: Duplex
---@field bytesRead integer Bytes that have come in.
---@field bytesWritten integer Bytes written, those that still wait included.
---@overload fun(...: any): Socket
local Socket = {}

---Writes a chunk; callback(err) when it is done. False: the other side is slower, wait for "drain".
---@param chunk string|Buffer
---@param encoding? string
---@param callback? function
---@return boolean
function Socket:write(chunk, encoding, callback) end

---Lets it keep the program running (again).
---@return Socket
function Socket:ref() end

---The program may end while it is open.
---@return Socket
function Socket:unref() end

---@overload fun(self: Socket, eventName: "close", listener: fun(hadError: boolean)): Socket
---@param eventName any
---@param listener function
---@return Socket
function Socket:on(eventName, listener) end

---@overload fun(self: Socket, eventName: "close", listener: fun(hadError: boolean)): Socket
---@param eventName any
---@param listener function
---@return Socket
function Socket:once(eventName, listener) end

---A TCP or unix socket connection: a Duplex. Servers give one for each connection, net.connect makes one. Socket(options) makes one that is not connected; its options are those of net.connect that do not say where to, and fd: a connected socket's descriptor, readable, writable: false switches that half off.
---@class Socket
---@field connecting boolean Was connect called, and has it not yet connected?
---@field pending boolean Is it not connected (yet, or any more)?
---@field readyState string "opening", "open", "readOnly", "writeOnly" or "closed".
---@field timeout integer? The milliseconds of setTimeout.
---@field localAddress string? The own address.
---@field localPort integer? The own port.
---@field localFamily string? "IPv4" or "IPv6".
---@field remoteAddress string? The address of the other side.
---@field remotePort integer? The port of the other side.
---@field remoteFamily string? "IPv4" or "IPv6".
---@field bytesWritten integer Bytes written, those that still wait included.
---@field bufferSize integer The older name of writableLength.
---@field server Server? The Server that has accepted it.
---@field autoSelectFamilyAttemptedAddresses string[]? Where several addresses were tried: each as "address:port".
---@overload fun(...: any): Socket
local Socket = {}

---Connects to a port of a host, to the path of a unix socket, or as the options say; callback is a listener of "connect".
---@param port integer|string|table
---@param host? string|function
---@param callback? function
---@return Socket
function Socket:connect(port, host, callback) end

---The own side's { address, family, port }; empty when there is none.
---@return table
function Socket:address() end

---Destroys it once all that was written is out.
---@return Socket
function Socket:destroySoon() end

---Closes the connection with RST: the other side gets ECONNRESET.
---@return Socket
function Socket:resetAndDestroy() end

---Sends small writes at once, without waiting for more (no Nagle's algorithm). Default: true.
---@param noDelay? boolean
---@return Socket
function Socket:setNoDelay(noDelay) end

---Lets the system probe a silent connection, first after initialDelay milliseconds.
---@param enable? boolean
---@param initialDelay? integer
---@return Socket
function Socket:setKeepAlive(enable, initialDelay) end

---Emits "timeout" when nothing has come or gone for so many milliseconds; 0: never. The connection stays as it is. callback is a listener for one such event.
---@param timeout integer
---@param callback? function
---@return Socket
function Socket:setTimeout(timeout, callback) end

---Lets it keep the program running (again).
---@return Socket
function Socket:ref() end

---The program may end while it is open.
---@return Socket
function Socket:unref() end

---Stops "data" events.
---@return Socket
function Socket:pause() end

---Lets data flow.
---@return Socket
function Socket:resume() end

---@overload fun(self: Socket, eventName: "lookup", listener: fun(error: Error?, address: string?, family: integer?, host: string)): Socket
---@overload fun(self: Socket, eventName: "connectionAttempt", listener: fun(ip: string, port: integer, family: integer)): Socket
---@overload fun(self: Socket, eventName: "connectionAttemptFailed", listener: fun(ip: string, port: integer, family: integer, error: Error)): Socket
---@overload fun(self: Socket, eventName: "connectionAttemptTimeout", listener: fun(ip: string, port: integer, family: integer)): Socket
---@overload fun(self: Socket, eventName: "connect", listener: fun()): Socket
---@overload fun(self: Socket, eventName: "ready", listener: fun()): Socket
---@overload fun(self: Socket, eventName: "timeout", listener: fun()): Socket
---@overload fun(self: Socket, eventName: "close", listener: fun(hadError: boolean)): Socket
---@param eventName any
---@param listener function
---@return Socket
function Socket:on(eventName, listener) end

---@overload fun(self: Socket, eventName: "lookup", listener: fun(error: Error?, address: string?, family: integer?, host: string)): Socket
---@overload fun(self: Socket, eventName: "connectionAttempt", listener: fun(ip: string, port: integer, family: integer)): Socket
---@overload fun(self: Socket, eventName: "connectionAttemptFailed", listener: fun(ip: string, port: integer, family: integer, error: Error)): Socket
---@overload fun(self: Socket, eventName: "connectionAttemptTimeout", listener: fun(ip: string, port: integer, family: integer)): Socket
---@overload fun(self: Socket, eventName: "connect", listener: fun()): Socket
---@overload fun(self: Socket, eventName: "ready", listener: fun()): Socket
---@overload fun(self: Socket, eventName: "timeout", listener: fun()): Socket
---@overload fun(self: Socket, eventName: "close", listener: fun(hadError: boolean)): Socket
---@param eventName any
---@param listener function
---@return Socket
function Socket:once(eventName, listener) end

---A list of addresses that are not welcome, to be asked by check.
---@class BlockList
---@field rules string[] The rules as text, the newest first.
---@overload fun(...: any): BlockList
local BlockList = {}

---Adds an address; type is "ipv4" (the default) or "ipv6".
---@param address string|SocketAddress
---@param type? string
function BlockList:addAddress(address, type) end

---Adds all addresses from start to last.
---@param start string|SocketAddress
---@param last string|SocketAddress
---@param type? string
function BlockList:addRange(start, last, type) end

---Adds all addresses whose first prefix bits are those of net.
---@param net string|SocketAddress
---@param prefix integer
---@param type? string
function BlockList:addSubnet(net, prefix, type) end

---Does one of the rules hold for the address? An IPv4 address may be written as ::ffff:a.b.c.d.
---@param address string|SocketAddress
---@param type? string
---@return boolean
function BlockList:check(address, type) end

---An address and port, checked: SocketAddress{ address = "127.0.0.1", port = 0, family = "ipv4", flowlabel = 0 }.
---@class SocketAddress
---@field address string The IP address.
---@field port integer The port.
---@field family string "ipv4" or "ipv6".
---@field flowlabel integer The flow label of IPv6.
---@overload fun(...: any): SocketAddress
local SocketAddress = {}

---Its properties, for JSON.stringify.
---@return table
function SocketAddress:toJSON() end

---An entry of performance: name, entryType, startTime, duration, detail.
---@class PerformanceEntry
---@overload fun(...: any): PerformanceEntry
local PerformanceEntry = {}

---What performance.mark has made.
---@class PerformanceMark: PerformanceEntry
---@overload fun(...: any): PerformanceMark
local PerformanceMark = {}

---What performance.measure has made.
---@class PerformanceMeasure: PerformanceEntry
---@overload fun(...: any): PerformanceMeasure
local PerformanceMeasure = {}

---The running process: identity, command line, environment, how it ends, signals. There is one, the global `process`; its functions can be called with a dot or a colon.
---@class Process: EventEmitter
---@field arch string The processor: "x64", "arm64", ...
---@field argv string[] The command line: [1] the program, [2] the script (not with -e), then its arguments.
---@field argv0 string The program's name as it was typed.
---@field channel table? The channel to the parent, with ref and unref.
---@field connected boolean? Is the channel to the parent open? nil where there never was one.
---@field env table The environment: reading, setting and (with nil) deleting works on the process's own; values are made strings. pairs goes in order of names.
---@field execArgv string[] The options of the program before the script.
---@field execPath string The program's absolute path.
---@field exitCode integer? What the process ends with when it ends by itself; nil until set.
---@field features table What the program was built with, by Node's names: there is ipv6, there is no inspector.
---@field noDeprecation boolean? True: warnings of type DeprecationWarning are dropped.
---@field pid integer The process id.
---@field platform string The system: "linux", ...
---@field ppid integer The parent's process id, as it is now: an orphan gets a new parent.
---@field release table { name = "moonfork" }
---@field report Report Diagnostic reports: getReport, writeReport, and when they are written by themselves.
---@field throwDeprecation boolean? True: warnings of type DeprecationWarning are raised.
---@field stderr Writable Standard error: what is written is out at once. A WriteStream with isTTY on a terminal.
---@field stdin Readable Standard input. Keeps the program running while it is read, not before.
---@field stdout Writable Standard output, in order with print. A WriteStream with isTTY, columns, rows on a terminal.
---@field title string The name that ps shows; a new one has as much room as the command line had.
---@field traceDeprecation boolean? True: warnings of type DeprecationWarning are printed with their stack.
---@field version string The program's version, "v" first.
---@field versions table Versions of moonfork, lua and uv.
local Process = {}

---Ends the process at once by SIGABRT, with a core file where the system writes one. No exit event.
function Process:abort() end

---Bytes that the process can still have: what is free, or what is left of a limit.
---@return number
function Process:availableMemory() end

---Changes the working folder, or raises an Error with code, path and dest.
---@param directory string
function Process:chdir(directory) end

---The limit of memory in bytes that the system sets this process; a huge number where there is none.
---@return number
function Process:constrainedMemory() end

---Processor time in microseconds so far, { user, system }; with an earlier result, since that.
---@param previousValue? table
---@return table
function Process:cpuUsage(previousValue) end

---The working folder.
---@return string
function Process:cwd() end

---Closes the channel to the parent. nil in a process that was not forked with one.
function Process:disconnect() end

---Loads a module for Lua that is written in C: calls its luaopen_NAME (NAME is the file's up to the first dot) and sets module.exports to what that returns. flags: os.constants.dlopen, RTLD_LAZY unless given. Raises an Error with code ERR_DLOPEN_FAILED.
---@param module table
---@param filename string
---@param flags? integer
function Process:dlopen(module, filename, flags) end

---Emits `warning` in the next tick, which prints it on standard error.
---@param warning string|Error
---@param typeOrOptions? string|table
---@param code? string
---@param ctor? function
function Process:emitWarning(warning, typeOrOptions, code, ctor) end

---Ends the process with this code, else with process.exitCode: `exit` listeners run, nothing else does. No pcall holds it up.
---@param code? integer
function Process:exit(code) end

---What keeps the program running, by kind.
---@return string[]
function Process:getActiveResourcesInfo() end

---The built-in module of that name, nil when there is none.
---@param id string
---@return any
function Process:getBuiltinModule(id) end

---The effective group id.
---@return integer
function Process:getegid() end

---The effective user id.
---@return integer
function Process:geteuid() end

---The group id.
---@return integer
function Process:getgid() end

---The supplementary group ids and the effective one.
---@return integer[]
function Process:getgroups() end

---The user id.
---@return integer
function Process:getuid() end

---Is there a capture callback?
---@return boolean
function Process:hasUncaughtExceptionCaptureCallback() end

---A clock that only goes forward, as { seconds, nanoseconds }; with an earlier result, since that.
---@param time? integer[]
---@return integer[]
function Process:hrtime(time) end

---Sets the supplementary groups to those of the user and one more. Needs the rights of root.
---@param user string|integer
---@param extraGroup string|integer
function Process:initgroups(user, extraGroup) end

---Sends a signal, SIGTERM unless another is named; 0 only asks whether the process is there. A negative pid means a process group. Raises an Error with code ESRCH, EPERM or EINVAL.
---@param pid integer
---@param signal? string|integer
---@return boolean
function Process:kill(pid, signal) end

---Reads a file of lines NAME=VALUE, .env unless another is named, into process.env. What is set there already stays.
---@param path? string|Buffer|URL
function Process:loadEnvFile(path) end

---Bytes: rss (what the system counts), heapTotal (what the allocator holds), heapUsed (Lua's values), external (all else that is allocated), arrayBuffers (Buffers, a part of external).
---@return table
function Process:memoryUsage() end

---Calls the function with the arguments once the code that runs now has returned, before promises and before the loop goes on.
---@param callback function
---@param ... any
function Process:nextTick(callback, ...) end

---What getrusage(2) counts: times in microseconds, maxRSS in KiB, faults, switches.
---@return table
function Process:resourceUsage() end

---Sends a message to the parent. nil in a process that was not forked with a channel.
---@param message any
---@param sendHandle? any
---@param options? table
---@param callback? function
---@return boolean
function Process:send(message, sendHandle, options, callback) end

---Sets the effective group, by number or name. A refusal is an Error with code EPERM and a positive errno.
---@param id string|integer
function Process:setegid(id) end

---Sets the effective user, by number or name: who the system takes us for. It can be set back.
---@param id string|integer
function Process:seteuid(id) end

---Sets the group for good, by number or name. Before setuid, while we still may.
---@param id string|integer
function Process:setgid(id) end

---Sets the supplementary groups, by numbers and names. Needs the rights of root.
---@param groups table
function Process:setgroups(groups) end

---Sets the user for good, by number or name: how a server gives up the rights of root.
---@param id string|integer
function Process:setuid(id) end

---The function takes every uncaught error in place of the uncaughtException listeners; null ends it.
---@param fn function
function Process:setUncaughtExceptionCaptureCallback(fn) end

---The file mode creation mask; with an argument (an octal string will do) it is set and the old one returned.
---@param mask? integer|string
---@return integer
function Process:umask(mask) end

---Seconds since the process began.
---@return number
function Process:uptime() end

---@overload fun(self: Process, eventName: "beforeExit", listener: fun(code: integer)): Process
---@overload fun(self: Process, eventName: "disconnect", listener: fun()): Process
---@overload fun(self: Process, eventName: "exit", listener: fun(code: integer)): Process
---@overload fun(self: Process, eventName: "message", listener: fun(message: any, sendHandle: any)): Process
---@overload fun(self: Process, eventName: "multipleResolves", listener: fun(type: string, promise: Promise, value: any)): Process
---@overload fun(self: Process, eventName: "rejectionHandled", listener: fun(promise: Promise)): Process
---@overload fun(self: Process, eventName: "uncaughtException", listener: fun(err: any, origin: string)): Process
---@overload fun(self: Process, eventName: "uncaughtExceptionMonitor", listener: fun(err: any, origin: string)): Process
---@overload fun(self: Process, eventName: "unhandledRejection", listener: fun(reason: any, promise: Promise)): Process
---@overload fun(self: Process, eventName: "warning", listener: fun(warning: Error)): Process
---@overload fun(self: Process, eventName: "worker", listener: fun(worker: Worker)): Process
---@overload fun(self: Process, eventName: "workerMessage", listener: fun(value: any, source: integer)): Process
---@overload fun(self: Process, eventName: "SIGHUP", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGINT", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGQUIT", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGTERM", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGUSR1", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGUSR2", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGPIPE", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGABRT", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGALRM", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGCHLD", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGCONT", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGTSTP", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGTTIN", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGTTOU", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGURG", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGXCPU", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGXFSZ", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGVTALRM", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGPROF", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGIO", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGWINCH", listener: fun(signal: string, number: integer)): Process
---@param eventName any
---@param listener function
---@return Process
function Process:on(eventName, listener) end

---@overload fun(self: Process, eventName: "beforeExit", listener: fun(code: integer)): Process
---@overload fun(self: Process, eventName: "disconnect", listener: fun()): Process
---@overload fun(self: Process, eventName: "exit", listener: fun(code: integer)): Process
---@overload fun(self: Process, eventName: "message", listener: fun(message: any, sendHandle: any)): Process
---@overload fun(self: Process, eventName: "multipleResolves", listener: fun(type: string, promise: Promise, value: any)): Process
---@overload fun(self: Process, eventName: "rejectionHandled", listener: fun(promise: Promise)): Process
---@overload fun(self: Process, eventName: "uncaughtException", listener: fun(err: any, origin: string)): Process
---@overload fun(self: Process, eventName: "uncaughtExceptionMonitor", listener: fun(err: any, origin: string)): Process
---@overload fun(self: Process, eventName: "unhandledRejection", listener: fun(reason: any, promise: Promise)): Process
---@overload fun(self: Process, eventName: "warning", listener: fun(warning: Error)): Process
---@overload fun(self: Process, eventName: "worker", listener: fun(worker: Worker)): Process
---@overload fun(self: Process, eventName: "workerMessage", listener: fun(value: any, source: integer)): Process
---@overload fun(self: Process, eventName: "SIGHUP", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGINT", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGQUIT", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGTERM", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGUSR1", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGUSR2", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGPIPE", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGABRT", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGALRM", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGCHLD", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGCONT", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGTSTP", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGTTIN", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGTTOU", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGURG", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGXCPU", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGXFSZ", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGVTALRM", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGPROF", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGIO", listener: fun(signal: string, number: integer)): Process
---@overload fun(self: Process, eventName: "SIGWINCH", listener: fun(signal: string, number: integer)): Process
---@param eventName any
---@param listener function
---@return Process
function Process:once(eventName, listener) end

---A value that comes later. Promise(function(resolve, reject) ... end) calls the function at once; whichever of the two it calls first settles the promise. A string that the function raises becomes an Error. A rejection that nobody handles ends the program.
---@class Promise
---@overload fun(...: any): Promise
local Promise = {}

---Calls one of the functions once the promise has settled, and returns the promise of what it returns or raises. A function that is missing passes the value or the reason on.
---@param onFulfilled? function
---@param onRejected? function
---@return Promise
function Promise:andThen(onFulfilled, onRejected) end

---The same as andThen: p["then"](p, f).
---@param onFulfilled? function
---@param onRejected? function
---@return Promise
Promise["then"] = function(self, onFulfilled, onRejected) end

---Calls the function with the reason if the promise is rejected.
---@param onRejected function
---@return Promise
function Promise:catch(onRejected) end

---Calls the function without arguments once the promise has settled, whichever way, and passes value or reason on; a reason of its own comes first.
---@param onFinally function
---@return Promise
function Promise:finally(onFinally) end

---A promise of the value. A promise is returned as it is; a thenable - something with a function andThen or then - is followed.
---@param value any
---@return Promise
function Promise.resolve(value) end

---A promise that is rejected for the reason.
---@param reason any
---@return Promise
function Promise.reject(reason) end

---Waits until all values of the sequence have settled well: a promise of the sequence of what they gave. The first rejection rejects it.
---@param values table
---@return Promise
function Promise.all(values) end

---Waits until all have settled: a promise of { status = "fulfilled", value } or { status = "rejected", reason } for each.
---@param values table
---@return Promise
function Promise.allSettled(values) end

---The first that is fulfilled. Rejected with an AggregateError, whose errors are the reasons, when none is.
---@param values table
---@return Promise
function Promise.any(values) end

---Goes the way of the first that settles.
---@param values table
---@return Promise
function Promise.race(values) end

---A table of a new promise and the functions resolve and reject that settle it.
---@return table
function Promise.withResolvers() end

---Values that come one after the other: `for v in it do ... end` waits for each, where await works. Leaving the loop ends it.
---@class AsyncIterator
local AsyncIterator = {}

---A promise of the next { value = any, done = boolean }.
---@return Promise
function AsyncIterator:next() end

---Ends it, as leaving the loop does: it["return"](it).
---@return Promise
AsyncIterator["return"] = function(self) end

---The same as return.
---@return Promise
function AsyncIterator:finish() end

---Reads lines of a stream; createInterface makes it.
---@class Interface: EventEmitter
---@field line string What came after the last line end.
---@field terminal boolean Always false: nothing is edited here.
local Interface = {}

---Stops reading, emits close.
function Interface:close() end

---Loops over the lines, where await works: `for line in rl:iterator() do ... end`.
---@return AsyncIterator
function Interface:iterator() end

---What prompt writes.
---@return string
function Interface:getPrompt() end

---Pauses the input; lines of a chunk that has come are still emitted.
---@return Interface
function Interface:pause() end

---Writes the prompt, and reads on when paused.
function Interface:prompt() end

---Writes the query; the next line goes to callback(answer) instead of the event.
---@param query string
---@param options? table
---@param callback function
function Interface:question(query, options, callback) end

---Reads on.
---@return Interface
function Interface:resume() end

---Sets what prompt writes.
---@param prompt string
function Interface:setPrompt(prompt) end

---Takes the text as if it had come from the input.
---@param data string|Buffer
function Interface:write(data) end

---@overload fun(self: Interface, eventName: "line", listener: fun(line: string)): Interface
---@overload fun(self: Interface, eventName: "close", listener: fun()): Interface
---@overload fun(self: Interface, eventName: "pause", listener: fun()): Interface
---@overload fun(self: Interface, eventName: "resume", listener: fun()): Interface
---@param eventName any
---@param listener function
---@return Interface
function Interface:on(eventName, listener) end

---@overload fun(self: Interface, eventName: "line", listener: fun(line: string)): Interface
---@overload fun(self: Interface, eventName: "close", listener: fun()): Interface
---@overload fun(self: Interface, eventName: "pause", listener: fun()): Interface
---@overload fun(self: Interface, eventName: "resume", listener: fun()): Interface
---@param eventName any
---@param listener function
---@return Interface
function Interface:once(eventName, listener) end

---A Transform that changes nothing: to look at what passes, or to have a stream at hand before its source.
---@class PassThrough: Transform
---@overload fun(...: any): PassThrough
local PassThrough = {}

---For the stream itself: hands the chunk on.
---@param chunk any
---@param encoding? string
---@param callback function
function PassThrough:_transform(chunk, encoding, callback) end

---Turns bytes that come in pieces into text without cutting a character.
---@class StringDecoder
---@field encoding string Its encoding, under the name that Node uses.
---@overload fun(...: any): StringDecoder
local StringDecoder = {}

---The constructor; the encoding is utf8 unless named.
---@param encoding? string
function StringDecoder:init(encoding) end

---The text that is complete with these bytes. A character whose rest is still to come is held back.
---@param buffer Buffer|string
---@return string
function StringDecoder:write(buffer) end

---The text of these bytes and of what was held back. The decoder can be used afresh.
---@param buffer? Buffer|string
---@return string
function StringDecoder:finish(buffer) end

---The same as finish, under Node's name: d["end"](d).
---@param buffer? Buffer|string
---@return string
StringDecoder["end"] = function(self, buffer) end

---What setTimeout and setInterval return. A pending one keeps the program running unless it is unref'd; nobody has to store it.
---@class Timeout
---@field id integer Its number, which clearTimeout takes in place of the object; tostring gives it too.
local Timeout = {}

---Lets the timer keep the program running again.
---@return Timeout
function Timeout:ref() end

---The program may end while the timer waits; it may never fire then.
---@return Timeout
function Timeout:unref() end

---Does the timer keep the program running?
---@return boolean
function Timeout:hasRef() end

---Starts the delay again from now, also of a timer that has fired. One that was cleared stays so.
---@return Timeout
function Timeout:refresh() end

---The same as clearTimeout.
---@return Timeout
function Timeout:close() end

---What setImmediate returns.
---@class Immediate
local Immediate = {}

---Lets it keep the program running again.
---@return Immediate
function Immediate:ref() end

---The program may end before it has run.
---@return Immediate
function Immediate:unref() end

---Does it keep the program running?
---@return boolean
function Immediate:hasRef() end

---What this program says to the flight recorder.
---@class Trace
---@field preview boolean Are the first bytes of messages kept in the records of this process? true, until it is set to false.
---@field on boolean Is this thread recorded?
---@field dir string? The folder of the recording: `moonfork top --dir` shows it.
local Trace = {}

---Writes a record with this text (its first 80 bytes): the views and the export show it at its time, between what processes and messages did. Nothing happens where nothing is recorded.
---@param text string
function Trace:mark(text) end

---A URL by its parts, read and written as the WHATWG standard says; a relative one needs a base. What cannot be read raises ERR_INVALID_URL. Host names are ASCII.
---@class URL
---@field hash string `#part` or "".
---@field host string `example.org:8080`.
---@field hostname string The host without the port.
---@field href string The whole URL.
---@field origin string `https://example.org`; "null" for most schemes.
---@field password string As it is written in the URL.
---@field pathname string `/a/b`.
---@field port string "" for the scheme's own port.
---@field protocol string `https:`.
---@field search string `?a=1` or "".
---@field searchParams URLSearchParams The pairs of the query; changing them changes it.
---@field username string As it is written in the URL.
---@overload fun(...: any): URL
local URL = {}

---Would URL(input, base) succeed?
---@param input string
---@param base? string
---@return boolean
function URL.canParse(input, base) end

---The URL, or nil when the text is none.
---@param input string
---@param base? string
---@return URL?
function URL.parse(input, base) end

---The same as href.
---@return string
function URL:toString() end

---The same as href.
---@return string
function URL:toJSON() end

---The pairs of a query, from text, a list of pairs { { "a", "1" } } or a table of fields. Those of a URL's searchParams change the URL.
---@class URLSearchParams
---@field size integer How many pairs.
---@overload fun(...: any): URLSearchParams
local URLSearchParams = {}

---Adds a pair at the end.
---@param name string
---@param value any
function URLSearchParams:append(name, value) end

---Removes the pairs of the name (and value, when given).
---@param name string
---@param value? any
function URLSearchParams:delete(name, value) end

---An iterator: `for name, value in params:entries() do`.
---@return function
function URLSearchParams:entries() end

---Calls callback(value, name, params) for each pair.
---@param callback function
function URLSearchParams:forEach(callback) end

---The first value of the name, or nil.
---@param name string
---@return string?
function URLSearchParams:get(name) end

---All values of the name.
---@param name string
---@return string[]
function URLSearchParams:getAll(name) end

---Is there a pair of the name (and value, when given)?
---@param name string
---@param value? any
---@return boolean
function URLSearchParams:has(name, value) end

---An iterator over the names.
---@return function
function URLSearchParams:keys() end

---Gives the name this one value; without such a pair adds one.
---@param name string
---@param value any
function URLSearchParams:set(name, value) end

---Sorts the pairs by name; those of a name keep their order.
function URLSearchParams:sort() end

---The query as text, without `?`.
---@return string
function URLSearchParams:toString() end

---An iterator over the values.
---@return function
function URLSearchParams:values() end

---Turns bytes into text.
---@class TextDecoder
---@field encoding string The name of the encoding.
---@field fatal boolean Does it raise for what is no text?
---@field ignoreBOM boolean Does a byte order mark stay in the text?
---@overload fun(...: any): TextDecoder
local TextDecoder = {}

---The constructor: utf-8 unless named, else utf-16le, utf-16be or latin1.
---@param encoding? string
---@param options? table
function TextDecoder:init(encoding, options) end

---The bytes as text.
---@param input? ArrayBuffer|Buffer|TypedArray|DataView
---@param options? table
---@return string
function TextDecoder:decode(input, options) end

---Turns text into bytes, UTF-8.
---@class TextEncoder
---@field encoding string Always utf-8.
---@overload fun(...: any): TextEncoder
local TextEncoder = {}

---The text's bytes; what is not UTF-8 becomes U+FFFD.
---@param input? string
---@return Uint8Array
function TextEncoder:encode(input) end

---Writes whole characters as long as they fit: { read = bytes of src, written = bytes of dest }.
---@param src string
---@param dest Uint8Array
---@return table
function TextEncoder:encodeInto(src, dest) end

---BroadcastChannel(name): a message goes to all others that have opened the name, in every thread of the process. An open channel keeps the program running.
---@class BroadcastChannel: EventTarget
---@field name string What it was opened with.
---@field onmessage function? Gets an Event for each message, the value in `data`.
---@field onmessageerror function? Gets an Event for each message that could not be read.
---@overload fun(...: any): BroadcastChannel
local BroadcastChannel = {}

---Leaves the channel.
function BroadcastChannel:close() end

---Sends a clone of the value to all others that have opened this name, in all threads of the process. Raises DataCloneError, and InvalidStateError once it is closed.
---@param message any
function BroadcastChannel:postMessage(message) end

---Keeps the program running, as it does at first.
---@return BroadcastChannel
function BroadcastChannel:ref() end

---Does not keep the program running.
---@return BroadcastChannel
function BroadcastChannel:unref() end

---@overload fun(self: BroadcastChannel, eventName: "message", listener: fun(event: Event)): BroadcastChannel
---@param eventName any
---@param listener function
---@return BroadcastChannel
function BroadcastChannel:on(eventName, listener) end

---@overload fun(self: BroadcastChannel, eventName: "message", listener: fun(event: Event)): BroadcastChannel
---@param eventName any
---@param listener function
---@return BroadcastChannel
function BroadcastChannel:once(eventName, listener) end

---MessageChannel(): two ports, `port1` and `port2`; what is posted to one arrives at the other, here or on another thread.
---@class MessageChannel
---@overload fun(...: any): MessageChannel
local MessageChannel = {}

---One end of a MessageChannel. Messages wait until somebody listens.
---@class MessagePort: EventEmitter
---@field onmessage function? Gets an Event for each message, the value in `data`; starts the port.
---@field onmessageerror function? Gets an Event for each message that could not be read.
---@overload fun(...: any): MessagePort
local MessagePort = {}

---Adds a listener that gets an Event, the value in `data`.
---@param type string
---@param listener function
---@param options? table
function MessagePort:addEventListener(type, listener, options) end

---Closes both ports: what was posted still arrives there, then both emit `close`.
function MessagePort:close() end

---Does the port keep the program running?
---@return boolean
function MessagePort:hasRef() end

---Sends a clone of the value to the other port. ArrayBuffers and ports of the list are moved: empty and closed here afterwards. Raises DataCloneError, which names the part that cannot be cloned. Nothing happens once the port is closed.
---@param value any
---@param transferList? table
function MessagePort:postMessage(value, transferList) end

---Lets the port keep the program running.
---@return MessagePort
function MessagePort:ref() end

---Takes off what addEventListener has added.
---@param type string
---@param listener function
function MessagePort:removeEventListener(type, listener) end

---Lets messages come, also without a `message` listener.
function MessagePort:start() end

---The port does not keep the program running any more.
---@return MessagePort
function MessagePort:unref() end

---@overload fun(self: MessagePort, eventName: "close", listener: fun()): MessagePort
---@overload fun(self: MessagePort, eventName: "message", listener: fun(value: any)): MessagePort
---@overload fun(self: MessagePort, eventName: "messageerror", listener: fun(error: Error)): MessagePort
---@param eventName any
---@param listener function
---@return MessagePort
function MessagePort:on(eventName, listener) end

---@overload fun(self: MessagePort, eventName: "close", listener: fun()): MessagePort
---@overload fun(self: MessagePort, eventName: "message", listener: fun(value: any)): MessagePort
---@overload fun(self: MessagePort, eventName: "messageerror", listener: fun(error: Error)): MessagePort
---@param eventName any
---@param listener function
---@return MessagePort
function MessagePort:once(eventName, listener) end

---Worker(filename, options): a thread with a Lua state and an event loop of its own.
---@class Worker: EventEmitter
---@field performance table eventLoopUtilization(): { idle, active, utilization } of the worker's loop, ms and a share of 1.
---@field resourceLimits table The limits, -1 where there is none; {} once it has ended.
---@field stderr Readable The worker's standard error.
---@field stdin Writable? With the option stdin: what the worker reads.
---@field stdout Readable The worker's standard output.
---@field threadId integer The thread's number, -1 once it has ended.
---@overload fun(...: any): Worker
local Worker = {}

---Starts a thread that runs the file (absolute, or relative with ./ or ../), the function, or with eval the source text. Raises ERR_WORKER_PATH, DataCloneError, ERR_WORKER_INVALID_EXEC_ARGV.
---@param filename string|URL|function
---@param options? table
function Worker:init(filename, options) end

---A promise of a readable stream of JSON: how many objects live in the worker, by type and bytes. It comes when the worker's loop gets to it.
---@return Promise
function Worker:getHeapSnapshot() end

---Sends a clone of the value; the worker's parentPort emits `message`. ArrayBuffers and ports of the list are moved. Dropped when the worker has ended.
---@param value any
---@param transferList? table
function Worker:postMessage(value, transferList) end

---The worker keeps the program running, as it does at first.
---@return Worker
function Worker:ref() end

---Stops the worker at its next instruction, whatever it does; its exit listeners do not run. The promise gives the exit code, 1, or nil when it had ended before. A single call into C cannot be cut short.
---@return Promise
function Worker:terminate() end

---The worker does not keep the program running any more.
---@return Worker
function Worker:unref() end

---@overload fun(self: Worker, eventName: "error", listener: fun(err: any)): Worker
---@overload fun(self: Worker, eventName: "exit", listener: fun(exitCode: integer)): Worker
---@overload fun(self: Worker, eventName: "message", listener: fun(value: any)): Worker
---@overload fun(self: Worker, eventName: "messageerror", listener: fun(error: Error)): Worker
---@overload fun(self: Worker, eventName: "online", listener: fun()): Worker
---@param eventName any
---@param listener function
---@return Worker
function Worker:on(eventName, listener) end

---@overload fun(self: Worker, eventName: "error", listener: fun(err: any)): Worker
---@overload fun(self: Worker, eventName: "exit", listener: fun(exitCode: integer)): Worker
---@overload fun(self: Worker, eventName: "message", listener: fun(value: any)): Worker
---@overload fun(self: Worker, eventName: "messageerror", listener: fun(error: Error)): Worker
---@overload fun(self: Worker, eventName: "online", listener: fun()): Worker
---@param eventName any
---@param listener function
---@return Worker
function Worker:once(eventName, listener) end

---A value cannot be cloned; the message names where in it the trouble lies. Its code is 25.
---@class DataCloneError: Error
---@overload fun(...: any): DataCloneError
local DataCloneError = {}

---The message channel between parent and child: one socket pair. Each message is a JSON text and a line end, or, with the option serialization = "advanced", a length and V8's format.
---@class Channel
---@field fd integer? The descriptor of the channel in this process.
---@field maxMessageSize integer Bytes that one message may have, received or sent; a longer one that arrives closes the channel. 256 MiB, unless the option of fork or the variable MOONFORK_IPC_LIMIT of the environment says otherwise.
local Channel = {}

---The open channel keeps the program running, whatever listeners there are.
function Channel:ref() end

---The channel no longer keeps the program running.
function Channel:unref() end

---One more reason to keep the program running, unless ref or unref have decided.
function Channel:refCounted() end

---One reason of refCounted is gone.
function Channel:unrefCounted() end

---Does the channel keep the program running?
---@return boolean
function Channel:hasRef() end

---What statfs tells of a mounted file system: type, bsize, blocks, bfree, bavail, files, ffree.
---@class StatFs
---@overload fun(...: any): StatFs
local StatFs = {}

---What fs.watch gives: events of one file or of the names in a folder.
---@class FSWatcher: EventEmitter
local FSWatcher = {}

---Watches no more; then comes "close".
function FSWatcher:close() end

---Lets it keep the program running (again).
---@return FSWatcher
function FSWatcher:ref() end

---The program may end while it watches.
---@return FSWatcher
function FSWatcher:unref() end

---@overload fun(self: FSWatcher, eventName: "change", listener: fun(eventType: string, filename: string?)): FSWatcher
---@overload fun(self: FSWatcher, eventName: "error", listener: fun(error: Error)): FSWatcher
---@overload fun(self: FSWatcher, eventName: "close", listener: fun()): FSWatcher
---@param eventName any
---@param listener function
---@return FSWatcher
function FSWatcher:on(eventName, listener) end

---@overload fun(self: FSWatcher, eventName: "change", listener: fun(eventType: string, filename: string?)): FSWatcher
---@overload fun(self: FSWatcher, eventName: "error", listener: fun(error: Error)): FSWatcher
---@overload fun(self: FSWatcher, eventName: "close", listener: fun()): FSWatcher
---@param eventName any
---@param listener function
---@return FSWatcher
function FSWatcher:once(eventName, listener) end

---What fs.watchFile gives: it looks at a file again and again, until fs.unwatchFile.
---@class StatWatcher: EventEmitter
local StatWatcher = {}

---Lets it keep the program running (again).
---@return StatWatcher
function StatWatcher:ref() end

---The program may end while it watches.
---@return StatWatcher
function StatWatcher:unref() end

---@overload fun(self: StatWatcher, eventName: "change", listener: fun(current: Stats, previous: Stats)): StatWatcher
---@param eventName any
---@param listener function
---@return StatWatcher
function StatWatcher:on(eventName, listener) end

---@overload fun(self: StatWatcher, eventName: "change", listener: fun(current: Stats, previous: Stats)): StatWatcher
---@param eventName any
---@param listener function
---@return StatWatcher
function StatWatcher:once(eventName, listener) end

---An open file of fs/promises; its methods return promises. Close it: the collector does so only with a warning.
---@class FileHandle: EventEmitter
---@field fd integer The descriptor, -1 once close was called.
local FileHandle = {}

---Writes at the current position; data as for fs.promises.writeFile.
---@param data any
---@param options? table|string
---@return Promise
function FileHandle:appendFile(data, options) end

---Sets the permissions.
---@param mode integer|string
---@return Promise
function FileHandle:chmod(mode) end

---Sets the owner.
---@param uid integer
---@param gid integer
---@return Promise
function FileHandle:chown(uid, gid) end

---Closes the file once all that is under way is done. Closing twice is harmless.
---@return Promise
function FileHandle:close() end

---A stream of the file's bytes; options as for fs.createReadStream.
---@param options? table
---@return ReadStream
function FileHandle:createReadStream(options) end

---A stream into the file; options as for fs.createWriteStream.
---@param options? table
---@return WriteStream
function FileHandle:createWriteStream(options) end

---Waits until the data is on the disk.
---@return Promise
function FileHandle:datasync() end

---Reads into the Buffer (one of 16 KiB when none is given): { bytesRead, buffer }.
---@param buffer? Buffer|table
---@param offset? integer|table
---@param length? integer
---@param position? integer
---@return Promise
function FileHandle:read(buffer, offset, length, position) end

---The rest of the file, a Buffer or with an encoding a string.
---@param options? table|string
---@return Promise
function FileHandle:readFile(options) end

---The file's lines, from where it stands: `for line in f:readLines():iterator() do ... end`. Options as for createReadStream.
---@param options? table
---@return Interface
function FileHandle:readLines(options) end

---Fills one Buffer after the other: { bytesRead, buffers }.
---@param buffers Buffer[]
---@param position? integer
---@return Promise
function FileHandle:readv(buffers, position) end

---The file's Stats.
---@param options? table
---@return Promise
function FileHandle:stat(options) end

---Waits until data and attributes are on the disk.
---@return Promise
function FileHandle:sync() end

---Cuts the file, or fills it with zeros, to len bytes: 0 unless given.
---@param len? integer
---@return Promise
function FileHandle:truncate(len) end

---Sets the times of access and change, in seconds.
---@param atime number
---@param mtime number
---@return Promise
function FileHandle:utimes(atime, mtime) end

---Writes a Buffer, or a string (then position and encoding follow): { bytesWritten, buffer }.
---@param buffer Buffer|string
---@param offset? integer|table
---@param length? integer|string
---@param position? integer
---@return Promise
function FileHandle:write(buffer, offset, length, position) end

---Writes at the current position; data as for fs.promises.writeFile.
---@param data any
---@param options? table|string
---@return Promise
function FileHandle:writeFile(data, options) end

---Writes one Buffer after the other: { bytesWritten, buffers }.
---@param buffers Buffer[]
---@param position? integer
---@return Promise
function FileHandle:writev(buffers, position) end

---@overload fun(self: FileHandle, eventName: "close", listener: fun()): FileHandle
---@param eventName any
---@param listener function
---@return FileHandle
function FileHandle:on(eventName, listener) end

---@overload fun(self: FileHandle, eventName: "close", listener: fun()): FileHandle
---@param eventName any
---@param listener function
---@return FileHandle
function FileHandle:once(eventName, listener) end

---An open folder, from opendir. Entries come in no order. Close it, or read it to the end in a loop.
---@class Dir
---@field path string The path it was opened with.
local Dir = {}

---Closes the folder, behind all reads; without a callback a promise tells when.
---@param callback? function
---@return Promise?
function Dir:close(callback) end

---Closes the folder before it returns.
function Dir:closeSync() end

---The entries, to loop over; the folder is closed when the loop is left.
---@return AsyncIterator
function Dir:entries() end

---The next entry, as a Dirent; nil behind the last one. Without a callback as a promise.
---@param callback? function
---@return Promise?
function Dir:read(callback) end

---The next entry; nil behind the last one.
---@return Dirent?
function Dir:readSync() end

---Times in nanoseconds, as monitorEventLoopDelay gathers them.
---@class Histogram
---@field count integer How many values there are.
---@field max integer The largest, in nanoseconds.
---@field mean number Their mean; nan without any.
---@field min integer The smallest; math.maxinteger without any.
---@field percentiles table Values by their percentiles: 50, 75, 87.5 ... 100.
---@field stddev number Their standard deviation.
local Histogram = {}

---Starts; false when it runs already.
---@return boolean
function Histogram:enable() end

---Stops; false when it does not run.
---@return boolean
function Histogram:disable() end

---So many per cent of the values are at most this, in nanoseconds.
---@param percentile number
---@return integer
function Histogram:percentile(percentile) end

---Forgets all values.
function Histogram:reset() end

---Diagnostic reports: what the program, its loop and its system look like at one moment.
---@class Report
---@field compact boolean True: a report is one line, for programs to read.
---@field directory string The folder for reports; "" is the working folder.
---@field excludeNetwork boolean True: header.networkInterfaces is left out.
---@field filename string The file's name; "" makes one of date, time and pid.
---@field reportOnFatalError boolean True: a report is written when the program ends at once, because a handler of uncaught errors has failed.
---@field reportOnSignal boolean True: each `signal` that comes writes a report.
---@field reportOnUncaughtException boolean True: an error that nobody caught writes a report.
---@field signal string The signal of reportOnSignal, "SIGUSR2" at first.
local Report = {}

---The state of the program now, as a table; with an error, its stack in place of the one here.
---@param err? Error
---@return table
function Report:getReport(err) end

---Writes the report to a file in process.report.directory and returns its name, "" when that failed. Without a name it is report.DATE.TIME.PID.THREAD.NUMBER.json; "stdout" and "stderr" are no files.
---@param filename? string|Error
---@param err? Error
---@return string
function Report:writeReport(filename, err) end

---An Interface whose questions are promises.
---@class InterfacePromises: Interface
local InterfacePromises = {}

---Writes the query; the promise gets the next line.
---@param query string
---@return Promise
function InterfacePromises:question(query) end

---A connection to a Redis server.
---@class RedisClient: EventEmitter
local RedisClient = {}

---Sends a command with its arguments; commands travel in order, without waiting for each other. The promise gives the reply: a string, an integer, a list (what is missing in it is null), nil for nothing. It is rejected with a ReplyError, whose code is the first word of what Redis said (ERR, WRONGTYPE, ...), and with ERR_REDIS_CLOSED or the connection's error when no reply can come any more. Raises ERR_REDIS_LISTENING after subscribe.
---@param name string
---@param ... string|number|Buffer
---@return Promise
function RedisClient:command(name, ...) end

---Calls fn(message, channel) for each message that is published to the channel from now on. The promise settles when Redis has taken the subscription. A client that listens can do nothing else: use another one for commands.
---@param channel string
---@param fn function
---@return Promise
function RedisClient:subscribe(channel, fn) end

---Closes the connection when the replies that are due have come; then comes "end".
function RedisClient:finish() end

---Lets it keep the program running (again).
---@return RedisClient
function RedisClient:ref() end

---The program may end while it is connected.
---@return RedisClient
function RedisClient:unref() end

---@overload fun(self: RedisClient, eventName: "connect", listener: fun()): RedisClient
---@overload fun(self: RedisClient, eventName: "error", listener: fun(error: Error)): RedisClient
---@overload fun(self: RedisClient, eventName: "end", listener: fun()): RedisClient
---@param eventName any
---@param listener function
---@return RedisClient
function RedisClient:on(eventName, listener) end

---@overload fun(self: RedisClient, eventName: "connect", listener: fun()): RedisClient
---@overload fun(self: RedisClient, eventName: "error", listener: fun(error: Error)): RedisClient
---@overload fun(self: RedisClient, eventName: "end", listener: fun()): RedisClient
---@param eventName any
---@param listener function
---@return RedisClient
function RedisClient:once(eventName, listener) end

---One side of what duplexPair returns.
---@class DuplexSide: Duplex
local DuplexSide = {}

---process.stdout and process.stderr: what is written is out when write returns, and the descriptor is never closed.
---@class SyncWriteStream: Writable
---@field fd integer The descriptor: 1 or 2.
local SyncWriteStream = {}

---process.stdout or process.stderr where it is a terminal.
---@class WriteStream: SyncWriteStream
---@field isTTY boolean true; nil for what is no terminal.
---@field columns integer? The terminal's width.
---@field rows integer? The terminal's height.
local WriteStream = {}

---Clears the line: to the left of the cursor (-1), to the right (1), all of it (0).
---@param dir? integer
---@param callback? function
---@return boolean
function WriteStream:clearLine(dir, callback) end

---Clears from the cursor to the end of the screen.
---@param callback? function
---@return boolean
function WriteStream:clearScreenDown(callback) end

---Moves the cursor to column x of its line or of line y, counted from 0.
---@param x integer
---@param y? integer
---@param callback? function
---@return boolean
function WriteStream:cursorTo(x, y, callback) end

---Bits of colour, guessed from the environment or from a table like it: 1, 4, 8 or 24.
---@param env? table
---@return integer
function WriteStream:getColorDepth(env) end

---{ columns, rows } of the terminal.
---@return integer[]
function WriteStream:getWindowSize() end

---Has the terminal that many colours, 16 unless a number is given?
---@param count? integer|table
---@param env? table
---@return boolean
function WriteStream:hasColors(count, env) end

---Moves the cursor by so many columns and lines.
---@param dx integer
---@param dy integer
---@param callback? function
---@return boolean
function WriteStream:moveCursor(dx, dy, callback) end

---@overload fun(self: WriteStream, eventName: "resize", listener: fun()): WriteStream
---@param eventName any
---@param listener function
---@return WriteStream
function WriteStream:on(eventName, listener) end

---@overload fun(self: WriteStream, eventName: "resize", listener: fun()): WriteStream
---@param eventName any
---@param listener function
---@return WriteStream
function WriteStream:once(eventName, listener) end

---process.stdin where it is a terminal.
---@class ReadStream: Socket
---@field isTTY boolean true; nil for what is no terminal.
---@field isRaw boolean Does each key come at once?
---@field fd integer The descriptor: 0.
local ReadStream = {}

---true: each key comes at once and is not echoed; false: lines, as usual.
---@param mode boolean
---@return ReadStream
function ReadStream:setRawMode(mode) end

---process.stdin where it is a file.
---@class ReadStream: Readable
---@field fd integer The descriptor.
local ReadStream = {}

---What is there without require: errors, null and arrays, JSON, instanceof, and what to know of Lua's own functions. The classes and functions of modules that are global, too (process, Buffer, timers), are described with their modules.
---@class moonfork._G
---@field __dirname string? The folder of the file that asks; nil at the prompt.
---@field __filename string? The absolute path of the file that asks; nil at the prompt.
---@field arg string[] Stock Lua: the arguments of the script; the script itself at 0.
---@field null userdata The null of JSON and of messages. It is not nil, and counts as true.
---@field Error Error
---@field TypeError TypeError
---@field RangeError RangeError
---@field SyntaxError SyntaxError
---@field AggregateError AggregateError
local module__G = {}

---Marks a table (a new one without argument) as an array for JSON and messages, and returns it: only an empty table needs that.
---@param table? table
---@return table
function module__G.array(table) end

---Stock Lua: runs a file. require is the better way to load one: it finds files beside the one that asks, and runs each once.
---@param filename? string
---@return any
function module__G.dofile(filename) end

---Is the value an object of the class, or of one that was derived from it?
---@param value any
---@param class table
---@return boolean
function module__G.instanceof(value, class) end

---Stock Lua: writes its arguments, separated by tabs, with a line end, in order with io.write, console.log and process.stdout. console.log shows what is in tables.
---@param ... any
function module__G.print(...) end

---Gives a built-in module, or loads a file once: `./x`, `../x` and `/x` are files, beside the file that asks; any other name goes through package.path. See the module `module`.
---@param id string
---@return any
function module__G.require(id) end

---A deep copy: tables with cycles and shared parts, numbers, strings, Errors and Buffers. Metatables are dropped; a function in it raises a DataCloneError that says where it is.
---@param value any
---@param options? table
---@return any
function module__G.structuredClone(value, options) end

---Checks that raise an AssertionError when they fail. The module is a function, too: assert(value, message). The global assert stays that of Lua.
---@class moonfork.assert
---@field strict table The same checks, where equal and deepEqual are the strict ones.
---@field AssertionError AssertionError
local module_assert = {}

---The value must be true: neither nil nor false. assert(value) is the same.
---@param value any
---@param message? string|Error
function module_assert.ok(value, message) end

---They must be equal by ==.
---@param actual any
---@param expected any
---@param message? string|Error
function module_assert.equal(actual, expected, message) end

---They must differ by ~=.
---@param actual any
---@param expected any
---@param message? string|Error
function module_assert.notEqual(actual, expected, message) end

---They must be one object, or equal values; metatables are not asked.
---@param actual any
---@param expected any
---@param message? string|Error
function module_assert.strictEqual(actual, expected, message) end

---The opposite of strictEqual.
---@param actual any
---@param expected any
---@param message? string|Error
function module_assert.notStrictEqual(actual, expected, message) end

---They must be equal in all their parts, whatever their metatables.
---@param actual any
---@param expected any
---@param message? string|Error
function module_assert.deepEqual(actual, expected, message) end

---The opposite of deepEqual.
---@param actual any
---@param expected any
---@param message? string|Error
function module_assert.notDeepEqual(actual, expected, message) end

---They must be equal in all their parts, metatables too. The message shows the lines that differ.
---@param actual any
---@param expected any
---@param message? string|Error
function module_assert.deepStrictEqual(actual, expected, message) end

---The opposite of deepStrictEqual.
---@param actual any
---@param expected any
---@param message? string|Error
function module_assert.notDeepStrictEqual(actual, expected, message) end

---fn must raise: an error of the class, with the fields of the table, or for which the function returns true.
---@param fn function
---@param error? table|function
---@param message? string|Error
function module_assert.throws(fn, error, message) end

---fn must not raise.
---@param fn function
---@param error? table|function
---@param message? string
function module_assert.doesNotThrow(fn, error, message) end

---The promise, or that of the function, must be rejected, as throws says.
---@param promiseFn Promise|function
---@param error? table|function
---@param message? string|Error
---@return Promise
function module_assert.rejects(promiseFn, error, message) end

---The promise must not be rejected.
---@param promiseFn Promise|function
---@param error? table|function
---@param message? string
---@return Promise
function module_assert.doesNotReject(promiseFn, error, message) end

---The string must match the Lua pattern.
---@param string string
---@param regexp string
---@param message? string|Error
function module_assert.match(string, regexp, message) end

---The string must not match the Lua pattern.
---@param string string
---@param regexp string
---@param message? string|Error
function module_assert.doesNotMatch(string, regexp, message) end

---Fails.
---@param message? string|Error
function module_assert.fail(message) end

---The value, the first argument of a callback, must be nil.
---@param value any
function module_assert.ifError(value) end

---The global Atomics: changes of shared memory that no other thread sees half done, and waiting for them. band, bor and bxor are the names of and, or and xor that Lua can write; the others are Atomics["and"], Atomics["or"].
---@class moonfork.atomics
local module_atomics = {}

---Adds to the element; gives what stood there before.
---@param view TypedArray
---@param index integer
---@param value integer
---@return integer
function module_atomics.add(view, index, value) end

---The view is of integers; the old value is returned.
---@param view TypedArray
---@param index integer
---@param value integer
---@return integer
module_atomics["and"] = function(view, index, value) end

---Bitwise and; gives what stood there before.
---@param view TypedArray
---@param index integer
---@param value integer
---@return integer
function module_atomics.band(view, index, value) end

---Bitwise or; gives what stood there before.
---@param view TypedArray
---@param index integer
---@param value integer
---@return integer
function module_atomics.bor(view, index, value) end

---Bitwise exclusive or; gives what stood there before.
---@param view TypedArray
---@param index integer
---@param value integer
---@return integer
function module_atomics.bxor(view, index, value) end

---Writes the replacement where expected stands; gives what stood there before.
---@param view TypedArray
---@param index integer
---@param expected integer
---@param replacement integer
---@return integer
function module_atomics.compareExchange(view, index, expected, replacement) end

---Writes the value; gives what stood there before.
---@param view TypedArray
---@param index integer
---@param value integer
---@return integer
function module_atomics.exchange(view, index, value) end

---Are elements of so many bytes changed without a lock?
---@param size integer
---@return boolean
function module_atomics.isLockFree(size) end

---Reads the element.
---@param view TypedArray
---@param index integer
---@return integer
function module_atomics.load(view, index) end

---Wakes those that wait for the element, the longest first; gives how many.
---@param view TypedArray
---@param index integer
---@param count? integer
---@return integer
function module_atomics.notify(view, index, count) end

---The view is of integers; the old value is returned.
---@param view TypedArray
---@param index integer
---@param value integer
---@return integer
module_atomics["or"] = function(view, index, value) end

---Writes the value and gives it back.
---@param view TypedArray
---@param index integer
---@param value integer
---@return integer
function module_atomics.store(view, index, value) end

---Subtracts from the element; gives what stood there before.
---@param view TypedArray
---@param index integer
---@param value integer
---@return integer
function module_atomics.sub(view, index, value) end

---Sleeps while the element holds the value, until a notify ("ok") or for timeout milliseconds ("timed-out"); "not-equal" at once when it holds another. The view is an Int32Array or BigInt64Array of shared memory. The event loop stands still meanwhile.
---@param view TypedArray
---@param index integer
---@param value integer
---@param timeout? number
---@return string
function module_atomics.wait(view, index, value, timeout) end

---The same without sleeping: { async = true, value = a promise of "ok" or "timed-out" }, or { async = false, value = "not-equal" or "timed-out" }. It does not keep the program running.
---@param view TypedArray
---@param index integer
---@param value integer
---@param timeout? number
---@return table
function module_atomics.waitAsync(view, index, value, timeout) end

---The view is of integers; the old value is returned.
---@param view TypedArray
---@param index integer
---@param value integer
---@return integer
function module_atomics.xor(view, index, value) end

---Bytes: the Buffer class, ArrayBuffer and SharedArrayBuffer, and the views over them. All the classes are globals, too.
---@class moonfork.buffer
---@field INSPECT_MAX_BYTES integer How many bytes console.log shows of a Buffer; may be set.
---@field kMaxLength integer The largest size of a Buffer.
---@field kStringMaxLength integer The longest text that toString gives.
---@field constants table MAX_LENGTH and MAX_STRING_LENGTH: the same two limits.
---@field Buffer Buffer
---@field ArrayBuffer ArrayBuffer
---@field SharedArrayBuffer SharedArrayBuffer
---@field Uint8Array Uint8Array
---@field Int8Array Int8Array
---@field Uint8ClampedArray Uint8ClampedArray
---@field Int16Array Int16Array
---@field Uint16Array Uint16Array
---@field Int32Array Int32Array
---@field Uint32Array Uint32Array
---@field Float32Array Float32Array
---@field Float64Array Float64Array
---@field BigInt64Array BigInt64Array
---@field BigUint64Array BigUint64Array
---@field DataView DataView
local module_buffer = {}

---The text whose code points (0 to 255) are the bytes that base64 text stands for.
---@param data string
---@return string
function module_buffer.atob(data) end

---Text with code points up to 255 as base64.
---@param data string
---@return string
function module_buffer.btoa(data) end

---Are all bytes below 128?
---@param input TypedArray|ArrayBuffer
---@return boolean
function module_buffer.isAscii(input) end

---Are the bytes valid UTF-8?
---@param input TypedArray|ArrayBuffer
---@return boolean
function module_buffer.isUtf8(input) end

---The same text in another encoding (utf8, utf16le, latin1, ascii); what it cannot say becomes ?.
---@param source Uint8Array
---@param fromEnc string
---@param toEnc string
---@return Buffer
function module_buffer.transcode(source, fromEnc, toEnc) end

---Starting other processes and talking to them.
---@class moonfork.child_process
---@field ChildProcess ChildProcess
local module_child_process = {}

---Starts a program and returns at once. Its output comes as events of child.stdout and child.stderr. A program that cannot be found is the event `error` (ENOENT). Errors: ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE.
---@param file string
---@param args? string[]
---@param options? table
---@return ChildProcess
function module_child_process.spawn(file, args, options) end

---Starts another moonfork for a script, or for a Lua function that uses no local of the code around it, with a channel for messages: child:send and the event `message`. args reach a function as `...`.
---@param modulePath string|function
---@param args? string[]
---@param options? table
---@return ChildProcess
function module_child_process.fork(modulePath, args, options) end

---Runs a command line in a shell and gives its whole output: callback(error, stdout, stderr). A code other than 0, a signal, the timeout and too much output (ERR_CHILD_PROCESS_STDIO_MAXBUFFER) are errors with code, signal, killed and cmd. util.promisify(exec) gives { stdout, stderr }.
---@param command string
---@param options? table
---@param callback? function
---@return ChildProcess
function module_child_process.exec(command, options, callback) end

---The same for a program with arguments and without a shell.
---@param file string
---@param args? string[]
---@param options? table
---@param callback? function
---@return ChildProcess
function module_child_process.execFile(file, args, options, callback) end

---Runs a command line in a shell and waits; gives its stdout and raises where exec gives an error. What it writes to stderr is shown on ours. The event loop stands still meanwhile.
---@param command string
---@param options? table
---@return Buffer|string?
function module_child_process.execSync(command, options) end

---The same for a program with arguments and without a shell.
---@param file string
---@param args? string[]
---@param options? table
---@return Buffer|string?
function module_child_process.execFileSync(file, args, options) end

---Starts a program and waits for its end; the event loop stands still meanwhile. Returns pid, status, signal, stdout, stderr, output (entry i is descriptor i-1) and, when it failed, error.
---@param file string
---@param args? string[]
---@param options? table
---@return table
function module_child_process.spawnSync(file, args, options) end

---Single messages between processes and machines, without a connection: UDP.
---@class moonfork.dgram
---@field Socket Socket
local module_dgram = {}

---Makes a UDP socket of type "udp4" or "udp6"; callback is a listener of "message".
---@param type string|table
---@param callback? function
---@return Socket
function module_dgram.createSocket(type, callback) end

---The addresses of hosts. What asks name servers itself (resolve and its kin) is left out.
---@class moonfork.dns
---@field ADDRCONFIG integer A hint: only kinds of addresses that this machine has itself.
---@field V4MAPPED integer A hint: with family 6, IPv4 addresses written as IPv6 ones.
---@field ALL integer A hint: with V4MAPPED, both kinds.
---@field NOTFOUND string The code of the error for a host that does not exist.
---@field promises table The module dns/promises.
local module_dns = {}

---Finds the addresses of a host as the system does, /etc/hosts included. Runs on a thread of libuv. callback(err, address, family), or callback(err, addresses) with the option all.
---@param hostname string
---@param options? integer|table|function
---@param callback? function
---@return table
function module_dns.lookup(hostname, options, callback) end

---The other way round: callback(err, hostname, service) of an address and a port.
---@param address string
---@param port integer
---@param callback function
---@return table
function module_dns.lookupService(address, port, callback) end

---The order of lookup.
---@return string
function module_dns.getDefaultResultOrder() end

---Sets the order of lookup: "verbatim", "ipv4first" or "ipv6first".
---@param order string
function module_dns.setDefaultResultOrder(order) end

---The name servers of this system, from /etc/resolv.conf.
---@return string[]
function module_dns.getServers() end

---lookup and lookupService of dns as promises, to be awaited.
---@class moonfork.dns.promises
local module_dns_promises = {}

---Finds the addresses of a host as the system does, /etc/hosts included. Runs on a thread of libuv. A promise of { address, family }, or of a sequence of such with the option all.
---@param hostname string
---@param options? integer|table
---@return Promise
function module_dns_promises.lookup(hostname, options) end

---A promise of { hostname, service }.
---@param address string
---@param port integer
---@return Promise
function module_dns_promises.lookupService(address, port) end

---The order of lookup.
---@return string
function module_dns_promises.getDefaultResultOrder() end

---Sets the order of lookup.
---@param order string
function module_dns_promises.setDefaultResultOrder(order) end

---The name servers of this system.
---@return string[]
function module_dns_promises.getServers() end

---AbortController, AbortSignal, Event and EventTarget, which are globals.
---@class moonfork.event_target
---@field AbortController AbortController
---@field AbortSignal AbortSignal
---@field Event Event
---@field EventTarget EventTarget
local module_event_target = {}

---Hashes, ciphers, signatures, keys and random bytes, over OpenSSL 3.
---@class moonfork.crypto
---@field constants table RSA_PKCS1_PADDING, RSA_PKCS1_PSS_PADDING, RSA_PSS_SALTLEN_DIGEST, ...
---@field Cipheriv Cipheriv
---@field Decipheriv Decipheriv
---@field Hash Hash
---@field Hmac Hmac
---@field KeyObject KeyObject
---@field Sign Sign
---@field Verify Verify
local module_crypto = {}

---A hash in the making: "sha256", "md5", ... of getHashes().
---@param algorithm string
---@param options? table
---@return Hash
function module_crypto.createHash(algorithm, options) end

---A hash with a key.
---@param algorithm string
---@param key string|Buffer|KeyObject
---@param options? table
---@return Hmac
function module_crypto.createHmac(algorithm, key, options) end

---The hash of data at once, as "hex" unless told; "buffer" gives a Buffer.
---@param algorithm string
---@param data string|Buffer
---@param outputEncoding? string
---@return string|Buffer
function module_crypto.hash(algorithm, data, outputEncoding) end

---The names of all hashes.
---@return string[]
function module_crypto.getHashes() end

---Encrypts: "aes-256-cbc", "aes-128-gcm", ... of getCiphers(). The IV is public, and another one for each message; null where the cipher has none.
---@param algorithm string
---@param key string|Buffer|KeyObject
---@param iv string|Buffer
---@param options? table
---@return Cipheriv
function module_crypto.createCipheriv(algorithm, key, iv, options) end

---Decrypts what createCipheriv has encrypted with the same key and IV.
---@param algorithm string
---@param key string|Buffer|KeyObject
---@param iv string|Buffer
---@param options? table
---@return Decipheriv
function module_crypto.createDecipheriv(algorithm, key, iv, options) end

---The names of all ciphers, without the old ones of the legacy provider.
---@return string[]
function module_crypto.getCiphers() end

---{ name, nid, mode, blockSize, ivLength, keyLength } of a cipher; nil when there is none.
---@param nameOrNid string|integer
---@param options? table
---@return table?
function module_crypto.getCipherInfo(nameOrNid, options) end

---Signs a message that comes in pieces.
---@param algorithm string
---@param options? table
---@return Sign
function module_crypto.createSign(algorithm, options) end

---Checks the signature of a message that comes in pieces.
---@param algorithm string
---@param options? table
---@return Verify
function module_crypto.createVerify(algorithm, options) end

---The signature of data by a private key (text in PEM, a KeyObject, or a table with key, passphrase, padding, saltLength, dsaEncoding). algorithm: the hash; nil for ed25519, which has its own. With a callback(err, signature) it is done in the thread pool.
---@param algorithm? string
---@param data string|Buffer
---@param key KeyObject|string|Buffer|table
---@param callback? function
---@return Buffer?
function module_crypto.sign(algorithm, data, key, callback) end

---Is it the signature of data by the owner of the key?
---@param algorithm? string
---@param data string|Buffer
---@param key KeyObject|string|Buffer|table
---@param signature Buffer
---@param callback? function
---@return boolean?
function module_crypto.verify(algorithm, data, key, signature, callback) end

---Makes a pair of keys in the thread pool: callback(err, publicKey, privateKey). type: "rsa", "ec", "ed25519", "ed448", "x25519", "x448".
---@param type string
---@param options? table
---@param callback function
function module_crypto.generateKeyPair(type, options, callback) end

---Makes a pair of keys: { publicKey, privateKey }. The loop stands still meanwhile.
---@param type string
---@param options? table
---@return table
function module_crypto.generateKeyPairSync(type, options) end

---A KeyObject with a secret.
---@param key string|Buffer
---@param encoding? string
---@return KeyObject
function module_crypto.createSecretKey(key, encoding) end

---A KeyObject of a private key in PEM, or of { key, format, type, passphrase }; with format "jwk" the key is a table.
---@param key string|Buffer|table
---@return KeyObject
function module_crypto.createPrivateKey(key) end

---A KeyObject of a public key, or of the public half of a private one; tables as for createPrivateKey.
---@param key string|Buffer|KeyObject|table
---@return KeyObject
function module_crypto.createPublicKey(key) end

---The names of all elliptic curves.
---@return string[]
function module_crypto.getCurves() end

---A key from a password, in the thread pool: callback(err, key). More iterations, more work for whoever guesses.
---@param password string|Buffer
---@param salt string|Buffer
---@param iterations integer
---@param keylen integer
---@param digest string
---@param callback function
function module_crypto.pbkdf2(password, salt, iterations, keylen, digest, callback) end

---The same at once; the loop stands still meanwhile.
---@param password string|Buffer
---@param salt string|Buffer
---@param iterations integer
---@param keylen integer
---@param digest string
---@return Buffer
function module_crypto.pbkdf2Sync(password, salt, iterations, keylen, digest) end

---A key from a password, which costs memory, too; in the thread pool: callback(err, key).
---@param password string|Buffer
---@param salt string|Buffer
---@param keylen integer
---@param options? table
---@param callback function
function module_crypto.scrypt(password, salt, keylen, options, callback) end

---The same at once; the loop stands still meanwhile.
---@param password string|Buffer
---@param salt string|Buffer
---@param keylen integer
---@param options? table
---@return Buffer
function module_crypto.scryptSync(password, salt, keylen, options) end

---Derives keys from a key that is good already, in the thread pool: callback(err, key).
---@param digest string
---@param ikm string|Buffer|KeyObject
---@param salt string|Buffer
---@param info string|Buffer
---@param keylen integer
---@param callback function
function module_crypto.hkdf(digest, ikm, salt, info, keylen, callback) end

---The same at once.
---@param digest string
---@param ikm string|Buffer|KeyObject
---@param salt string|Buffer
---@param info string|Buffer
---@param keylen integer
---@return Buffer
function module_crypto.hkdfSync(digest, ikm, salt, info, keylen) end

---A Buffer of random bytes that nobody can guess; with a callback(err, buffer) from the thread pool.
---@param size integer
---@param callback? function
---@return Buffer?
function module_crypto.randomBytes(size, callback) end

---Fills a Buffer, or a part of it, with random bytes in the thread pool: callback(err, buffer).
---@param buffer Buffer
---@param offset? integer
---@param size? integer
---@param callback function
function module_crypto.randomFill(buffer, offset, size, callback) end

---Fills a Buffer, or a part of it, with random bytes; returns it.
---@param buffer Buffer
---@param offset? integer
---@param size? integer
---@return Buffer
function module_crypto.randomFillSync(buffer, offset, size) end

---Fills a Buffer of at most 65536 bytes with random ones; returns it.
---@param buffer Buffer
---@return Buffer
function module_crypto.getRandomValues(buffer) end

---A random whole number, at least min (0), less than max; each equally likely.
---@param min? integer
---@param max integer
---@param callback? function
---@return integer?
function module_crypto.randomInt(min, max, callback) end

---A random name that no other program will come up with (version 4).
---@param options? table
---@return string
function module_crypto.randomUUID(options) end

---Are the bytes equal? Takes the same time wherever they differ, so that nobody learns from it.
---@param a Buffer
---@param b Buffer
---@return boolean
function module_crypto.timingSafeEqual(a, b) end

---Files and folders. Each operation comes in three forms: with a callback(err, result), as a promise (fs.promises), and with Sync in its name, which returns the result or raises.
---@class moonfork.fs
---@field constants table Numbers for mode and flags: F_OK, R_OK, W_OK, X_OK, COPYFILE_EXCL, O_RDONLY, O_CREAT, S_IFMT, ...
---@field promises table The module fs/promises.
---@field Stats Stats
---@field Dirent Dirent
---@field ReadStream ReadStream
---@field WriteStream WriteStream
local module_fs = {}

---Fails unless the file is there and may be used as mode says: constants F_OK, R_OK, W_OK, X_OK.
---@param path string|Buffer
---@param mode? integer
---@param callback function
function module_fs.access(path, mode, callback) end

---As access, before it returns.
---@param path string|Buffer
---@param mode? integer
function module_fs.accessSync(path, mode) end

---Adds the data to the end of a file, which is made when it is not there.
---@param path string|Buffer|integer
---@param data string|Buffer
---@param options? table|string
---@param callback function
function module_fs.appendFile(path, data, options, callback) end

---As appendFile, before it returns.
---@param path string|Buffer|integer
---@param data string|Buffer
---@param options? table|string
function module_fs.appendFileSync(path, data, options) end

---Sets the permissions of a file.
---@param path string|Buffer
---@param mode integer|string
---@param callback function
function module_fs.chmod(path, mode, callback) end

---As chmod, before it returns.
---@param path string|Buffer
---@param mode integer|string
function module_fs.chmodSync(path, mode) end

---Sets the owner of a file.
---@param path string|Buffer
---@param uid integer
---@param gid integer
---@param callback function
function module_fs.chown(path, uid, gid, callback) end

---As chown, before it returns.
---@param path string|Buffer
---@param uid integer
---@param gid integer
function module_fs.chownSync(path, uid, gid) end

---Closes a descriptor.
---@param fd integer
---@param callback function
function module_fs.close(fd, callback) end

---As close, before it returns.
---@param fd integer
function module_fs.closeSync(fd) end

---Copies a file over another one; constants COPYFILE_EXCL: not over one that is there.
---@param src string|Buffer
---@param dest string|Buffer
---@param mode? integer
---@param callback function
function module_fs.copyFile(src, dest, mode, callback) end

---As copyFile, before it returns.
---@param src string|Buffer
---@param dest string|Buffer
---@param mode? integer
function module_fs.copyFileSync(src, dest, mode) end

---Copies a file, a link, or with recursive a whole folder.
---@param src string|Buffer
---@param dest string|Buffer
---@param options? table
---@param callback function
function module_fs.cp(src, dest, options, callback) end

---As cp, before it returns.
---@param src string|Buffer
---@param dest string|Buffer
---@param options? table
function module_fs.cpSync(src, dest, options) end

---Tells whether there is such a file; the callback gets nothing but that.
---@param path string|Buffer
---@param callback function
function module_fs.exists(path, callback) end

---As exists, before it returns.
---@param path string|Buffer
---@return boolean
function module_fs.existsSync(path) end

---Sets the permissions of an open file.
---@param fd integer
---@param mode integer|string
---@param callback function
function module_fs.fchmod(fd, mode, callback) end

---As fchmod, before it returns.
---@param fd integer
---@param mode integer|string
function module_fs.fchmodSync(fd, mode) end

---Sets the owner of an open file.
---@param fd integer
---@param uid integer
---@param gid integer
---@param callback function
function module_fs.fchown(fd, uid, gid, callback) end

---As fchown, before it returns.
---@param fd integer
---@param uid integer
---@param gid integer
function module_fs.fchownSync(fd, uid, gid) end

---Waits until a file's data are on the disk.
---@param fd integer
---@param callback function
function module_fs.fdatasync(fd, callback) end

---As fdatasync, before it returns.
---@param fd integer
function module_fs.fdatasyncSync(fd) end

---What there is to know about an open file.
---@param fd integer
---@param options? table
---@param callback function
function module_fs.fstat(fd, options, callback) end

---As fstat, before it returns.
---@param fd integer
---@param options? table
---@return Stats
function module_fs.fstatSync(fd, options) end

---Waits until a file's data and attributes are on the disk.
---@param fd integer
---@param callback function
function module_fs.fsync(fd, callback) end

---As fsync, before it returns.
---@param fd integer
function module_fs.fsyncSync(fd) end

---Cuts an open file, or fills it with zeros, to len bytes: 0 unless given.
---@param fd integer
---@param len? integer
---@param callback function
function module_fs.ftruncate(fd, len, callback) end

---As ftruncate, before it returns.
---@param fd integer
---@param len? integer
function module_fs.ftruncateSync(fd, len) end

---Sets the times of access and change of an open file, in seconds.
---@param fd integer
---@param atime number
---@param mtime number
---@param callback function
function module_fs.futimes(fd, atime, mtime, callback) end

---As futimes, before it returns.
---@param fd integer
---@param atime number
---@param mtime number
function module_fs.futimesSync(fd, atime, mtime) end

---Sets the owner of a file, or of the symbolic link itself.
---@param path string|Buffer
---@param uid integer
---@param gid integer
---@param callback function
function module_fs.lchown(path, uid, gid, callback) end

---As lchown, before it returns.
---@param path string|Buffer
---@param uid integer
---@param gid integer
function module_fs.lchownSync(path, uid, gid) end

---Gives a file a second name.
---@param existingPath string|Buffer
---@param newPath string|Buffer
---@param callback function
function module_fs.link(existingPath, newPath, callback) end

---As link, before it returns.
---@param existingPath string|Buffer
---@param newPath string|Buffer
function module_fs.linkSync(existingPath, newPath) end

---As stat, but of a symbolic link itself.
---@param path string|Buffer
---@param options? table
---@param callback function
function module_fs.lstat(path, options, callback) end

---As lstat, before it returns.
---@param path string|Buffer
---@param options? table
---@return Stats?
function module_fs.lstatSync(path, options) end

---As utimes, but of a symbolic link itself.
---@param path string|Buffer
---@param atime number
---@param mtime number
---@param callback function
function module_fs.lutimes(path, atime, mtime, callback) end

---As lutimes, before it returns.
---@param path string|Buffer
---@param atime number
---@param mtime number
function module_fs.lutimesSync(path, atime, mtime) end

---Makes a folder. With recursive those above it too: the result is the first that was made.
---@param path string|Buffer
---@param options? table|integer
---@param callback function
function module_fs.mkdir(path, options, callback) end

---As mkdir, before it returns.
---@param path string|Buffer
---@param options? table|integer
---@return string?
function module_fs.mkdirSync(path, options) end

---Makes a folder with a new name: the prefix and six characters.
---@param prefix string|Buffer
---@param options? table|string
---@param callback function
function module_fs.mkdtemp(prefix, options, callback) end

---As mkdtemp, before it returns.
---@param prefix string|Buffer
---@param options? table|string
---@return string
function module_fs.mkdtempSync(prefix, options) end

---Opens a file. flags: "r" (the default), "r+", "w", "w+", "a", "a+", with "x" not one that is there, with "s" without the cache.
---@param path string|Buffer
---@param flags? string|integer
---@param mode? integer|string
---@param callback function
function module_fs.open(path, flags, mode, callback) end

---As open, before it returns.
---@param path string|Buffer
---@param flags? string|integer
---@param mode? integer|string
---@return integer
function module_fs.openSync(path, flags, mode) end

---Opens a folder, to read its entries one by one.
---@param path string|Buffer
---@param options? table|string
---@param callback function
function module_fs.opendir(path, options, callback) end

---As opendir, before it returns.
---@param path string|Buffer
---@param options? table|string
---@return Dir
function module_fs.opendirSync(path, options) end

---Reads bytes into a Buffer: how many, and the Buffer. Without a position from the file's own, which moves.
---@param fd integer
---@param buffer? Buffer|table
---@param offset? integer|table
---@param length? integer
---@param position? integer
---@param callback function
function module_fs.read(fd, buffer, offset, length, position, callback) end

---As read, before it returns.
---@param fd integer
---@param buffer? Buffer|table
---@param offset? integer|table
---@param length? integer
---@param position? integer
---@return integer
function module_fs.readSync(fd, buffer, offset, length, position) end

---A whole file, as a Buffer or with an encoding as a string.
---@param path string|Buffer|integer
---@param options? table|string
---@param callback function
function module_fs.readFile(path, options, callback) end

---As readFile, before it returns.
---@param path string|Buffer|integer
---@param options? table|string
---@return Buffer|string
function module_fs.readFileSync(path, options) end

---The names in a folder, sorted.
---@param path string|Buffer
---@param options? table|string
---@param callback function
function module_fs.readdir(path, options, callback) end

---As readdir, before it returns.
---@param path string|Buffer
---@param options? table|string
---@return table
function module_fs.readdirSync(path, options) end

---Where a symbolic link leads.
---@param path string|Buffer
---@param options? table|string
---@param callback function
function module_fs.readlink(path, options, callback) end

---As readlink, before it returns.
---@param path string|Buffer
---@param options? table|string
---@return string
function module_fs.readlinkSync(path, options) end

---Fills one Buffer after the other.
---@param fd integer
---@param buffers Buffer[]
---@param position? integer
---@param callback function
function module_fs.readv(fd, buffers, position, callback) end

---As readv, before it returns.
---@param fd integer
---@param buffers Buffer[]
---@param position? integer
---@return integer
function module_fs.readvSync(fd, buffers, position) end

---The absolute path without symbolic links.
---@param path string|Buffer
---@param options? table|string
---@param callback function
function module_fs.realpath(path, options, callback) end

---As realpath, before it returns.
---@param path string|Buffer
---@param options? table|string
---@return string
function module_fs.realpathSync(path, options) end

---Gives a file another name; one that has it already is replaced.
---@param oldPath string|Buffer
---@param newPath string|Buffer
---@param callback function
function module_fs.rename(oldPath, newPath, callback) end

---As rename, before it returns.
---@param oldPath string|Buffer
---@param newPath string|Buffer
function module_fs.renameSync(oldPath, newPath) end

---Removes a file, or with recursive a folder with all that is in it.
---@param path string|Buffer
---@param options? table
---@param callback function
function module_fs.rm(path, options, callback) end

---As rm, before it returns.
---@param path string|Buffer
---@param options? table
function module_fs.rmSync(path, options) end

---Removes an empty folder.
---@param path string|Buffer
---@param options? table
---@param callback function
function module_fs.rmdir(path, options, callback) end

---As rmdir, before it returns.
---@param path string|Buffer
---@param options? table
function module_fs.rmdirSync(path, options) end

---What there is to know about a file.
---@param path string|Buffer
---@param options? table
---@param callback function
function module_fs.stat(path, options, callback) end

---As stat, before it returns.
---@param path string|Buffer
---@param options? table
---@return Stats?
function module_fs.statSync(path, options) end

---What there is to know about the file system that a path lies in.
---@param path string|Buffer
---@param options? table
---@param callback function
function module_fs.statfs(path, options, callback) end

---As statfs, before it returns.
---@param path string|Buffer
---@param options? table
---@return StatFs
function module_fs.statfsSync(path, options) end

---Makes a symbolic link at path. type matters on Windows only.
---@param target string|Buffer
---@param path string|Buffer
---@param type? string
---@param callback function
function module_fs.symlink(target, path, type, callback) end

---As symlink, before it returns.
---@param target string|Buffer
---@param path string|Buffer
---@param type? string
function module_fs.symlinkSync(target, path, type) end

---Cuts a file, or fills it with zeros, to len bytes: 0 unless given.
---@param path string|Buffer
---@param len? integer
---@param callback function
function module_fs.truncate(path, len, callback) end

---As truncate, before it returns.
---@param path string|Buffer
---@param len? integer
function module_fs.truncateSync(path, len) end

---Removes a file or a symbolic link.
---@param path string|Buffer
---@param callback function
function module_fs.unlink(path, callback) end

---As unlink, before it returns.
---@param path string|Buffer
function module_fs.unlinkSync(path) end

---Sets the times of access and change of a file, in seconds.
---@param path string|Buffer
---@param atime number
---@param mtime number
---@param callback function
function module_fs.utimes(path, atime, mtime, callback) end

---As utimes, before it returns.
---@param path string|Buffer
---@param atime number
---@param mtime number
function module_fs.utimesSync(path, atime, mtime) end

---Writes a Buffer, or a string (then position and encoding follow): how many bytes, and what was given.
---@param fd integer
---@param buffer Buffer|string
---@param offset? integer|table
---@param length? integer|string
---@param position? integer
---@param callback function
function module_fs.write(fd, buffer, offset, length, position, callback) end

---As write, before it returns.
---@param fd integer
---@param buffer Buffer|string
---@param offset? integer|table
---@param length? integer|string
---@param position? integer
---@return integer
function module_fs.writeSync(fd, buffer, offset, length, position) end

---Writes a whole file: what was in it is gone.
---@param file string|Buffer|integer
---@param data string|Buffer
---@param options? table|string
---@param callback function
function module_fs.writeFile(file, data, options, callback) end

---As writeFile, before it returns.
---@param file string|Buffer|integer
---@param data string|Buffer
---@param options? table|string
function module_fs.writeFileSync(file, data, options) end

---Writes one Buffer after the other.
---@param fd integer
---@param buffers Buffer[]
---@param position? integer
---@param callback function
function module_fs.writev(fd, buffers, position, callback) end

---As writev, before it returns.
---@param fd integer
---@param buffers Buffer[]
---@param position? integer
---@return integer
function module_fs.writevSync(fd, buffers, position) end

---A stream of a file's bytes.
---@param path? string|Buffer
---@param options? table|string
---@return ReadStream
function module_fs.createReadStream(path, options) end

---A stream into a file.
---@param path? string|Buffer
---@param options? table|string
---@return WriteStream
function module_fs.createWriteStream(path, options) end

---Tells of changes of a file, or of the names in a folder: listener(eventType, filename).
---@param filename string|Buffer
---@param options? table|string
---@param listener? function
---@return FSWatcher
function module_fs.watch(filename, options, listener) end

---Looks at a file again and again, and tells when it has changed: listener(current, previous).
---@param filename string|Buffer
---@param options? table
---@param listener function
---@return StatWatcher
function module_fs.watchFile(filename, options, listener) end

---Ends what watchFile began, for one listener or for all.
---@param filename string|Buffer
---@param listener? function
function module_fs.unwatchFile(filename, listener) end

---Files, each operation as a promise, in the thread pool.
---@class moonfork.fs.promises
---@field constants table Numbers for mode and flags: F_OK, R_OK, W_OK, X_OK, COPYFILE_EXCL, O_RDONLY, O_CREAT, S_IFMT, ...
local module_fs_promises = {}

---Fails unless the file is there and may be used as mode says: constants F_OK, R_OK, W_OK, X_OK.
---@param path string|Buffer
---@param mode? integer
---@return Promise
function module_fs_promises.access(path, mode) end

---Adds the data to the end of a file, which is made when it is not there. Data as for writeFile.
---@param path string|Buffer|FileHandle
---@param data any
---@param options? table|string
---@return Promise
function module_fs_promises.appendFile(path, data, options) end

---Sets the permissions of a file.
---@param path string|Buffer
---@param mode integer|string
---@return Promise
function module_fs_promises.chmod(path, mode) end

---Sets the owner of a file.
---@param path string|Buffer
---@param uid integer
---@param gid integer
---@return Promise
function module_fs_promises.chown(path, uid, gid) end

---Copies a file over another one; constants COPYFILE_EXCL: not over one that is there.
---@param src string|Buffer
---@param dest string|Buffer
---@param mode? integer
---@return Promise
function module_fs_promises.copyFile(src, dest, mode) end

---Copies a file, a link, or with recursive a whole folder.
---@param src string|Buffer
---@param dest string|Buffer
---@param options? table
---@return Promise
function module_fs_promises.cp(src, dest, options) end

---Sets the owner of a file, or of the symbolic link itself.
---@param path string|Buffer
---@param uid integer
---@param gid integer
---@return Promise
function module_fs_promises.lchown(path, uid, gid) end

---Gives a file a second name.
---@param existingPath string|Buffer
---@param newPath string|Buffer
---@return Promise
function module_fs_promises.link(existingPath, newPath) end

---As stat, but of a symbolic link itself.
---@param path string|Buffer
---@param options? table
---@return Promise
function module_fs_promises.lstat(path, options) end

---As utimes, but of a symbolic link itself.
---@param path string|Buffer
---@param atime number
---@param mtime number
---@return Promise
function module_fs_promises.lutimes(path, atime, mtime) end

---Makes a folder. With recursive those above it too: the result is the first that was made.
---@param path string|Buffer
---@param options? table|integer
---@return Promise
function module_fs_promises.mkdir(path, options) end

---Makes a folder with a new name: the prefix and six characters.
---@param prefix string|Buffer
---@param options? table|string
---@return Promise
function module_fs_promises.mkdtemp(prefix, options) end

---Opens a file, as a FileHandle. flags as for fs.open.
---@param path string|Buffer
---@param flags? string|integer
---@param mode? integer|string
---@return Promise
function module_fs_promises.open(path, flags, mode) end

---Opens a folder, to read its entries one by one.
---@param path string|Buffer
---@param options? table|string
---@return Promise
function module_fs_promises.opendir(path, options) end

---A whole file, as a Buffer or with an encoding as a string.
---@param path string|Buffer|FileHandle
---@param options? table|string
---@return Promise
function module_fs_promises.readFile(path, options) end

---The names in a folder, sorted.
---@param path string|Buffer
---@param options? table|string
---@return Promise
function module_fs_promises.readdir(path, options) end

---Where a symbolic link leads.
---@param path string|Buffer
---@param options? table|string
---@return Promise
function module_fs_promises.readlink(path, options) end

---The absolute path without symbolic links.
---@param path string|Buffer
---@param options? table|string
---@return Promise
function module_fs_promises.realpath(path, options) end

---Gives a file another name; one that has it already is replaced.
---@param oldPath string|Buffer
---@param newPath string|Buffer
---@return Promise
function module_fs_promises.rename(oldPath, newPath) end

---Removes a file, or with recursive a folder with all that is in it.
---@param path string|Buffer
---@param options? table
---@return Promise
function module_fs_promises.rm(path, options) end

---Removes an empty folder.
---@param path string|Buffer
---@param options? table
---@return Promise
function module_fs_promises.rmdir(path, options) end

---What there is to know about a file.
---@param path string|Buffer
---@param options? table
---@return Promise
function module_fs_promises.stat(path, options) end

---What there is to know about the file system that a path lies in.
---@param path string|Buffer
---@param options? table
---@return Promise
function module_fs_promises.statfs(path, options) end

---Makes a symbolic link at path. type matters on Windows only.
---@param target string|Buffer
---@param path string|Buffer
---@param type? string
---@return Promise
function module_fs_promises.symlink(target, path, type) end

---Cuts a file, or fills it with zeros, to len bytes: 0 unless given.
---@param path string|Buffer
---@param len? integer
---@return Promise
function module_fs_promises.truncate(path, len) end

---Removes a file or a symbolic link.
---@param path string|Buffer
---@return Promise
function module_fs_promises.unlink(path) end

---Sets the times of access and change of a file, in seconds.
---@param path string|Buffer
---@param atime number
---@param mtime number
---@return Promise
function module_fs_promises.utimes(path, atime, mtime) end

---Writes a whole file: what was in it is gone. Data is a string, a Buffer or another view, or what gives them one after the other: a stream, a list, a function, an async iterator.
---@param file string|Buffer|FileHandle
---@param data any
---@param options? table|string
---@return Promise
function module_fs_promises.writeFile(file, data, options) end

---Changes of a file, or of the names in a folder, to loop over: { eventType, filename }.
---@param filename string|Buffer
---@param options? table|string
---@return AsyncIterator
function module_fs_promises.watch(filename, options) end

---Servers and clients of HTTP/1.1. The bytes of strings are sent as they are, those of headers come as they are.
---@class moonfork.http
---@field STATUS_CODES table The reason of each status: STATUS_CODES[404] is "Not Found".
---@field METHODS string[] The methods that are understood.
---@field maxHeaderSize integer How many bytes a head may have, when nothing else is said.
---@field globalAgent Agent What request uses: keepAlive, a timeout of 5 seconds.
---@field Server Server
---@field IncomingMessage IncomingMessage
---@field OutgoingMessage OutgoingMessage
---@field ServerResponse ServerResponse
---@field ClientRequest ClientRequest
---@field Agent Agent
local module_http = {}

---A server; requestListener(req, res) is a listener of "request". It works once listen() is called.
---@param options? table|function
---@param requestListener? function
---@return Server
function module_http.createServer(options, requestListener) end

---Starts a request; finish() it, also when it has no body. callback(res) is a listener of "response".
---@param url string|URL|table
---@param options? table|function
---@param callback? function
---@return ClientRequest
function module_http.request(url, options, callback) end

---A request without a body: request(...):finish().
---@param url string|URL|table
---@param options? table|function
---@param callback? function
---@return ClientRequest
function module_http.get(url, options, callback) end

---Raises ERR_INVALID_HTTP_TOKEN for what cannot be the name of a header.
---@param name string
---@param label? string
function module_http.validateHeaderName(name, label) end

---Raises ERR_INVALID_CHAR or ERR_HTTP_INVALID_HEADER_VALUE for what cannot be sent.
---@param name string
---@param value any
function module_http.validateHeaderValue(name, value) end

---Does nothing: parsers are not kept for later here.
---@param max integer
function module_http.setMaxIdleHTTPParsers(max) end

---Stock Lua's files. What io.write and io.stderr write goes the way of console.log.
---@class iolib
io = {}

---Stock Lua's: starts the command in a shell and gives a file to read from it ("r") or write to it ("w"). Reading and closing wait, and the loop stands still meanwhile; child_process.spawn and exec do not block.
---@param prog string
---@param mode? string
---@return any
function io.popen(prog, mode) end

---How files become modules. require(name) gives a built-in module (also as `node:name`); a path that begins with ./, ../ or / is a file beside the file that asks, whose ending .lua or .json, or whose init.lua in a folder, may be left out; any other name goes through package.path as in stock Lua. A file runs once, what it returns is the module.
---@class moonfork.module
---@field builtinModules string[] The names of all built-in modules.
local module_module = {}

---Makes a require that looks for relative files beside the file of that absolute path; a path that ends with a slash is the folder itself.
---@param filename string
---@return function
function module_module.createRequire(filename) end

---Is it the name of a built-in module, with or without `node:`?
---@param name any
---@return boolean
function module_module.isBuiltin(name) end

---Connections between processes and machines: TCP and unix sockets.
---@class moonfork.net
---@field Stream class The older name of Socket.
---@field Server Server
---@field Socket Socket
---@field BlockList BlockList
---@field SocketAddress SocketAddress
local module_net = {}

---Makes a Server; connectionListener(socket) is called for each connection.
---@param options? table|function
---@param connectionListener? function
---@return Server
function module_net.createServer(options, connectionListener) end

---Connects to a port of a host, to the path of a unix socket, or as the options say; callback is a listener of "connect".
---@param port integer|string|table
---@param host? string|function
---@param callback? function
---@return Socket
function module_net.connect(port, host, callback) end

---The same as connect.
---@param port integer|string|table
---@param host? string|function
---@param callback? function
---@return Socket
function module_net.createConnection(port, host, callback) end

---4 for an IPv4 address, 6 for an IPv6 address, 0 for anything else.
---@param input any
---@return integer
function module_net.isIP(input) end

---Is it an IPv4 address?
---@param input any
---@return boolean
function module_net.isIPv4(input) end

---Is it an IPv6 address?
---@param input any
---@return boolean
function module_net.isIPv6(input) end

---The option autoSelectFamily where connect is given none.
---@return boolean
function module_net.getDefaultAutoSelectFamily() end

---Sets it.
---@param value boolean
function module_net.setDefaultAutoSelectFamily(value) end

---The option autoSelectFamilyAttemptTimeout where connect is given none.
---@return integer
function module_net.getDefaultAutoSelectFamilyAttemptTimeout() end

---Sets it; at least 10.
---@param value integer
function module_net.setDefaultAutoSelectFamilyAttemptTimeout(value) end

---The operating system: Node's functions beside stock Lua's os.time, os.date, os.getenv, ...
---@class oslib
---@field EOL string The line end: "\n".
---@field constants table Numbers by name: constants.signals.SIGTERM, constants.errno.ENOENT, constants.priority, constants.dlopen.
---@field devNull string The path of the null device.
os = {}

---The processor: "x64", "arm64", ...
---@return string
function os.arch() end

---How many processors this process may use: a fair number of workers.
---@return integer
function os.availableParallelism() end

---The processors: { model, speed, times = { user, nice, sys, idle, irq } }, speed in MHz and times in milliseconds.
---@return table[]
function os.cpus() end

---"LE" where the lowest byte of a number comes first, else "BE".
---@return string
function os.endianness() end

---Stock Lua's: runs the command in a shell and waits for it. The loop stands still meanwhile: no timer fires and no message arrives. child_process.spawn or exec do not block.
---@param command? string
---@return boolean?
---@return string?
---@return integer?
function os.execute(command) end

---As process.exit: `exit` listeners run and the terminal is put right before the program ends. true and nil are 0, false is 1; close changes nothing.
---@param code? boolean|integer
---@param close? boolean
function os.exit(code, close) end

---Free memory of the machine in bytes.
---@return integer
function os.freemem() end

---The scheduling priority, from 19 (low) to -20, of a process; of this one without pid.
---@param pid? integer
---@return integer
function os.getPriority(pid) end

---The user's home folder.
---@return string
function os.homedir() end

---The machine's name.
---@return string
function os.hostname() end

---The load of the machine over 1, 5 and 15 minutes.
---@return number[]
function os.loadavg() end

---The hardware as uname(2) names it.
---@return string
function os.machine() end

---The addresses of each network interface that is up: arrays of { address, netmask, family, mac, internal, cidr }, and scopeid for IPv6.
---@return table
function os.networkInterfaces() end

---The system: "linux", ...
---@return string
function os.platform() end

---The release of the kernel.
---@return string
function os.release() end

---Sets the scheduling priority of a process; with one argument, that is the priority of this one.
---@param pid integer
---@param priority? integer
function os.setPriority(pid, priority) end

---The folder for temporary files: TMPDIR, TMP or TEMP of the environment, else /tmp.
---@return string
function os.tmpdir() end

---Memory of the machine in bytes.
---@return integer
function os.totalmem() end

---The system as uname(2) names it: "Linux".
---@return string
function os.type() end

---Seconds since the machine was started.
---@return number
function os.uptime() end

---The user of this process: { uid, gid, username, homedir, shell }; shell may be null.
---@param options? table
---@return table
function os.userInfo(options) end

---The version of the kernel.
---@return string
function os.version() end

---Paths as text. Nothing here looks whether a file exists.
---@class moonfork.path
---@field delimiter string What stands between the paths of a list: ":".
---@field posix table The module itself.
---@field sep string What stands between the parts of a path: "/".
local module_path = {}

---The last part of the path, without the suffix if it ends with it.
---@param path string
---@param suffix? string
---@return string
function module_path.basename(path, suffix) end

---The path without its last part.
---@param path string
---@return string
function module_path.dirname(path) end

---The last part from its last dot on; empty when there is none or it comes first.
---@param path string
---@return string
function module_path.extname(path) end

---The path made of dir or root, and base or name and ext.
---@param pathObject table
---@return string
function module_path.format(pathObject) end

---Does it begin with a slash?
---@param path string
---@return boolean
function module_path.isAbsolute(path) end

---The paths joined by slashes, in normal form.
---@param ... string
---@return string
function module_path.join(...) end

---The path without ".", doubled slashes and the ".." that something comes before.
---@param path string
---@return string
function module_path.normalize(path) end

---The pieces of the path: { root, dir, base, name, ext }.
---@param path string
---@return table
function module_path.parse(path) end

---The way from one path to the other; empty when they are the same.
---@param from string
---@param to string
---@return string
function module_path.relative(from, to) end

---The absolute path that following the paths one after the other leads to, from the working folder.
---@param ... string
---@return string
function module_path.resolve(...) end

---The path as it is: this means something on Windows only.
---@param path any
---@return any
function module_path.toNamespacedPath(path) end

---Clocks and measures: how long something takes, and how long the event loop is held up.
---@class moonfork.perf_hooks
---@field performance table The clock and its entries; global, too.
---@field performance.timeOrigin number When the program began: milliseconds since 1970.
---@field PerformanceEntry PerformanceEntry
---@field PerformanceMark PerformanceMark
---@field PerformanceMeasure PerformanceMeasure
local module_perf_hooks = {}

---A histogram of the time between two looks at the loop, which grows when something blocks it. Nothing is measured before enable().
---@param options? table
---@return Histogram
function module_perf_hooks.monitorEventLoopDelay(options) end

---Promises and async functions. Promise, async, await and queueMicrotask are globals.
---@class moonfork.promise
---@field Promise Promise
---@field AsyncIterator AsyncIterator
local module_promise = {}

---Makes fn an async function: a call runs it up to its first await and returns a promise of its result. What it raises rejects the promise.
---@param fn function
---@return function
function module_promise.async(fn) end

---Waits until the promise has settled and returns its value, or raises its reason. Works in an async function, at a script's top level and at the prompt; anything else goes on meanwhile. A value that is no promise is returned after the other microtasks.
---@param value any
---@return any
function module_promise.await(value) end

---Calls the function when the running code and all ticks are done, before any timer.
---@param callback function
function module_promise.queueMicrotask(callback) end

---Queries of URLs as tables. URLSearchParams keeps their order, too.
---@class moonfork.querystring
local module_querystring = {}

---Reads a query as a table; a name that comes more than once has a list of values.
---@param str string
---@param sep? string
---@param eq? string
---@param options? table
---@return table
function module_querystring.decode(str, sep, eq, options) end

---Writes the fields of a table as a query; a list is written as one pair for each value.
---@param obj table
---@param sep? string
---@param eq? string
---@return string
function module_querystring.encode(obj, sep, eq) end

---Text with %XX for all that is special.
---@param str any
---@return string
function module_querystring.escape(str) end

---Reads a query as a table; a name that comes more than once has a list of values.
---@param str string
---@param sep? string
---@param eq? string
---@param options? table
---@return table
function module_querystring.parse(str, sep, eq, options) end

---Writes the fields of a table as a query; a list is written as one pair for each value.
---@param obj table
---@param sep? string
---@param eq? string
---@return string
function module_querystring.stringify(obj, sep, eq) end

---The text with its %XX decoded.
---@param str any
---@return string
function module_querystring.unescape(str) end

---Lines of a stream, one event each, and questions.
---@class moonfork.readline
---@field promises table The module readline/promises.
local module_readline = {}

---Reads lines of a stream: { input = stream, output = stream }.
---@param input table|Readable
---@param output? Writable
---@return Interface
function module_readline.createInterface(input, output) end

---readline with questions that are promises.
---@class moonfork.readline.promises
local module_readline_promises = {}

---The same, where question returns a promise.
---@param input table|Readable
---@param output? Writable
---@return InterfacePromises
function module_readline_promises.createInterface(input, output) end

---A small client for Redis, for work that goes beyond one machine. Ours: Node has none.
---@class moonfork.redis
local module_redis = {}

---A client, which connects at once. Commands may be given before it has. Raises ERR_REDIS_UNAVAILABLE where hiredis is not installed.
---@param options? table
---@return RedisClient
function module_redis.createClient(options) end

---Data that comes and goes in pieces, and no faster than the other side can take: Readable, Writable, Duplex, Transform.
---@class moonfork.stream
---@field promises table The module stream/promises.
---@field Stream Stream
---@field Readable Readable
---@field Writable Writable
---@field Duplex Duplex
---@field Transform Transform
---@field PassThrough PassThrough
local module_stream = {}

---Pipes the streams one into the next and destroys all of them when one fails or closes early. The first may be anything that Readable.from takes, or a function that returns that; one in between a function(source) that returns such a thing; the last a function(source), which may await. source is an AsyncIterator: for chunk in source do ... end. The last argument is callback(err, value): value is what the last function has returned. Returns the last stream.
---@param ... any
---@return Stream
function module_stream.pipeline(...) end

---Calls callback(err) once the stream has ended, failed or closed too early (ERR_STREAM_PREMATURE_CLOSE). Returns a function that takes the listeners off again.
---@param stream Stream
---@param options? table|function
---@param callback? function
---@return function
function module_stream.finished(stream, options, callback) end

---Destroys the stream with an AbortError when the signal aborts.
---@param signal AbortSignal
---@param stream Stream
---@return Stream
function module_stream.addAbortSignal(signal, stream) end

---A sequence of two Duplexes, each of which reads what is written to the other; the options are those of a Duplex, for both.
---@param options? table
---@return Duplex[]
function module_stream.duplexPair(options) end

---Has it failed?
---@param stream any
---@return boolean?
function module_stream.isErrored(stream) end

---Was it destroyed?
---@param stream any
---@return boolean?
function module_stream.isDestroyed(stream) end

---Has it been read from, or destroyed?
---@param stream any
---@return boolean?
function module_stream.isDisturbed(stream) end

---Can it still be read from?
---@param stream any
---@return boolean?
function module_stream.isReadable(stream) end

---Can it still be written to?
---@param stream any
---@return boolean?
function module_stream.isWritable(stream) end

---The high-water mark of new streams: 16384 bytes, or 16 objects.
---@param objectMode boolean
---@return integer
function module_stream.getDefaultHighWaterMark(objectMode) end

---Sets the high-water mark of streams made from now on.
---@param objectMode boolean
---@param value integer
function module_stream.setDefaultHighWaterMark(objectMode, value) end

---pipeline and finished of stream as promises, to be awaited.
---@class moonfork.stream.promises
local module_stream_promises = {}

---Pipes the streams one into the next and destroys all of them when one fails or closes early. The first may be anything that Readable.from takes, or a function that returns that; one in between a function(source) that returns such a thing; the last a function(source), which may await. source is an AsyncIterator: for chunk in source do ... end. A promise of what the last function has returned. A table of options may come last.
---@param ... any
---@return Promise
function module_stream_promises.pipeline(...) end

---A promise that is fulfilled once the stream has ended, and rejected when it fails or closes early.
---@param stream Stream
---@param options? table
---@return Promise
function module_stream_promises.finished(stream, options) end

---Bytes that come in pieces, as text: StringDecoder.
---@class moonfork.string_decoder
---@field StringDecoder StringDecoder
local module_string_decoder = {}

---Calling functions later. Its functions are globals.
---@class moonfork.timers
---@field promises table The module timers/promises.
---@field Timeout Timeout
---@field Immediate Immediate
local module_timers = {}

---Calls the function once, with the further arguments, when the delay in milliseconds has passed. A delay below 1 ms, or none, is 1 ms; one above 2147483647 is 1 ms too, with a warning. Timers of one delay fire in the order in which they were made.
---@param callback function
---@param delay? number
---@param ... any
---@return Timeout
function module_timers.setTimeout(callback, delay, ...) end

---Calls the function again and again. The next delay counts from the start of the call; a call that takes longer than the delay makes no calls pile up. A delay below 1 ms, or none, is 1 ms; one above 2147483647 is 1 ms too, with a warning. 
---@param callback function
---@param delay? number
---@param ... any
---@return Timeout
function module_timers.setInterval(callback, delay, ...) end

---Calls the function in this turn of the loop, after input and output. One that is made by an immediate waits for the next turn.
---@param callback function
---@param ... any
---@return Immediate
function module_timers.setImmediate(callback, ...) end

---Ends a timer, also an interval; any other value is ignored.
---@param timeout? Timeout|integer|string
function module_timers.clearTimeout(timeout) end

---The same as clearTimeout.
---@param timeout? Timeout|integer|string
function module_timers.clearInterval(timeout) end

---Ends an immediate that has not run; any other value is ignored.
---@param immediate? Immediate
function module_timers.clearImmediate(immediate) end

---Timers as promises, to be awaited.
---@class moonfork.timers.promises
---@field scheduler table scheduler.wait(delay, options) is setTimeout without a value, scheduler.yield() is setImmediate().
local module_timers_promises = {}

---A promise that is fulfilled with the value when the delay in milliseconds has passed.
---@param delay? number
---@param value any
---@param options? table
---@return Promise
function module_timers_promises.setTimeout(delay, value, options) end

---A promise that is fulfilled with the value in this turn of the loop, after input and output.
---@param value any
---@param options? table
---@return Promise
function module_timers_promises.setImmediate(value, options) end

---Values to loop over, one each time the delay has passed; leaving the loop ends the interval.
---@param delay? number
---@param value any
---@param options? table
---@return AsyncIterator
function module_timers_promises.setInterval(delay, value, options) end

---URLs and their queries. URL and URLSearchParams are global, too.
---@class moonfork.url
---@field URL URL
---@field URLSearchParams URLSearchParams
local module_url = {}

---The domain as it is written in URLs; "" when it is none.
---@param domain string
---@return string
function module_url.domainToASCII(domain) end

---The path of a file: URL.
---@param url URL|string
---@return string
function module_url.fileURLToPath(url) end

---The URL as text, without some of its parts.
---@param urlObject URL|string
---@param options? table
---@return string
function module_url.format(urlObject, options) end

---The file: URL of a path, which is taken from the working folder.
---@param path string
---@return URL
function module_url.pathToFileURL(path) end

---The parts of a URL as options of http.request.
---@param url URL
---@return table
function module_url.urlToHttpOptions(url) end

---Helpers: values as text, deep comparison, wrappers of functions.
---@class moonfork.util
---@field types table Functions that tell what kind a value is.
---@field inspect.custom string The field that holds a value's own inspect method.
---@field inspect.colors table The codes that switch each colour and style on and off.
---@field inspect.defaultOptions table What inspect, format and console start from; may be set.
---@field promisify.custom string The field that holds a function's own promise form.
---@field TextDecoder TextDecoder
---@field TextEncoder TextEncoder
local module_util = {}

---Any value as text: tables opened, strings in quotes, Buffers as bytes, Errors with their stack, cycles marked. A value may have its own method in the field util.inspect.custom: method(self, depth, options, inspect).
---@param value any
---@param options? table
---@return string
function module_util.inspect(value, options) end

---Puts values together: %s text, %d number, %i integer, %f float, %j JSON, %o and %O inspected, %c nothing, %% a percent sign; further values follow, each after a blank.
---@param format any
---@param ... any
---@return string
function module_util.format(format, ...) end

---As format, with the options of inspect.
---@param inspectOptions table
---@param format any
---@param ... any
---@return string
function module_util.formatWithOptions(inspectOptions, format, ...) end

---Makes the table a class derived from another: it gets super_ and is called to make an object. New code writes Class:extend("Name").
---@param ctor table
---@param superCtor table
function module_util.inherits(ctor, superCtor) end

---A function that calls fn with self and the further values before its own arguments.
---@param fn function
---@param self any
---@param ... any
---@return function
function module_util.bind(fn, self, ...) end

---Are they equal in all their parts, with the same metatables? Cycles are followed.
---@param val1 any
---@param val2 any
---@return boolean
function module_util.isDeepStrictEqual(val1, val2) end

---The function in a form that returns a promise, where the original calls its last argument with (err, value). A callable table may bring its own form in the field util.promisify.custom.
---@param original function
---@return function
function module_util.promisify(original) end

---The function in a form that calls its last argument with (err, value), where the original returns a promise.
---@param original function
---@return function
function module_util.callbackify(original) end

---The function, which warns with a DeprecationWarning at its first call (once for each code).
---@param fn function
---@param msg string
---@param code? string
---@return function
function module_util.deprecate(fn, msg, code) end

---Formats and writes to stderr when the environment's NODE_DEBUG names the section, else does nothing. Its field enabled tells which.
---@param section string
---@return table
function module_util.debuglog(section) end

---The text with what is not UTF-8 replaced by U+FFFD.
---@param string any
---@return string
function module_util.toUSVString(string) end

---The text without colours and other control sequences of terminals.
---@param str string
---@return string
function module_util.stripVTControlCharacters(str) end

---The name of an error number: ENOENT for -2.
---@param err integer
---@return string
function module_util.getSystemErrorName(err) end

---All error numbers: { [-2] = { "ENOENT", "no such file or directory" }, ... }.
---@return table
function module_util.getSystemErrorMap() end

---The same as debuglog.
---@param section string
---@return function
function module_util.debug(section) end

---The words of a command line as { values = { name = value }, positionals = { word } }.
---@param config? table
---@return table
function module_util.parseArgs(config) end

---The names and values in the text of an .env file.
---@param content string
---@return table
function module_util.parseEnv(content) end

---The text in a colour or style named as in util.inspect.colors, when standard output is a terminal that shows it. A list of them always colours.
---@param format string|string[]
---@param text string
---@param options? table
---@return string
function module_util.styleText(format, text, options) end

---Resolves when the signal aborts; never, once nobody keeps the resource any more.
---@param signal AbortSignal
---@param resource table
---@return Promise
function module_util.aborted(signal, resource) end

---Threads with a Lua state and an event loop each, the messages between them, and memory that they share.
---@class moonfork.worker_threads
---@field SHARE_ENV userdata As option env of a Worker: it shares our environment.
---@field isMainThread boolean Is this the program's first thread?
---@field parentPort MessagePort? The way to the Worker object; nil on the main thread.
---@field resourceLimits table The limits of this thread; {} on the main one.
---@field threadId integer The thread's number; 0 on the main thread.
---@field workerData any A clone of the Worker's option workerData; nil on the main thread.
---@field BroadcastChannel BroadcastChannel
---@field MessageChannel MessageChannel
---@field MessagePort MessagePort
---@field Worker Worker
local module_worker_threads = {}

---What setEnvironmentData has set, here or in the thread that made this one.
---@param key any
---@return any
function module_worker_threads.getEnvironmentData(key) end

---An ArrayBuffer so marked is copied where a transfer list names it; a port so marked cannot be sent.
---@param object any
function module_worker_threads.markAsUntransferable(object) end

---Raises ERR_FEATURE_UNAVAILABLE_ON_PLATFORM.
---@param port MessagePort
---@param context table
function module_worker_threads.moveMessagePortToContext(port, context) end

---Sends a clone of the value to any thread by its number; its process emits `workerMessage` with the value and our number. The promise is fulfilled when a listener has run, and rejected with ERR_WORKER_MESSAGING_FAILED (no such thread or listener), _ERRORED, _TIMEOUT (after timeout milliseconds) or _SAME_THREAD.
---@param threadId integer
---@param value any
---@param transferList? table
---@param timeout? number
---@return Promise
function module_worker_threads.postMessageToThread(threadId, value, transferList, timeout) end

---Takes the next message from the port at once, { message = value }; nil when none waits.
---@param port MessagePort
---@return table?
function module_worker_threads.receiveMessageOnPort(port) end

---Each Worker made from now on gets a clone of the value; nil takes it away.
---@param key any
---@param value any
function module_worker_threads.setEnvironmentData(key, value) end

---@type AbortController
AbortController = nil

---@type AbortSignal
AbortSignal = nil

---@type AggregateError
AggregateError = nil

---@type ArrayBuffer
ArrayBuffer = nil

---@type moonfork.atomics
Atomics = nil

---@type BigInt64Array
BigInt64Array = nil

---@type BigUint64Array
BigUint64Array = nil

---@type BroadcastChannel
BroadcastChannel = nil

---@type Buffer
Buffer = nil

---@type DataView
DataView = nil

---@type Error
Error = nil

---@type Event
Event = nil

---@type EventEmitter
EventEmitter = nil

---@type EventTarget
EventTarget = nil

---@type Float32Array
Float32Array = nil

---@type Float64Array
Float64Array = nil

---@type Int16Array
Int16Array = nil

---@type Int32Array
Int32Array = nil

---@type Int8Array
Int8Array = nil

JSON = {}

---Reads JSON text. 3 becomes the integer 3, 3.0 the float; null becomes `null`; an array carries the mark of `array`, so that an empty one stays an array.
---@param text string
---@return any
function JSON.parse(text) end

---Writes a value as JSON; space indents it. Keys are sorted. A sequence and a table marked by `array` are arrays, any other table is an object; functions are left out.
---@param value any
---@param replacer nil
---@param space? string|integer
---@return string?
function JSON.stringify(value, replacer, space) end

---@type MessageChannel
MessageChannel = nil

---@type MessagePort
MessagePort = nil

---@type Promise
Promise = nil

---@type RangeError
RangeError = nil

---@type SharedArrayBuffer
SharedArrayBuffer = nil

---@type SyntaxError
SyntaxError = nil

---@type TextDecoder
TextDecoder = nil

---@type TextEncoder
TextEncoder = nil

---@type TypeError
TypeError = nil

---@type URL
URL = nil

---@type URLSearchParams
URLSearchParams = nil

---@type Uint16Array
Uint16Array = nil

---@type Uint32Array
Uint32Array = nil

---@type Uint8Array
Uint8Array = nil

---@type Uint8ClampedArray
Uint8ClampedArray = nil

---Marks a table (a new one without argument) as an array for JSON and messages, and returns it: only an empty table needs that.
---@param table? table
---@return table
function array(table) end

---Makes fn an async function: a call runs it up to its first await and returns a promise of its result. What it raises rejects the promise.
---@param fn function
---@return function
function async(fn) end

---The text whose code points (0 to 255) are the bytes that base64 text stands for.
---@param data string
---@return string
function atob(data) end

---Waits until the promise has settled and returns its value, or raises its reason. Works in an async function, at a script's top level and at the prompt; anything else goes on meanwhile. A value that is no promise is returned after the other microtasks.
---@param value any
---@return any
function await(value) end

---Text with code points up to 255 as base64.
---@param data string
---@return string
function btoa(data) end

---@type Console
console = nil

---Is the value an object of the class, or of one that was derived from it?
---@param value any
---@param class table
---@return boolean
function instanceof(value, class) end

---@type any
null = nil

performance = {}

---Forgets the marks, or those of the name.
---@param name? string
function performance.clearMarks(name) end

---Forgets the measures, or those of the name.
---@param name? string
function performance.clearMeasures(name) end

---How long the loop was idle and active (ms), and the share of it that was active: in all, since util1, or between util2 and util1.
---@param util1? table
---@param util2? table
---@return table
function performance.eventLoopUtilization(util1, util2) end

---All marks and measures by their start.
---@return table[]
function performance.getEntries() end

---Those of the name.
---@param name string
---@param type? string
---@return table[]
function performance.getEntriesByName(name, type) end

---Those of a type: "mark" or "measure".
---@param type string
---@return table[]
function performance.getEntriesByType(type) end

---Notes the time under a name.
---@param name string
---@param options? table
---@return table
function performance.mark(name, options) end

---The time between two marks; without them from the program's start and to now. A table may have start, finish, duration and detail.
---@param name string
---@param start? string|number|table
---@param finish? string|number
---@return table
function performance.measure(name, start, finish) end

---Milliseconds since the program began, with their fractions.
---@return number
function performance.now() end

---@type Process
process = nil

---Calls the function when the running code and all ticks are done, before any timer.
---@param callback function
function queueMicrotask(callback) end

---A deep copy: tables with cycles and shared parts, numbers, strings, Errors and Buffers. Metatables are dropped; a function in it raises a DataCloneError that says where it is.
---@param value any
---@param options? table
---@return any
function structuredClone(value, options) end

---Ends an immediate that has not run; any other value is ignored.
---@param immediate? Immediate
function clearImmediate(immediate) end

---The same as clearTimeout.
---@param timeout? Timeout|integer|string
function clearInterval(timeout) end

---Ends a timer, also an interval; any other value is ignored.
---@param timeout? Timeout|integer|string
function clearTimeout(timeout) end

---Calls the function in this turn of the loop, after input and output. One that is made by an immediate waits for the next turn.
---@param callback function
---@param ... any
---@return Immediate
function setImmediate(callback, ...) end

---Calls the function again and again. The next delay counts from the start of the call; a call that takes longer than the delay makes no calls pile up. A delay below 1 ms, or none, is 1 ms; one above 2147483647 is 1 ms too, with a warning. 
---@param callback function
---@param delay? number
---@param ... any
---@return Timeout
function setInterval(callback, delay, ...) end

---Calls the function once, with the further arguments, when the delay in milliseconds has passed. A delay below 1 ms, or none, is 1 ms; one above 2147483647 is 1 ms too, with a warning. Timers of one delay fire in the order in which they were made.
---@param callback function
---@param delay? number
---@param ... any
---@return Timeout
function setTimeout(callback, delay, ...) end

---@overload fun(id: "_G"): moonfork._G
---@overload fun(id: "assert"): moonfork.assert
---@overload fun(id: "atomics"): moonfork.atomics
---@overload fun(id: "buffer"): moonfork.buffer
---@overload fun(id: "console"): Console
---@overload fun(id: "child_process"): moonfork.child_process
---@overload fun(id: "dgram"): moonfork.dgram
---@overload fun(id: "dns"): moonfork.dns
---@overload fun(id: "dns/promises"): moonfork.dns.promises
---@overload fun(id: "cluster"): Cluster
---@overload fun(id: "event_target"): moonfork.event_target
---@overload fun(id: "crypto"): moonfork.crypto
---@overload fun(id: "events"): EventEmitter
---@overload fun(id: "fs"): moonfork.fs
---@overload fun(id: "fs/promises"): moonfork.fs.promises
---@overload fun(id: "http"): moonfork.http
---@overload fun(id: "io"): iolib
---@overload fun(id: "module"): moonfork.module
---@overload fun(id: "net"): moonfork.net
---@overload fun(id: "os"): oslib
---@overload fun(id: "path"): moonfork.path
---@overload fun(id: "perf_hooks"): moonfork.perf_hooks
---@overload fun(id: "process"): Process
---@overload fun(id: "promise"): moonfork.promise
---@overload fun(id: "querystring"): moonfork.querystring
---@overload fun(id: "readline"): moonfork.readline
---@overload fun(id: "readline/promises"): moonfork.readline.promises
---@overload fun(id: "redis"): moonfork.redis
---@overload fun(id: "stream"): moonfork.stream
---@overload fun(id: "stream/promises"): moonfork.stream.promises
---@overload fun(id: "string_decoder"): moonfork.string_decoder
---@overload fun(id: "timers"): moonfork.timers
---@overload fun(id: "timers/promises"): moonfork.timers.promises
---@overload fun(id: "trace"): Trace
---@overload fun(id: "url"): moonfork.url
---@overload fun(id: "util"): moonfork.util
---@overload fun(id: "worker_threads"): moonfork.worker_threads
---@param id string
---@return any
function require(id) end
