// SPDX-License-Identifier: Apache-2.0

#ifndef CHIREDIS_SHIM_H
#define CHIREDIS_SHIM_H

#if !__has_include(<hiredis/hiredis.h>)
#error "hiredis is not installed. On Debian or Ubuntu: sudo apt-get install libhiredis-dev"
#endif

#include <hiredis/hiredis.h>
#include <stdbool.h>
#include <string.h>

// hiredis allocates as many array elements as a server announces, before any of them has arrived. The guard wraps the
// functions that build replies and rejects replies above the limits; the reader then stops.
typedef struct CHiredisGuard {
    redisReplyObjectFunctions functions;
    const redisReplyObjectFunctions *original;
    size_t maximumStringLength;
    size_t maximumElements;
    size_t maximumDepth;
    size_t maximumReplyLength;
    // The counts of the current reply.
    size_t elements;
    size_t length;
    bool exceeded;
} CHiredisGuard;

#if HIREDIS_MAJOR >= 1
typedef size_t CHiredisCount;
#else
typedef int CHiredisCount;
#endif

static inline CHiredisGuard *CHiredisGuard_of(const redisReadTask *task) {
    CHiredisGuard *guard = (CHiredisGuard *)task->privdata;
    if (task->parent == NULL) {
        guard->elements = 0;
        guard->length = 0;
    }
    return guard;
}

static inline void *CHiredisGuard_string(const redisReadTask *task, char *bytes, size_t length) {
    CHiredisGuard *guard = CHiredisGuard_of(task);
    if (length > guard->maximumStringLength || length > guard->maximumReplyLength - guard->length) {
        guard->exceeded = true;
        return NULL;
    }
    guard->length += length;
    return guard->original->createString(task, bytes, length);
}

static inline void *CHiredisGuard_array(const redisReadTask *task, CHiredisCount count) {
    CHiredisGuard *guard = CHiredisGuard_of(task);
    size_t depth = 1;
    for (const redisReadTask *outer = task->parent; outer != NULL; outer = outer->parent) depth += 1;
    if ((size_t)count > guard->maximumElements - guard->elements || depth > guard->maximumDepth) {
        guard->exceeded = true;
        return NULL;
    }
    guard->elements += (size_t)count;
    return guard->original->createArray(task, count);
}

static inline void CHiredisGuard_install(CHiredisGuard *guard, redisReader *reader) {
    guard->original = reader->fn;
    guard->functions = *reader->fn;
    guard->functions.createString = CHiredisGuard_string;
    guard->functions.createArray = CHiredisGuard_array;
    reader->fn = &guard->functions;
    reader->privdata = guard;
}

#endif
