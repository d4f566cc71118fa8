/* Lets the n-th operation on the files of one folder fail, as SQLite's tests do.
 *
 * Preloaded into a process; nothing fails until fail_at() is called. A write that is to fail takes
 * half of its bytes first, so that a line is torn as on a real disk that becomes full.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static long countdown;      /* operations until one fails; 0 is never */
static long operations;     /* operations so far */
static int failure;         /* errno of the failure */
static int is_lasting;      /* every operation after it fails as well */
static int has_failed;
static int is_half_written; /* half of the bytes are written: the next write fails */
static char folder[4096];
static char failed_name[32];

void fail_at(long nth, int error, int lasting, const char *under)
{
    countdown = nth;
    operations = 0;
    failure = error;
    is_lasting = lasting;
    has_failed = is_half_written = 0;
    failed_name[0] = 0;
    snprintf(folder, sizeof folder, "%s", under);
}

long operations_so_far(void)
{
    return operations;
}

/* What failed, or an empty string. */
const char *failed_operation(void)
{
    return failed_name;
}

static int is_ours(const char *path)
{
    return folder[0] && strncmp(path, folder, strlen(folder)) == 0;
}

static int is_our_file(int file)
{
    char link[64], path[4096];
    ssize_t length;

    if (!folder[0])
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return 0;
    path[length] = 0;
    return is_ours(path);
}

/* Counts an operation; says whether it is to fail. */
static int is_due(const char *name)
{
    operations++;
    if (has_failed && is_lasting)
        return 1;
    if (operations != countdown)
        return 0;
    has_failed = 1;
    snprintf(failed_name, sizeof failed_name, "%s", name);
    return 1;
}

static int fail(void)
{
    errno = failure;
    return -1;
}

ssize_t write(int file, const void *data, size_t size)
{
    static ssize_t (*real)(int, const void *, size_t);

    if (!real)
        real = dlsym(RTLD_NEXT, "write");
    if (!is_our_file(file))
        return real(file, data, size);
    if (is_half_written) {
        is_half_written = 0;
        return fail();
    }
    if (!is_due("write"))
        return real(file, data, size);
    if (size < 2)
        return fail();
    is_half_written = 1;
    return real(file, data, size / 2);
}

int fsync(int file)
{
    static int (*real)(int);

    if (!real)
        real = dlsym(RTLD_NEXT, "fsync");
    return is_our_file(file) && is_due("fsync") ? fail() : real(file);
}

int fdatasync(int file)
{
    static int (*real)(int);

    if (!real)
        real = dlsym(RTLD_NEXT, "fdatasync");
    return is_our_file(file) && is_due("fdatasync") ? fail() : real(file);
}

int rename(const char *from, const char *to)
{
    static int (*real)(const char *, const char *);

    if (!real)
        real = dlsym(RTLD_NEXT, "rename");
    return is_ours(from) && is_due("rename") ? fail() : real(from, to);
}
