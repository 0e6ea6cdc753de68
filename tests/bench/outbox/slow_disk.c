/* Makes this machine's disk a slower one: loaded before a program (LD_PRELOAD), it lets each sync of a file return
 * no sooner than SYNC_MICROSECONDS after it was asked for.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

static int held(const char *name, int file)
{
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_nsec += SYNC_MICROSECONDS * 1000L;
    end.tv_sec += end.tv_nsec / 1000000000L;
    end.tv_nsec %= 1000000000L;
    int (*sync)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    int result = sync(file);
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL);
    return result;
}

int fsync(int file) { return held("fsync", file); }

int fdatasync(int file) { return held("fdatasync", file); }
