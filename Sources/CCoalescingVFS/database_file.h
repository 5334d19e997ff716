#pragma once

#include <sqlite3.h>

/// The database's file as SQLite sees it. The base's file stands in the same allocation, right behind it.
typedef struct {
    sqlite3_file file;
    sqlite3_file *base;
    /// Room for the largest page there is.
    unsigned char *page;
} database_file;

/// Opens a database's file that writes zeros where a page has nothing to say.
///
/// @return SQLite's code. `file` has methods only after SQLITE_OK, and nothing of it is left to close otherwise.
int open_database_file(sqlite3_vfs *base, sqlite3_filename name, sqlite3_file *file, int flags, int *flags_in_force);
