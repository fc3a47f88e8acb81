/* SPDX-License-Identifier: MIT */
/* crypto.h - the module crypto: hashes, ciphers, signatures and keys over OpenSSL 3. */
#ifndef MOONFORK_CRYPTO_H
#define MOONFORK_CRYPTO_H

#include "core/doc.h"

extern const ModuleDef crypto_module;

#endif
