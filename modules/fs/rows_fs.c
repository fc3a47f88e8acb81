/* SPDX-License-Identifier: MIT */
/* rows_fs.c - the functions of fs: each operation in its callback form, which calls back with (err,
 * result), and in its Sync form, which returns the result or raises. */
#include "copy_filter.h"
#include "ops.h"
#include "rows.h"
#include "streams.h"
#include "watch.h"

static int access_callback(lua_State *L) { return op_callback(L, &op_access); }
static int access_sync(lua_State *L) { return op_sync(L, &op_access); }
static int append_file_callback(lua_State *L) { return op_callback(L, &op_append_file); }
static int append_file_sync(lua_State *L) { return op_sync(L, &op_append_file); }
static int chmod_callback(lua_State *L) { return op_callback(L, &op_chmod); }
static int chmod_sync(lua_State *L) { return op_sync(L, &op_chmod); }
static int chown_callback(lua_State *L) { return op_callback(L, &op_chown); }
static int chown_sync(lua_State *L) { return op_sync(L, &op_chown); }
static int close_callback(lua_State *L) { return op_callback(L, &op_close); }
static int close_sync(lua_State *L) { return op_sync(L, &op_close); }
static int copy_file_callback(lua_State *L) { return op_callback(L, &op_copy_file); }
static int copy_file_sync(lua_State *L) { return op_sync(L, &op_copy_file); }
static int exists_callback(lua_State *L) { return op_callback(L, &op_exists); }
static int exists_sync(lua_State *L) { return op_sync(L, &op_exists); }
static int fchmod_callback(lua_State *L) { return op_callback(L, &op_fchmod); }
static int fchmod_sync(lua_State *L) { return op_sync(L, &op_fchmod); }
static int fchown_callback(lua_State *L) { return op_callback(L, &op_fchown); }
static int fchown_sync(lua_State *L) { return op_sync(L, &op_fchown); }
static int fdatasync_callback(lua_State *L) { return op_callback(L, &op_fdatasync); }
static int fdatasync_sync(lua_State *L) { return op_sync(L, &op_fdatasync); }
static int fstat_callback(lua_State *L) { return op_callback(L, &op_fstat); }
static int fstat_sync(lua_State *L) { return op_sync(L, &op_fstat); }
static int fsync_callback(lua_State *L) { return op_callback(L, &op_fsync); }
static int fsync_sync(lua_State *L) { return op_sync(L, &op_fsync); }
static int ftruncate_callback(lua_State *L) { return op_callback(L, &op_ftruncate); }
static int ftruncate_sync(lua_State *L) { return op_sync(L, &op_ftruncate); }
static int futimes_callback(lua_State *L) { return op_callback(L, &op_futimes); }
static int futimes_sync(lua_State *L) { return op_sync(L, &op_futimes); }
static int lchown_callback(lua_State *L) { return op_callback(L, &op_lchown); }
static int lchown_sync(lua_State *L) { return op_sync(L, &op_lchown); }
static int link_callback(lua_State *L) { return op_callback(L, &op_link); }
static int link_sync(lua_State *L) { return op_sync(L, &op_link); }
static int lstat_callback(lua_State *L) { return op_callback(L, &op_lstat); }
static int lstat_sync(lua_State *L) { return op_sync(L, &op_lstat); }
static int lutimes_callback(lua_State *L) { return op_callback(L, &op_lutimes); }
static int lutimes_sync(lua_State *L) { return op_sync(L, &op_lutimes); }
static int mkdir_callback(lua_State *L) { return op_callback(L, &op_mkdir); }
static int mkdir_sync(lua_State *L) { return op_sync(L, &op_mkdir); }
static int mkdtemp_callback(lua_State *L) { return op_callback(L, &op_mkdtemp); }
static int mkdtemp_sync(lua_State *L) { return op_sync(L, &op_mkdtemp); }
static int open_callback(lua_State *L) { return op_callback(L, &op_open); }
static int open_sync(lua_State *L) { return op_sync(L, &op_open); }
static int opendir_callback(lua_State *L) { return op_callback(L, &op_opendir); }
static int opendir_sync(lua_State *L) { return op_sync(L, &op_opendir); }
static int read_callback(lua_State *L) { return op_callback(L, &op_read); }
static int read_sync(lua_State *L) { return op_sync(L, &op_read); }
static int read_file_callback(lua_State *L) { return op_callback(L, &op_read_file); }
static int read_file_sync(lua_State *L) { return op_sync(L, &op_read_file); }
static int readdir_callback(lua_State *L) { return op_callback(L, &op_readdir); }
static int readdir_sync(lua_State *L) { return op_sync(L, &op_readdir); }
static int readlink_callback(lua_State *L) { return op_callback(L, &op_readlink); }
static int readlink_sync(lua_State *L) { return op_sync(L, &op_readlink); }
static int readv_callback(lua_State *L) { return op_callback(L, &op_readv); }
static int readv_sync(lua_State *L) { return op_sync(L, &op_readv); }
static int realpath_callback(lua_State *L) { return op_callback(L, &op_realpath); }
static int realpath_sync(lua_State *L) { return op_sync(L, &op_realpath); }
static int rename_callback(lua_State *L) { return op_callback(L, &op_rename); }
static int rename_sync(lua_State *L) { return op_sync(L, &op_rename); }
static int rm_callback(lua_State *L) { return op_callback(L, &op_rm); }
static int rm_sync(lua_State *L) { return op_sync(L, &op_rm); }
static int rmdir_callback(lua_State *L) { return op_callback(L, &op_rmdir); }
static int rmdir_sync(lua_State *L) { return op_sync(L, &op_rmdir); }
static int stat_callback(lua_State *L) { return op_callback(L, &op_stat); }
static int stat_sync(lua_State *L) { return op_sync(L, &op_stat); }
static int statfs_callback(lua_State *L) { return op_callback(L, &op_statfs); }
static int statfs_sync(lua_State *L) { return op_sync(L, &op_statfs); }
static int symlink_callback(lua_State *L) { return op_callback(L, &op_symlink); }
static int symlink_sync(lua_State *L) { return op_sync(L, &op_symlink); }
static int truncate_callback(lua_State *L) { return op_callback(L, &op_truncate); }
static int truncate_sync(lua_State *L) { return op_sync(L, &op_truncate); }
static int unlink_callback(lua_State *L) { return op_callback(L, &op_unlink); }
static int unlink_sync(lua_State *L) { return op_sync(L, &op_unlink); }
static int utimes_callback(lua_State *L) { return op_callback(L, &op_utimes); }
static int utimes_sync(lua_State *L) { return op_sync(L, &op_utimes); }
static int write_callback(lua_State *L) { return op_callback(L, &op_write); }
static int write_sync(lua_State *L) { return op_sync(L, &op_write); }
static int write_file_callback(lua_State *L) { return op_callback(L, &op_write_file); }
static int write_file_sync(lua_State *L) { return op_sync(L, &op_write_file); }
static int writev_callback(lua_State *L) { return op_callback(L, &op_writev); }
static int writev_sync(lua_State *L) { return op_sync(L, &op_writev); }

static const OptDef read_stream_options[] = {
  { "flags", "string|integer", "\"r\"", "How the file is opened." },
  { "encoding", "string", NULL, "Chunks are strings, decoded so." },
  { "fd", "integer|FileHandle", NULL, "An open file in place of the path." },
  { "mode", "integer|string", "0666", "Permissions of a file that is made." },
  { "autoClose", "boolean", "true", "Closes the file at the end and after an error." },
  { "emitClose", "boolean", "true", "Emits \"close\"." },
  { "start", "integer", NULL, "The first byte, from 0 on." },
  { "end", "integer", NULL, "The last byte, which is read too; finish is the same." },
  { "highWaterMark", "integer", "65536", "Bytes of a chunk." },
  { "signal", "AbortSignal", NULL, "Destroys the stream when it aborts." },
  { 0 }
};

static const OptDef write_stream_options[] = {
  { "flags", "string|integer", "\"w\"", "How the file is opened." },
  { "encoding", "string", "\"utf8\"", "How strings are encoded." },
  { "fd", "integer|FileHandle", NULL, "An open file in place of the path." },
  { "mode", "integer|string", "0666", "Permissions of a file that is made." },
  { "autoClose", "boolean", "true", "Closes the file at the end and after an error." },
  { "emitClose", "boolean", "true", "Emits \"close\"." },
  { "start", "integer", NULL, "Where writing begins; flags \"r+\" keep what is before." },
  { "highWaterMark", "integer", "16384", "Bytes that wait before write returns false." },
  { "flush", "boolean", "false", "Waits until the data are on the disk before the file is closed." },
  { "signal", "AbortSignal", NULL, "Destroys the stream when it aborts." },
  { 0 }
};

static const OptDef watch_file_options[] = {
  { "persistent", "boolean", "true", "Keeps the program running." },
  { "interval", "integer", "5007", "Milliseconds between looks." },
  { 0 }
};

const FnDef fs_rows[] = {
  { "access", access_callback, FN_STATIC,
    "access(path: string|Buffer, mode: integer?, callback: function)",
    "Fails unless the file is there and may be used as mode says: constants F_OK, R_OK, W_OK, "
    "X_OK.",
    NULL, NULL, NULL },
  { "accessSync", access_sync, FN_STATIC,
    "accessSync(path: string|Buffer, mode: integer?)",
    "As access, before it returns.",
    NULL, NULL, NULL },
  { "appendFile", append_file_callback, FN_STATIC,
    "appendFile(path: string|Buffer|integer, data: string|Buffer, options: table|string?, "
    "callback: function)",
    "Adds the data to the end of a file, which is made when it is not there.",
    write_options, NULL, NULL },
  { "appendFileSync", append_file_sync, FN_STATIC,
    "appendFileSync(path: string|Buffer|integer, data: string|Buffer, options: table|string?)",
    "As appendFile, before it returns.",
    write_options, NULL, NULL },
  { "chmod", chmod_callback, FN_STATIC,
    "chmod(path: string|Buffer, mode: integer|string, callback: function)",
    "Sets the permissions of a file.",
    NULL, NULL, NULL },
  { "chmodSync", chmod_sync, FN_STATIC,
    "chmodSync(path: string|Buffer, mode: integer|string)",
    "As chmod, before it returns.",
    NULL, NULL, NULL },
  { "chown", chown_callback, FN_STATIC,
    "chown(path: string|Buffer, uid: integer, gid: integer, callback: function)",
    "Sets the owner of a file.",
    NULL, NULL, NULL },
  { "chownSync", chown_sync, FN_STATIC,
    "chownSync(path: string|Buffer, uid: integer, gid: integer)",
    "As chown, before it returns.",
    NULL, NULL, NULL },
  { "close", close_callback, FN_STATIC,
    "close(fd: integer, callback: function)",
    "Closes a descriptor.",
    NULL, NULL, NULL },
  { "closeSync", close_sync, FN_STATIC,
    "closeSync(fd: integer)",
    "As close, before it returns.",
    NULL, NULL, NULL },
  { "copyFile", copy_file_callback, FN_STATIC,
    "copyFile(src: string|Buffer, dest: string|Buffer, mode: integer?, callback: function)",
    "Copies a file over another one; constants COPYFILE_EXCL: not over one that is there.",
    NULL, NULL, NULL },
  { "copyFileSync", copy_file_sync, FN_STATIC,
    "copyFileSync(src: string|Buffer, dest: string|Buffer, mode: integer?)",
    "As copyFile, before it returns.",
    NULL, NULL, NULL },
  { "cp", fs_cp_callback, FN_STATIC,
    "cp(src: string|Buffer, dest: string|Buffer, options: table?, callback: function)",
    "Copies a file, a link, or with recursive a whole folder.",
    cp_options, NULL, NULL },
  { "cpSync", fs_cp_sync, FN_STATIC,
    "cpSync(src: string|Buffer, dest: string|Buffer, options: table?)",
    "As cp, before it returns.",
    cp_options, NULL, NULL },
  { "exists", exists_callback, FN_STATIC,
    "exists(path: string|Buffer, callback: function)",
    "Tells whether there is such a file; the callback gets nothing but that.",
    NULL, NULL, NULL },
  { "existsSync", exists_sync, FN_STATIC,
    "existsSync(path: string|Buffer): boolean",
    "As exists, before it returns.",
    NULL, NULL, NULL },
  { "fchmod", fchmod_callback, FN_STATIC,
    "fchmod(fd: integer, mode: integer|string, callback: function)",
    "Sets the permissions of an open file.",
    NULL, NULL, NULL },
  { "fchmodSync", fchmod_sync, FN_STATIC,
    "fchmodSync(fd: integer, mode: integer|string)",
    "As fchmod, before it returns.",
    NULL, NULL, NULL },
  { "fchown", fchown_callback, FN_STATIC,
    "fchown(fd: integer, uid: integer, gid: integer, callback: function)",
    "Sets the owner of an open file.",
    NULL, NULL, NULL },
  { "fchownSync", fchown_sync, FN_STATIC,
    "fchownSync(fd: integer, uid: integer, gid: integer)",
    "As fchown, before it returns.",
    NULL, NULL, NULL },
  { "fdatasync", fdatasync_callback, FN_STATIC,
    "fdatasync(fd: integer, callback: function)",
    "Waits until a file's data are on the disk.",
    NULL, NULL, NULL },
  { "fdatasyncSync", fdatasync_sync, FN_STATIC,
    "fdatasyncSync(fd: integer)",
    "As fdatasync, before it returns.",
    NULL, NULL, NULL },
  { "fstat", fstat_callback, FN_STATIC,
    "fstat(fd: integer, options: table?, callback: function)",
    "What there is to know about an open file.",
    NULL, NULL, NULL },
  { "fstatSync", fstat_sync, FN_STATIC,
    "fstatSync(fd: integer, options: table?): Stats",
    "As fstat, before it returns.",
    NULL, NULL, NULL },
  { "fsync", fsync_callback, FN_STATIC,
    "fsync(fd: integer, callback: function)",
    "Waits until a file's data and attributes are on the disk.",
    NULL, NULL, NULL },
  { "fsyncSync", fsync_sync, FN_STATIC,
    "fsyncSync(fd: integer)",
    "As fsync, before it returns.",
    NULL, NULL, NULL },
  { "ftruncate", ftruncate_callback, FN_STATIC,
    "ftruncate(fd: integer, len: integer?, callback: function)",
    "Cuts an open file, or fills it with zeros, to len bytes: 0 unless given.",
    NULL, NULL, NULL },
  { "ftruncateSync", ftruncate_sync, FN_STATIC,
    "ftruncateSync(fd: integer, len: integer?)",
    "As ftruncate, before it returns.",
    NULL, NULL, NULL },
  { "futimes", futimes_callback, FN_STATIC,
    "futimes(fd: integer, atime: number, mtime: number, callback: function)",
    "Sets the times of access and change of an open file, in seconds.",
    NULL, NULL, NULL },
  { "futimesSync", futimes_sync, FN_STATIC,
    "futimesSync(fd: integer, atime: number, mtime: number)",
    "As futimes, before it returns.",
    NULL, NULL, NULL },
  { "lchown", lchown_callback, FN_STATIC,
    "lchown(path: string|Buffer, uid: integer, gid: integer, callback: function)",
    "Sets the owner of a file, or of the symbolic link itself.",
    NULL, NULL, NULL },
  { "lchownSync", lchown_sync, FN_STATIC,
    "lchownSync(path: string|Buffer, uid: integer, gid: integer)",
    "As lchown, before it returns.",
    NULL, NULL, NULL },
  { "link", link_callback, FN_STATIC,
    "link(existingPath: string|Buffer, newPath: string|Buffer, callback: function)",
    "Gives a file a second name.",
    NULL, NULL, NULL },
  { "linkSync", link_sync, FN_STATIC,
    "linkSync(existingPath: string|Buffer, newPath: string|Buffer)",
    "As link, before it returns.",
    NULL, NULL, NULL },
  { "lstat", lstat_callback, FN_STATIC,
    "lstat(path: string|Buffer, options: table?, callback: function)",
    "As stat, but of a symbolic link itself.",
    stat_options, NULL, NULL },
  { "lstatSync", lstat_sync, FN_STATIC,
    "lstatSync(path: string|Buffer, options: table?): Stats?",
    "As lstat, before it returns.",
    stat_options, NULL, NULL },
  { "lutimes", lutimes_callback, FN_STATIC,
    "lutimes(path: string|Buffer, atime: number, mtime: number, callback: function)",
    "As utimes, but of a symbolic link itself.",
    NULL, NULL, NULL },
  { "lutimesSync", lutimes_sync, FN_STATIC,
    "lutimesSync(path: string|Buffer, atime: number, mtime: number)",
    "As lutimes, before it returns.",
    NULL, NULL, NULL },
  { "mkdir", mkdir_callback, FN_STATIC,
    "mkdir(path: string|Buffer, options: table|integer?, callback: function)",
    "Makes a folder. With recursive those above it too: the result is the first that was made.",
    mkdir_options, NULL, NULL },
  { "mkdirSync", mkdir_sync, FN_STATIC,
    "mkdirSync(path: string|Buffer, options: table|integer?): string?",
    "As mkdir, before it returns.",
    mkdir_options, NULL, NULL },
  { "mkdtemp", mkdtemp_callback, FN_STATIC,
    "mkdtemp(prefix: string|Buffer, options: table|string?, callback: function)",
    "Makes a folder with a new name: the prefix and six characters.",
    name_options, NULL, NULL },
  { "mkdtempSync", mkdtemp_sync, FN_STATIC,
    "mkdtempSync(prefix: string|Buffer, options: table|string?): string",
    "As mkdtemp, before it returns.",
    name_options, NULL, NULL },
  { "open", open_callback, FN_STATIC,
    "open(path: string|Buffer, flags: string|integer?, mode: integer|string?, callback: function)",
    "Opens a file. flags: \"r\" (the default), \"r+\", \"w\", \"w+\", \"a\", \"a+\", with \"x\" "
    "not one that is there, with \"s\" without the cache.",
    NULL, NULL, NULL },
  { "openSync", open_sync, FN_STATIC,
    "openSync(path: string|Buffer, flags: string|integer?, mode: integer|string?): integer",
    "As open, before it returns.",
    NULL, NULL, NULL },
  { "opendir", opendir_callback, FN_STATIC,
    "opendir(path: string|Buffer, options: table|string?, callback: function)",
    "Opens a folder, to read its entries one by one.", dir_options, NULL, NULL },
  { "opendirSync", opendir_sync, FN_STATIC,
    "opendirSync(path: string|Buffer, options: table|string?): Dir", "As opendir, before it returns.",
    dir_options, NULL, NULL },
  { "read", read_callback, FN_STATIC,
    "read(fd: integer, buffer: Buffer|table?, offset: integer|table?, length: integer?, "
    "position: integer?, callback: function)",
    "Reads bytes into a Buffer: how many, and the Buffer. Without a position from the file's "
    "own, which moves.",
    transfer_options, NULL, NULL },
  { "readSync", read_sync, FN_STATIC,
    "readSync(fd: integer, buffer: Buffer|table?, offset: integer|table?, length: integer?, "
    "position: integer?): integer",
    "As read, before it returns.",
    transfer_options, NULL, NULL },
  { "readFile", read_file_callback, FN_STATIC,
    "readFile(path: string|Buffer|integer, options: table|string?, callback: function)",
    "A whole file, as a Buffer or with an encoding as a string.",
    read_file_options, "require(\"fs\").readFile(\"/dev/null\", function(err, data) print(err, #data) end)", NULL },
  { "readFileSync", read_file_sync, FN_STATIC,
    "readFileSync(path: string|Buffer|integer, options: table|string?): Buffer|string",
    "As readFile, before it returns.",
    read_file_options, NULL, NULL },
  { "readdir", readdir_callback, FN_STATIC,
    "readdir(path: string|Buffer, options: table|string?, callback: function)",
    "The names in a folder, sorted.",
    readdir_options, NULL, NULL },
  { "readdirSync", readdir_sync, FN_STATIC,
    "readdirSync(path: string|Buffer, options: table|string?): table",
    "As readdir, before it returns.",
    readdir_options, NULL, NULL },
  { "readlink", readlink_callback, FN_STATIC,
    "readlink(path: string|Buffer, options: table|string?, callback: function)",
    "Where a symbolic link leads.",
    name_options, NULL, NULL },
  { "readlinkSync", readlink_sync, FN_STATIC,
    "readlinkSync(path: string|Buffer, options: table|string?): string",
    "As readlink, before it returns.",
    name_options, NULL, NULL },
  { "readv", readv_callback, FN_STATIC,
    "readv(fd: integer, buffers: Buffer[], position: integer?, callback: function)",
    "Fills one Buffer after the other.",
    NULL, NULL, NULL },
  { "readvSync", readv_sync, FN_STATIC,
    "readvSync(fd: integer, buffers: Buffer[], position: integer?): integer",
    "As readv, before it returns.",
    NULL, NULL, NULL },
  { "realpath", realpath_callback, FN_STATIC,
    "realpath(path: string|Buffer, options: table|string?, callback: function)",
    "The absolute path without symbolic links.",
    name_options, NULL, NULL },
  { "realpathSync", realpath_sync, FN_STATIC,
    "realpathSync(path: string|Buffer, options: table|string?): string",
    "As realpath, before it returns.",
    name_options, NULL, NULL },
  { "rename", rename_callback, FN_STATIC,
    "rename(oldPath: string|Buffer, newPath: string|Buffer, callback: function)",
    "Gives a file another name; one that has it already is replaced.",
    NULL, NULL, NULL },
  { "renameSync", rename_sync, FN_STATIC,
    "renameSync(oldPath: string|Buffer, newPath: string|Buffer)",
    "As rename, before it returns.",
    NULL, NULL, NULL },
  { "rm", rm_callback, FN_STATIC,
    "rm(path: string|Buffer, options: table?, callback: function)",
    "Removes a file, or with recursive a folder with all that is in it.",
    rm_options, NULL, NULL },
  { "rmSync", rm_sync, FN_STATIC,
    "rmSync(path: string|Buffer, options: table?)",
    "As rm, before it returns.",
    rm_options, NULL, NULL },
  { "rmdir", rmdir_callback, FN_STATIC,
    "rmdir(path: string|Buffer, options: table?, callback: function)",
    "Removes an empty folder.",
    NULL, NULL, NULL },
  { "rmdirSync", rmdir_sync, FN_STATIC,
    "rmdirSync(path: string|Buffer, options: table?)",
    "As rmdir, before it returns.",
    NULL, NULL, NULL },
  { "stat", stat_callback, FN_STATIC,
    "stat(path: string|Buffer, options: table?, callback: function)",
    "What there is to know about a file.",
    stat_options, NULL, NULL },
  { "statSync", stat_sync, FN_STATIC,
    "statSync(path: string|Buffer, options: table?): Stats?",
    "As stat, before it returns.",
    stat_options, "print(require(\"fs\").statSync(\".\").size)", NULL },
  { "statfs", statfs_callback, FN_STATIC,
    "statfs(path: string|Buffer, options: table?, callback: function)",
    "What there is to know about the file system that a path lies in.",
    NULL, NULL, NULL },
  { "statfsSync", statfs_sync, FN_STATIC,
    "statfsSync(path: string|Buffer, options: table?): StatFs",
    "As statfs, before it returns.",
    NULL, NULL, NULL },
  { "symlink", symlink_callback, FN_STATIC,
    "symlink(target: string|Buffer, path: string|Buffer, type: string?, callback: function)",
    "Makes a symbolic link at path. type matters on Windows only.",
    NULL, NULL, NULL },
  { "symlinkSync", symlink_sync, FN_STATIC,
    "symlinkSync(target: string|Buffer, path: string|Buffer, type: string?)",
    "As symlink, before it returns.",
    NULL, NULL, NULL },
  { "truncate", truncate_callback, FN_STATIC,
    "truncate(path: string|Buffer, len: integer?, callback: function)",
    "Cuts a file, or fills it with zeros, to len bytes: 0 unless given.",
    NULL, NULL, NULL },
  { "truncateSync", truncate_sync, FN_STATIC,
    "truncateSync(path: string|Buffer, len: integer?)",
    "As truncate, before it returns.",
    NULL, NULL, NULL },
  { "unlink", unlink_callback, FN_STATIC,
    "unlink(path: string|Buffer, callback: function)",
    "Removes a file or a symbolic link.",
    NULL, NULL, NULL },
  { "unlinkSync", unlink_sync, FN_STATIC,
    "unlinkSync(path: string|Buffer)",
    "As unlink, before it returns.",
    NULL, NULL, NULL },
  { "utimes", utimes_callback, FN_STATIC,
    "utimes(path: string|Buffer, atime: number, mtime: number, callback: function)",
    "Sets the times of access and change of a file, in seconds.",
    NULL, NULL, NULL },
  { "utimesSync", utimes_sync, FN_STATIC,
    "utimesSync(path: string|Buffer, atime: number, mtime: number)",
    "As utimes, before it returns.",
    NULL, NULL, NULL },
  { "write", write_callback, FN_STATIC,
    "write(fd: integer, buffer: Buffer|string, offset: integer|table?, length: integer|string?, "
    "position: integer?, callback: function)",
    "Writes a Buffer, or a string (then position and encoding follow): how many bytes, and what "
    "was given.",
    transfer_options, NULL, NULL },
  { "writeSync", write_sync, FN_STATIC,
    "writeSync(fd: integer, buffer: Buffer|string, offset: integer|table?, length: "
    "integer|string?, position: integer?): integer",
    "As write, before it returns.",
    transfer_options, NULL, NULL },
  { "writeFile", write_file_callback, FN_STATIC,
    "writeFile(file: string|Buffer|integer, data: string|Buffer, options: table|string?, "
    "callback: function)",
    "Writes a whole file: what was in it is gone.",
    write_options, NULL, NULL },
  { "writeFileSync", write_file_sync, FN_STATIC,
    "writeFileSync(file: string|Buffer|integer, data: string|Buffer, options: table|string?)",
    "As writeFile, before it returns.",
    write_options, NULL, NULL },
  { "writev", writev_callback, FN_STATIC,
    "writev(fd: integer, buffers: Buffer[], position: integer?, callback: function)",
    "Writes one Buffer after the other.",
    NULL, NULL, NULL },
  { "writevSync", writev_sync, FN_STATIC,
    "writevSync(fd: integer, buffers: Buffer[], position: integer?): integer",
    "As writev, before it returns.",
    NULL, NULL, NULL },
  { "createReadStream", fs_create_read_stream, FN_STATIC,
    "createReadStream(path: string|Buffer?, options: table|string?): ReadStream",
    "A stream of a file's bytes.", read_stream_options, NULL, NULL },
  { "createWriteStream", fs_create_write_stream, FN_STATIC,
    "createWriteStream(path: string|Buffer?, options: table|string?): WriteStream",
    "A stream into a file.", write_stream_options,
    "require(\"fs\").createWriteStream(\"/dev/null\"):finish(\"done\")", NULL },
  { "watch", fs_watch, FN_STATIC,
    "watch(filename: string|Buffer, options: table|string?, listener: function?): FSWatcher",
    "Tells of changes of a file, or of the names in a folder: listener(eventType, filename).",
    watch_options, NULL, NULL },
  { "watchFile", fs_watch_file, FN_STATIC,
    "watchFile(filename: string|Buffer, options: table?, listener: function): StatWatcher",
    "Looks at a file again and again, and tells when it has changed: listener(current, previous).",
    watch_file_options, NULL, NULL },
  { "unwatchFile", fs_unwatch_file, FN_STATIC,
    "unwatchFile(filename: string|Buffer, listener: function?)",
    "Ends what watchFile began, for one listener or for all.", NULL, NULL, NULL },
  { 0 }
};
