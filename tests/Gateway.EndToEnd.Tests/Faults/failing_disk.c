// Preloaded into the daemon: while the file that FAILING_DISK names is there, nothing reaches the disk (EIO), as with a card that gives up.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static int fails(void)
{
    const char *flag = getenv("FAILING_DISK");
    if (!flag || access(flag, F_OK) != 0)
        return 0;
    errno = EIO;
    return 1;
}

int fdatasync(int descriptor)
{
    static int (*real)(int);
    if (!real)
        real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    return fails() ? -1 : real(descriptor);
}

int fsync(int descriptor)
{
    static int (*real)(int);
    if (!real)
        real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    return fails() ? -1 : real(descriptor);
}
