// Preloaded into the daemon: a disk that says it has written, and has not.
int fdatasync(int descriptor)
{
    (void)descriptor;
    return 0;
}

int fsync(int descriptor)
{
    (void)descriptor;
    return 0;
}
