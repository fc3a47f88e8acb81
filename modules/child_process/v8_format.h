/* SPDX-License-Identifier: MIT */
/* v8_format.h - the tags of V8's format, for its writer and its reader. */
#ifndef MOONFORK_V8_FORMAT_H
#define MOONFORK_V8_FORMAT_H

enum { V8_VERSION = 15, V8_OLDEST = 13 };

enum {
  V8_MARK = 0xFF,          /* before the version */
  V8_PADDING = 0,
  V8_UNDEFINED = '_', V8_NULL = '0', V8_TRUE = 'T', V8_FALSE = 'F', V8_HOLE = '-',
  V8_INT = 'I',            /* zig-zag varint */
  V8_UINT = 'U', V8_DOUBLE = 'N', V8_BIGINT = 'Z',
  V8_LATIN1 = '"', V8_UTF16 = 'c', V8_UTF8 = 'S',
  V8_REFERENCE = '^',
  V8_OBJECT = 'o', V8_OBJECT_END = '{',
  V8_DENSE = 'A', V8_DENSE_END = '$',
  V8_SPARSE = 'a', V8_SPARSE_END = '@',
  V8_MAP = ';', V8_MAP_END = ':',
  V8_SET = '\'', V8_SET_END = ',',
  V8_DATE = 'D', V8_REGEXP = 'R',
  V8_NUMBER_OBJECT = 'n', V8_TRUE_OBJECT = 'y', V8_FALSE_OBJECT = 'x', V8_STRING_OBJECT = 's',
  V8_BIGINT_OBJECT = 'z',
  V8_ERROR = 'r',
  V8_BUFFER = 'B',         /* an ArrayBuffer */
  V8_RESIZABLE = '~',
  V8_HOST = '\\'           /* Node's own: 0 and a view, or 1 and a plain object */
};

/* Inside an Error. */
enum {
  V8_ERR_EVAL = 'E', V8_ERR_RANGE = 'R', V8_ERR_REFERENCE = 'F', V8_ERR_SYNTAX = 'S', V8_ERR_TYPE = 'T',
  V8_ERR_URI = 'U', V8_ERR_MESSAGE = 'm', V8_ERR_CAUSE = 'c', V8_ERR_STACK = 's', V8_ERR_END = '.'
};

enum { V8_HOST_VIEW = 0, V8_HOST_OBJECT = 1 };

/* Node's numbers for the kinds of views. */
enum { V8_VIEW_DATA_VIEW = 9, V8_VIEW_BUFFER = 10, V8_VIEWS = 13 };

#endif
