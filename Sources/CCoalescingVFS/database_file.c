#include "database_file.h"

#include <stdlib.h>
#include <string.h>

/// The largest page; SQLite writes whole pages, each at a multiple of its size (<https://sqlite.org/fileformat.html>, 1.3.2).
enum { largest_page = 65536 };

/// A page of another kind than a b-tree's begins with the number of another page, in four bytes. From 0x02000000 pages on, 128 GiB, its
/// first byte could pass for a b-tree's mark. Half of that leaves more room than a log can bring into the file at once.
enum { most_pages = 0x01000000 };

static sqlite3_file *base_of(sqlite3_file *file) { return ((database_file *)file)->base; }

static int two_bytes(const unsigned char *bytes) { return bytes[0] << 8 | bytes[1]; }

/// The unused middle of a b-tree page, between the pointers to its cells and the cells (file format, 1.6).
///
/// Where SQLite puts a page together anew, it leaves there what the page held before: rows that were moved, and so copies of rows that
/// `secure_delete` wrote over elsewhere.
///
/// @return its beginning and, in `end`, its end; 0 and 0 for what is no such page.
static int unused_middle(const unsigned char *page, int size, sqlite3_int64 offset, int *end) {
    *end = 0;
    if (size < 512 || size > largest_page || (size & (size - 1)) != 0 || offset % size != 0) return 0;
    int header = offset == 0 ? 100 : 0;
    unsigned char kind = page[header];
    int is_leaf = kind == 10 || kind == 13;
    if (!is_leaf && kind != 2 && kind != 5) return 0;
    int pointers_end = header + (is_leaf ? 8 : 12) + 2 * two_bytes(page + header + 3);
    int cells = two_bytes(page + header + 5);
    if (cells == 0) cells = largest_page;
    // What is damaged is SQLite's to find, as it lies there.
    if (cells > size || pointers_end > cells) return 0;
    *end = cells;
    return pointers_end;
}

static int is_zero(const unsigned char *bytes, int count) {
    for (int place = 0; place < count; place += 1) {
        if (bytes[place] != 0) return 0;
    }
    return 1;
}

/// Whether the first byte of each page tells what it is.
static int tells_pages_apart(sqlite3_file *base, int size) {
    sqlite3_int64 bytes;
    return base->pMethods->xFileSize(base, &bytes) == SQLITE_OK && bytes / size < most_pages;
}

static int write_page(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
    database_file *database = (database_file *)file;
    int end;
    int start = unused_middle(bytes, count, offset, &end);
    if (!is_zero((const unsigned char *)bytes + start, end - start) && tells_pages_apart(database->base, count)) {
        // In a copy: SQLite may go on using what it wrote.
        memcpy(database->page, bytes, (size_t)count);
        memset(database->page + start, 0, (size_t)(end - start));
        bytes = database->page;
    }
    return database->base->pMethods->xWrite(database->base, bytes, count, offset);
}

static int close_file(sqlite3_file *file) {
    free(((database_file *)file)->page);
    return base_of(file)->pMethods->xClose(base_of(file));
}

static int read_page(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
    return base_of(file)->pMethods->xRead(base_of(file), bytes, count, offset);
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 size) { return base_of(file)->pMethods->xTruncate(base_of(file), size); }

static int sync_file(sqlite3_file *file, int flags) { return base_of(file)->pMethods->xSync(base_of(file), flags); }

static int file_size(sqlite3_file *file, sqlite3_int64 *size) { return base_of(file)->pMethods->xFileSize(base_of(file), size); }

static int lock(sqlite3_file *file, int level) { return base_of(file)->pMethods->xLock(base_of(file), level); }

static int unlock(sqlite3_file *file, int level) { return base_of(file)->pMethods->xUnlock(base_of(file), level); }

static int check_reserved_lock(sqlite3_file *file, int *result) {
    return base_of(file)->pMethods->xCheckReservedLock(base_of(file), result);
}

static int control(sqlite3_file *file, int operation, void *argument) {
    return base_of(file)->pMethods->xFileControl(base_of(file), operation, argument);
}

static int sector_size(sqlite3_file *file) { return base_of(file)->pMethods->xSectorSize(base_of(file)); }

static int device_characteristics(sqlite3_file *file) { return base_of(file)->pMethods->xDeviceCharacteristics(base_of(file)); }

static int map_shared(sqlite3_file *file, int region, int size, int extend, void volatile **memory) {
    return base_of(file)->pMethods->xShmMap(base_of(file), region, size, extend, memory);
}

static int lock_shared(sqlite3_file *file, int offset, int count, int flags) {
    return base_of(file)->pMethods->xShmLock(base_of(file), offset, count, flags);
}

static void shared_barrier(sqlite3_file *file) { base_of(file)->pMethods->xShmBarrier(base_of(file)); }

static int unmap_shared(sqlite3_file *file, int delete) { return base_of(file)->pMethods->xShmUnmap(base_of(file), delete); }

#define METHODS                                        \
    .xClose = close_file,                              \
    .xRead = read_page,                                \
    .xWrite = write_page,                              \
    .xTruncate = truncate_file,                        \
    .xSync = sync_file,                                \
    .xFileSize = file_size,                            \
    .xLock = lock,                                     \
    .xUnlock = unlock,                                 \
    .xCheckReservedLock = check_reserved_lock,         \
    .xFileControl = control,                           \
    .xSectorSize = sector_size,                        \
    .xDeviceCharacteristics = device_characteristics

static const sqlite3_io_methods methods = {.iVersion = 1, METHODS};

/// Without version 3's pages in memory, which are written to without a call.
static const sqlite3_io_methods methods_with_shared_memory = {
    .iVersion = 2,
    METHODS,
    .xShmMap = map_shared,
    .xShmLock = lock_shared,
    .xShmBarrier = shared_barrier,
    .xShmUnmap = unmap_shared,
};

int open_database_file(sqlite3_vfs *base, sqlite3_filename name, sqlite3_file *file, int flags, int *flags_in_force) {
    database_file *database = (database_file *)file;
    // SQLite closes what has methods, also after an error.
    memset(database, 0, sizeof *database);
    database->base = (sqlite3_file *)(database + 1);
    database->base->pMethods = NULL;
    // Now, so that no write can fail for lack of memory.
    database->page = malloc(largest_page);
    if (database->page == NULL) return SQLITE_NOMEM;
    int opened = base->xOpen(base, name, database->base, flags, flags_in_force);
    if (opened != SQLITE_OK) {
        if (database->base->pMethods != NULL) database->base->pMethods->xClose(database->base);
        free(database->page);
        return opened;
    }
    file->pMethods = database->base->pMethods->iVersion >= 2 ? &methods_with_shared_memory : &methods;
    return SQLITE_OK;
}
