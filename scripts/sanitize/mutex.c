// SPDX-License-Identifier: Apache-2.0
// Annotates Swift's mutexes for the thread sanitizer.
//
// A contended Swift `Mutex` waits in the kernel (futex(2), FUTEX_LOCK_PI), inside a library without instrumentation. The
// sanitizer sees only the uncontended path, and reports data behind a contended mutex as a race. Loaded with LD_PRELOAD, this
// library wraps the two slow functions and reports acquire and release.

#include <dlfcn.h>
#include <stdint.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

typedef SWIFT void (*lock_function)(uint32_t thread, SELF void *mutex);
typedef SWIFT void (*unlock_function)(SELF void *mutex);

// The functions are weak, because programs without instrumentation, such as redis-server, do not define them.
__attribute__((weak)) void __tsan_acquire(void *address);
__attribute__((weak)) void __tsan_release(void *address);

static const char lock_name[] = "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF";
static const char unlock_name[] = "$s15Synchronization12_MutexHandleV11_unlockSlowyyF";

SWIFT void lock_slowly(uint32_t thread, SELF void *mutex)
    __asm__("$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");
SWIFT void unlock_slowly(SELF void *mutex) __asm__("$s15Synchronization12_MutexHandleV11_unlockSlowyyF");

SWIFT void lock_slowly(uint32_t thread, SELF void *mutex) {
    ((lock_function)dlsym(RTLD_NEXT, lock_name))(thread, mutex);
    if (__tsan_acquire) __tsan_acquire(mutex);
}

SWIFT void unlock_slowly(SELF void *mutex) {
    if (__tsan_release) __tsan_release(mutex);
    ((unlock_function)dlsym(RTLD_NEXT, unlock_name))(mutex);
}
