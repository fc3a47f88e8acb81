/* SPDX-License-Identifier: MIT */
/* cluster.h - several processes that share one port: the module, and how a worker begins.
 *
 * A process is a worker when NODE_UNIQUE_ID is in its environment, else it may become a primary. Both
 * speak Node's messages (NODE_CLUSTER), so either side may be a real Node. */
#ifndef MOONFORK_CLUSTER_H
#define MOONFORK_CLUSTER_H

#include <stdbool.h>
#include <lua.h>
#include "../core/doc.h"

extern const ModuleDef cluster_module;
extern const ClassDef cluster_class, cluster_worker_class;

/* Takes NODE_UNIQUE_ID out of the environment; once, at start, before any thread. */
void cluster_claim(void);

/* Was this process started as a worker? */
bool cluster_claimed(void);

/* Its number there, as the primary counts; -1 for no worker. */
int cluster_claimed_id(void);

/* In a worker, once the channel is there and before its script runs: joins the cluster and says so to
 * the primary. Nothing to do elsewhere. [0] */
void cluster_join(lua_State *L);

#endif
