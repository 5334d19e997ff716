#pragma once
#include <sqlite3.h>

/// `SQLITE_TRANSIENT` is a cast of -1 to a function pointer, which Swift does not import.
static inline sqlite3_destructor_type reservation_sqlite_transient(void) { return SQLITE_TRANSIENT; }

/// `sqlite3_db_config` is variadic, which Swift does not import. Sets one of the boolean options and reports the value now in force.
static inline int reservation_sqlite_db_config(sqlite3 *database, int option, int value, int *now) {
    return sqlite3_db_config(database, option, value, now);
}

/// `sqlite3_config` is variadic, which Swift does not import. Stops SQLite from counting its memory, which takes a lock of the whole
/// process at each allocation. Without effect once SQLite is initialised.
static inline int reservation_sqlite_stop_counting_memory(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }
