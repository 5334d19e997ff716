#include "coalescing_vfs.h"

#include "database_file.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// SQLite's own unix VFS takes at most 131,071 bytes a call.
enum { capacity = 120 * 1024 };

/// Behind every place: no transaction has begun.
static const sqlite3_int64 nowhere = INT64_MAX;

/// The log's file as SQLite sees it. The base's file stands in the same allocation, right behind it.
typedef struct {
    sqlite3_file file;
    sqlite3_file *base;
    /// `count` bytes that belong at `offset` and that the base has not been given yet.
    unsigned char *bytes;
    sqlite3_int64 offset;
    int count;
    /// Where the transaction that is being written begins: the lowest place written to since the last sync.
    sqlite3_int64 transaction;
    /// Why bytes that had been taken could not be written. The transaction they were part of must not be committed, whatever SQLite
    /// makes of the call that hears of it: every further write of it and its sync report the same.
    int failure;
} log_file;

static sqlite3_file *base_of(sqlite3_file *file) { return ((log_file *)file)->base; }

/// Whether the base's file holds exactly these bytes.
static int holds(sqlite3_file *base, const unsigned char *bytes, int count, sqlite3_int64 offset) {
    unsigned char found[4096];
    for (int start = 0; start < count; start += (int)sizeof found) {
        int part = count - start < (int)sizeof found ? count - start : (int)sizeof found;
        if (base->pMethods->xRead(base, found, part, offset + start) != SQLITE_OK) return 0;
        if (memcmp(found, bytes + start, (size_t)part) != 0) return 0;
    }
    return 1;
}

/// Hands over what has gathered. What could not be written is given up and never tried again: a commit that was reported as failed must
/// not reach the disk later.
static int write_out(log_file *log) {
    if (log->failure != SQLITE_OK) return log->failure;
    if (log->count == 0) return SQLITE_OK;
    int count = log->count;
    log->count = 0;
    int written = log->base->pMethods->xWrite(log->base, log->bytes, count, log->offset);
    // A short write in front of bytes that an earlier round of the log left just so is a whole one: a commit among them would be found by
    // the next process, and must not be reported as one that a full disk kept from happening.
    if (written == SQLITE_FULL && holds(log->base, log->bytes, count, log->offset)) written = SQLITE_OK;
    log->failure = written;
    return written;
}

static int log_close(sqlite3_file *file) {
    log_file *log = (log_file *)file;
    int written = write_out(log);
    int closed = log->base->pMethods->xClose(log->base);
    free(log->bytes);
    log->bytes = NULL;
    return closed == SQLITE_OK ? written : closed;
}

static int log_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
    log_file *log = (log_file *)file;
    // What was given up stood at or behind the transaction's beginning; before it everything is as it was.
    if (log->failure != SQLITE_OK && offset + count > log->transaction) return log->failure;
    sqlite3_int64 end = log->offset + log->count;
    if (log->count > 0 && offset >= log->offset && offset + count <= end) {
        memcpy(bytes, log->bytes + (offset - log->offset), (size_t)count);
        return SQLITE_OK;
    }
    if (log->count > 0 && offset < end && offset + count > log->offset) {
        int written = write_out(log);
        if (written != SQLITE_OK) return written;
    }
    return log->base->pMethods->xRead(log->base, bytes, count, offset);
}

static int log_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
    log_file *log = (log_file *)file;
    if (offset <= log->transaction) {
        // SQLite has gone back to where the last commit ended, or to the head of the log: what failed has been rolled back.
        log->transaction = offset;
        log->failure = SQLITE_OK;
    }
    sqlite3_int64 place = offset - log->offset;
    // Right behind what has gathered, or over a part of it: SQLite corrects frames it has just written.
    if (log->count > 0 && place >= 0 && place <= log->count && place + count <= capacity) {
        memcpy(log->bytes + place, bytes, (size_t)count);
        if (place + count > log->count) log->count = (int)(place + count);
        return SQLITE_OK;
    }
    int written = write_out(log);
    if (written != SQLITE_OK) return written;
    if (count > capacity) return log->base->pMethods->xWrite(log->base, bytes, count, offset);
    memcpy(log->bytes, bytes, (size_t)count);
    log->offset = offset;
    log->count = count;
    return SQLITE_OK;
}

static int log_sync(sqlite3_file *file, int flags) {
    log_file *log = (log_file *)file;
    int written = write_out(log);
    if (written != SQLITE_OK) return written;
    int synced = log->base->pMethods->xSync(log->base, flags);
    if (synced == SQLITE_OK) log->transaction = nowhere;
    return synced;
}

static int log_truncate(sqlite3_file *file, sqlite3_int64 size) {
    int written = write_out((log_file *)file);
    return written == SQLITE_OK ? base_of(file)->pMethods->xTruncate(base_of(file), size) : written;
}

static int log_size(sqlite3_file *file, sqlite3_int64 *size) {
    int written = write_out((log_file *)file);
    return written == SQLITE_OK ? base_of(file)->pMethods->xFileSize(base_of(file), size) : written;
}

static int log_lock(sqlite3_file *file, int lock) { return base_of(file)->pMethods->xLock(base_of(file), lock); }

static int log_unlock(sqlite3_file *file, int lock) { return base_of(file)->pMethods->xUnlock(base_of(file), lock); }

static int log_check_reserved_lock(sqlite3_file *file, int *result) {
    return base_of(file)->pMethods->xCheckReservedLock(base_of(file), result);
}

static int log_control(sqlite3_file *file, int operation, void *argument) {
    return base_of(file)->pMethods->xFileControl(base_of(file), operation, argument);
}

static int log_sector_size(sqlite3_file *file) { return base_of(file)->pMethods->xSectorSize(base_of(file)); }

static int log_device_characteristics(sqlite3_file *file) { return base_of(file)->pMethods->xDeviceCharacteristics(base_of(file)); }

/// Version 1: without shared memory and memory-mapped reads.
static const sqlite3_io_methods log_methods = {
    .iVersion = 1,
    .xClose = log_close,
    .xRead = log_read,
    .xWrite = log_write,
    .xTruncate = log_truncate,
    .xSync = log_sync,
    .xFileSize = log_size,
    .xLock = log_lock,
    .xUnlock = log_unlock,
    .xCheckReservedLock = log_check_reserved_lock,
    .xFileControl = log_control,
    .xSectorSize = log_sector_size,
    .xDeviceCharacteristics = log_device_characteristics,
};

static int open_file(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags, int *flags_in_force) {
    sqlite3_vfs *base = vfs->pAppData;
    if (flags & SQLITE_OPEN_MAIN_DB) return open_database_file(base, name, file, flags, flags_in_force);
    if (!(flags & SQLITE_OPEN_WAL)) return base->xOpen(base, name, file, flags, flags_in_force);
    log_file *log = (log_file *)file;
    // SQLite closes what has methods, also after an error.
    memset(log, 0, sizeof *log);
    log->base = (sqlite3_file *)(log + 1);
    log->base->pMethods = NULL;
    log->transaction = nowhere;
    // Now, so that no write can fail for lack of memory.
    log->bytes = malloc(capacity);
    if (log->bytes == NULL) return SQLITE_NOMEM;
    int opened = base->xOpen(base, name, log->base, flags, flags_in_force);
    if (opened != SQLITE_OK) {
        if (log->base->pMethods != NULL) log->base->pMethods->xClose(log->base);
        free(log->bytes);
        return opened;
    }
    log->file.pMethods = &log_methods;
    return SQLITE_OK;
}

// What the base does with names, libraries, time and randomness goes to the base, which may look at its own pAppData.

static sqlite3_vfs *base_of_vfs(sqlite3_vfs *vfs) { return vfs->pAppData; }

static int delete_file(sqlite3_vfs *vfs, const char *name, int sync_directory) {
    return base_of_vfs(vfs)->xDelete(base_of_vfs(vfs), name, sync_directory);
}

static int access_file(sqlite3_vfs *vfs, const char *name, int flags, int *result) {
    return base_of_vfs(vfs)->xAccess(base_of_vfs(vfs), name, flags, result);
}

static int full_pathname(sqlite3_vfs *vfs, const char *name, int count, char *path) {
    return base_of_vfs(vfs)->xFullPathname(base_of_vfs(vfs), name, count, path);
}

static int randomness(sqlite3_vfs *vfs, int count, char *bytes) { return base_of_vfs(vfs)->xRandomness(base_of_vfs(vfs), count, bytes); }

static int sleep_for(sqlite3_vfs *vfs, int microseconds) { return base_of_vfs(vfs)->xSleep(base_of_vfs(vfs), microseconds); }

static int current_time(sqlite3_vfs *vfs, double *time) { return base_of_vfs(vfs)->xCurrentTime(base_of_vfs(vfs), time); }

static int last_error(sqlite3_vfs *vfs, int count, char *text) { return base_of_vfs(vfs)->xGetLastError(base_of_vfs(vfs), count, text); }

/// Never freed: SQLite may use it until the process ends.
static const char *register_over(sqlite3_vfs *base) {
    char name[128];
    snprintf(name, sizeof name, "coalescing-%s", base->zName);
    sqlite3_vfs *known = sqlite3_vfs_find(name);
    if (known != NULL) return known->zName;
    sqlite3_vfs *vfs = calloc(1, sizeof *vfs);
    char *kept_name = strdup(name);
    if (vfs == NULL || kept_name == NULL) goto no_memory;
    // Version 1: the base's time in milliseconds and its table of system calls are not offered.
    vfs->iVersion = 1;
    int own = (int)(sizeof(log_file) > sizeof(database_file) ? sizeof(log_file) : sizeof(database_file));
    vfs->szOsFile = own + base->szOsFile;
    vfs->mxPathname = base->mxPathname;
    vfs->zName = kept_name;
    vfs->pAppData = base;
    vfs->xOpen = open_file;
    vfs->xDelete = delete_file;
    vfs->xAccess = access_file;
    vfs->xFullPathname = full_pathname;
    vfs->xRandomness = randomness;
    vfs->xSleep = sleep_for;
    vfs->xCurrentTime = current_time;
    vfs->xGetLastError = last_error;
    if (sqlite3_vfs_register(vfs, 0) == SQLITE_OK) return kept_name;
no_memory:
    free(vfs);
    free(kept_name);
    return NULL;
}

const char *coalescing_vfs_over(const char *base_name) {
    static pthread_mutex_t registration = PTHREAD_MUTEX_INITIALIZER;
    // Two threads that came at once would register two of the same name.
    pthread_mutex_lock(&registration);
    sqlite3_vfs *base = sqlite3_vfs_find(base_name);
    const char *name = base == NULL ? NULL : register_over(base);
    pthread_mutex_unlock(&registration);
    return name;
}
