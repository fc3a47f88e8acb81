/* SPDX-License-Identifier: MIT */
/* rows.c - the options that the forms of an operation share. */
#include "rows.h"

#include <stddef.h>

const OptDef read_file_options[] = {
  { "encoding", "string", NULL, "The result is a string, decoded so." },
  { "flag", "string|integer", "\"r\"", "How the file is opened." },
  { "signal", "AbortSignal", NULL, "Ends it, with an AbortError; the Sync form does not look at it." },
  { 0 }
};

const OptDef write_options[] = {
  { "encoding", "string", "\"utf8\"", "How a string is encoded." },
  { "mode", "integer|string", "0666", "Permissions of a file that is made." },
  { "flag", "string|integer", NULL, "How the file is opened: \"w\", for appendFile \"a\"." },
  { "flush", "boolean", "false", "Waits until the data are on the disk." },
  { "signal", "AbortSignal", NULL, "Ends it, with an AbortError; the Sync form does not look at it." },
  { 0 }
};

const OptDef cp_options[] = {
  { "recursive", "boolean", "false", "Folders, too." },
  { "force", "boolean", "true", "Replaces files that are there." },
  { "errorOnExist", "boolean", "false", "Without force: fails where a file is there." },
  { "dereference", "boolean", "false", "Copies what symbolic links lead to." },
  { "verbatimSymlinks", "boolean", "false", "Links keep their text; else relative ones become absolute." },
  { "preserveTimestamps", "boolean", "false", "Keeps the times." },
  { "mode", "integer", "0", "As for copyFile." },
  { "filter", "function", NULL, "filter(src, dest): what it is false for is left out; but for cpSync it may "
    "return a promise." },
  { 0 }
};

const OptDef stat_options[] = {
  { "throwIfNoEntry", "boolean", "true", "false: the Sync form returns nil where there is no file." }, { 0 }
};

const OptDef mkdir_options[] = {
  { "recursive", "boolean", "false", "The folders above it too; no error when it is there." },
  { "mode", "integer|string", "0777", "Permissions of folders that are made." },
  { 0 }
};

const OptDef name_options[] = {
  { "encoding", "string", "\"utf8\"", "Of the name; \"buffer\": it is a Buffer." }, { 0 }
};

const OptDef transfer_options[] = {
  { "offset", "integer", "0", "Where in the Buffer." },
  { "length", "integer", NULL, "How many bytes: the rest of the Buffer." },
  { "position", "integer", NULL, "Where in the file: its own position." },
  { 0 }
};

const OptDef readdir_options[] = {
  { "encoding", "string", "\"utf8\"", "Of the names; \"buffer\": they are Buffers." },
  { "withFileTypes", "boolean", "false", "Dirents in place of names." },
  { "recursive", "boolean", "false", "What lies in the folders below, too." },
  { 0 }
};

const OptDef rm_options[] = {
  { "force", "boolean", "false", "No error when there is nothing." },
  { "recursive", "boolean", "false", "Folders, with all that is in them." },
  { "maxRetries", "integer", "0", "How often it is tried again when a file is busy." },
  { "retryDelay", "integer", "100", "Milliseconds between tries, more each time." },
  { 0 }
};

const OptDef watch_options[] = {
  { "recursive", "boolean", "false", "What lies in the folders below, too; names then have their path." },
  { "persistent", "boolean", "true", "Keeps the program running." },
  { "encoding", "string", "\"utf8\"", "Of the names; \"buffer\": they are Buffers." },
  { "signal", "AbortSignal", NULL, "Closes the watcher when it aborts." },
  { 0 }
};

const OptDef dir_options[] = {
  { "encoding", "string", "\"utf8\"", "Of the names; \"buffer\": they are Buffers." },
  { "bufferSize", "integer", "32", "Checked as in Node; entries are read one by one." },
  { 0 }
};
