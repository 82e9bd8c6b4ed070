// SPDX-License-Identifier: Apache-2.0
// A library that moves the wall clock of the process into which it is preloaded. The file MOVABLE_CLOCK_FILE contains two
// 64-bit integers: the offset in microseconds, and the time since 1970 in microseconds at which the clock is stopped, or 0.
// The monotonic clock is not changed.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>

static const volatile int64_t *offset;

__attribute__((constructor)) static void map_offset(void) {
    const char *path = getenv("MOVABLE_CLOCK_FILE");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    void *memory = file < 0 ? MAP_FAILED : mmap(NULL, 16, PROT_READ, MAP_SHARED, file, 0);
    if (memory != MAP_FAILED) offset = memory;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(clock, time);
    if (result == 0 && clock == CLOCK_REALTIME && offset) {
        int64_t microseconds = offset[0], frozen = offset[1];
        if (frozen) {
            time->tv_sec = frozen / 1000000;
            time->tv_nsec = frozen % 1000000 * 1000;
        }
        int64_t nanoseconds = time->tv_nsec + microseconds % 1000000 * 1000;
        time->tv_sec += microseconds / 1000000 + (nanoseconds >= 1000000000) - (nanoseconds < 0);
        time->tv_nsec = (nanoseconds + 1000000000) % 1000000000;
    }
    return result;
}

int gettimeofday(struct timeval *time, void *zone) {
    (void)zone;
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
    time->tv_sec = now.tv_sec;
    time->tv_usec = now.tv_nsec / 1000;
    return 0;
}
