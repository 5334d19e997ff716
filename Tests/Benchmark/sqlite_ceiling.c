// The most creates a second that SQLite gives on this disk: the store's own statements, settings and batch size in a bare loop, without
// sockets, frames or rules. benchmark.py checks that the statements are still those of Sources/ReservationStore.
//
// usage: sqlite_ceiling DATABASE CREATES BATCH SLOTS REPLY_BYTES CACHE_KIB [TICKETS]
//   DATABASE is one that reservationd has made (for its schema) and that holds nothing. Prints JSON.
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { organization = 1, busy_checkpoint_pages = 16384, capacity = 1000000 };

static sqlite3 *database;
static int log_pages;
static int64_t now_seconds;
static uint64_t seed = 88172645463325252u;

static uint64_t draw(void) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    return seed ^= seed << 17;
}

static double seconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void must(int code, int expected, const char *action) {
    if (code == expected) return;
    fprintf(stderr, "sqlite_ceiling: could not %s: %s\n", action, database ? sqlite3_errmsg(database) : sqlite3_errstr(code));
    exit(1);
}

static void execute(const char *sql) { must(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK, sql); }

static sqlite3_stmt *prepare(const char *sql) {
    sqlite3_stmt *statement;
    must(sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL), SQLITE_OK, sql);
    return statement;
}

static void bind_int(sqlite3_stmt *statement, int index, int64_t value) {
    must(sqlite3_bind_int64(statement, index, value), SQLITE_OK, "bind a number");
}

static void bind_text(sqlite3_stmt *statement, int index, const char *value) {
    must(sqlite3_bind_text(statement, index, value, -1, SQLITE_STATIC), SQLITE_OK, "bind a text");
}

static void bind_blob(sqlite3_stmt *statement, int index, const void *value, int length) {
    must(sqlite3_bind_blob(statement, index, value, length, SQLITE_STATIC), SQLITE_OK, "bind bytes");
}

static void run(sqlite3_stmt *statement) {
    must(sqlite3_step(statement), SQLITE_DONE, sqlite3_sql(statement));
    sqlite3_reset(statement);
}

static int count_log_pages(void *context, sqlite3 *connection, const char *name, int pages) {
    (void)context, (void)connection, (void)name;
    log_pages = pages;
    return SQLITE_OK;
}

static void open_as_the_store_does(const char *path, int cache_kib) {
    char cache[64];
    snprintf(cache, sizeof cache, "PRAGMA cache_size = -%d", cache_kib);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    must(sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL), SQLITE_OK, "open");
    execute("PRAGMA locking_mode = EXCLUSIVE");
    execute("PRAGMA journal_mode = WAL");
    execute("PRAGMA synchronous = FULL");
    execute("PRAGMA foreign_keys = ON");
    execute("PRAGMA trusted_schema = OFF");
    execute("PRAGMA cell_size_check = ON");
    execute("PRAGMA temp_store = MEMORY");
    execute(cache);
    execute("PRAGMA wal_autocheckpoint = 0");
    execute("PRAGMA journal_size_limit = 67108864");
    sqlite3_wal_hook(database, count_log_pages, NULL);
}

static void checkpoint_if_log_exceeds(int pages) {
    int total = 0, copied = 0;
    if (log_pages <= pages) return;
    must(sqlite3_wal_checkpoint_v2(database, "main", SQLITE_CHECKPOINT_PASSIVE, &total, &copied), SQLITE_OK, "checkpoint");
    log_pages = 0;
}

static int64_t *fill(int tickets, int slots) {
    int64_t *ids = malloc(sizeof *ids * (size_t)tickets);
    execute("BEGIN IMMEDIATE");
    execute("INSERT INTO organizations (id, name, time_zone, created_at) VALUES (1, 'Ceiling', 'Etc/UTC', 0)");
    sqlite3_stmt *slot = prepare(
        "INSERT INTO reservation_slots (orq, date, start_time, end_time, total_capacity, created_at, updated_at)"
        " VALUES (?1, date('2040-01-01', ?2), ?3, '23:59:00', ?4, ?5, ?5)");
    for (int number = 0; number < slots; number++) {
        char day[32], start[32];
        snprintf(day, sizeof day, "+%d days", number / 50);
        snprintf(start, sizeof start, "%02d:%02d:00", number % 50 / 3, number % 50 % 3 * 20);
        bind_int(slot, 1, organization), bind_text(slot, 2, day), bind_text(slot, 3, start), bind_int(slot, 4, capacity);
        bind_int(slot, 5, now_seconds);
        run(slot);
    }
    sqlite3_stmt *ticket = prepare(
        "INSERT INTO tickets (id, ticket_code, orq, product_id, order_id, status, created_at, updated_at, activated_at)"
        " VALUES (?1, ?2, 1, 5, 456, 'ACTIVATED', ?3, ?3, ?3)");
    for (int number = 0; number < tickets; number++) {
        char code[32], random[16];
        ids[number] = (int64_t)(draw() >> 11 | 1);
        for (int place = 0; place < 12; place++) random[place] = "ABCDEFGHJKMNPQRSTVWXYZ23456789"[draw() % 30];
        snprintf(code, sizeof code, "TKT-2026-%.6s-%.6s", random, random + 6);
        bind_int(ticket, 1, ids[number]), bind_text(ticket, 2, code), bind_int(ticket, 3, now_seconds);
        run(ticket);
        // In pieces, so that the log does not hold all of them.
        if (number % 50000 == 49999) {
            execute("COMMIT");
            checkpoint_if_log_exceeds(0);
            execute("BEGIN IMMEDIATE");
        }
    }
    execute("COMMIT");
    checkpoint_if_log_exceeds(0);
    sqlite3_finalize(slot), sqlite3_finalize(ticket);
    return ids;
}

int main(int count, char **words) {
    if (count < 7) return fprintf(stderr, "usage: sqlite_ceiling DATABASE CREATES BATCH SLOTS REPLY_BYTES CACHE_KIB [TICKETS]\n"), 2;
    const int creates = atoi(words[2]), batch = atoi(words[3]), slots = atoi(words[4]), reply_bytes = atoi(words[5]);
    const int tickets = count > 7 ? atoi(words[7]) : creates;
    if (creates < 1 || batch < 1 || slots < 1 || tickets < creates) return fprintf(stderr, "sqlite_ceiling: numbers must be positive\n"), 2;
    now_seconds = time(NULL);
    open_as_the_store_does(words[1], atoi(words[6]));
    int64_t *ids = fill(tickets, slots);
    int *booked = calloc((size_t)slots + 1, sizeof *booked), *touched = calloc((size_t)slots + 1, sizeof *touched);
    // As EventTable packs them: kind, organisation, ticket (a random number of 53 bits), reservation, slot, previous slot.
    enum { events_per_row = 256, event_bytes = 15 };
    unsigned char packed[events_per_row * event_bytes] = {0};
    unsigned char *reply = calloc(1, (size_t)reply_bytes), key[16] = {0}, fingerprint[16] = {0};

    sqlite3_stmt *begin = prepare("BEGIN IMMEDIATE"), *commit = prepare("COMMIT");
    // STATEMENTS: each must be the store's, word for word.
    sqlite3_stmt *key_lookup = prepare("SELECT id, fingerprint, reply FROM idempotency_records WHERE role = ?1 AND orq = ?2 AND key = ?3");
    sqlite3_stmt *ticket = prepare(
        "SELECT id, ticket_code, orq, product_id, order_id, status, created_at, updated_at, valid_until FROM tickets WHERE id = ?1");
    sqlite3_stmt *reservation = prepare(
        "INSERT INTO ticket_reservations (ticket_id, slot_id, customer_email, customer_phone, reserved_at, orq, created_at, updated_at,"
        " language) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?5, ?5, ?7)");
    sqlite3_stmt *reserve = prepare(
        "UPDATE tickets SET status = 'RESERVED', customer_email = ?3, customer_phone = ?4, reserved_at = ?5, updated_at = ?5"
        " WHERE id = ?1 AND orq = ?2 AND status = 'ACTIVATED'");
    sqlite3_stmt *confirmation = prepare(
        "INSERT INTO outbox (reservation_id, due_at, created_at, queued_at, updated_at, request_id) VALUES (?1, ?2, ?2, ?2, ?2, ?3)");
    sqlite3_stmt *record = prepare(
        "INSERT INTO idempotency_records (role, orq, key, fingerprint, created_at, reply) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    sqlite3_stmt *counter = prepare(
        "UPDATE reservation_slots SET total_capacity = ?2, booked_count = ?3, status = ?4, updated_at = ?5 WHERE id = ?1");
    sqlite3_stmt *events = prepare("INSERT INTO events (last, first, at, body) VALUES (?1, ?2, ?3, ?4)");
    // END OF STATEMENTS

    double in_commits = 0;
    int commits = 0;
    const double started = seconds();
    for (int first = 0; first < creates; first += batch) {
        run(begin);
        const int end = first + batch < creates ? first + batch : creates;
        for (int number = first; number < end; number++) {
            char email[64];
            const int slot = number % slots + 1;
            const uint64_t time_part = __builtin_bswap64((uint64_t)now_seconds << 26 | (uint64_t)number), random_part = draw();
            snprintf(email, sizeof email, "guest%d@example.com", number);
            memcpy(key, &time_part, 8), memcpy(key + 8, &random_part, 8), memcpy(fingerprint, &random_part, 8);

            bind_int(key_lookup, 1, 2), bind_int(key_lookup, 2, organization), bind_blob(key_lookup, 3, key, 16);
            run(key_lookup);

            bind_int(ticket, 1, ids[number]);
            must(sqlite3_step(ticket), SQLITE_ROW, "read a ticket");
            sqlite3_column_text(ticket, 1), sqlite3_column_text(ticket, 5);
            sqlite3_reset(ticket);

            bind_int(reservation, 1, ids[number]), bind_int(reservation, 2, slot), bind_text(reservation, 3, email);
            bind_text(reservation, 4, "+12025550100"), bind_int(reservation, 5, now_seconds), bind_int(reservation, 6, organization);
            bind_text(reservation, 7, "en");
            run(reservation);
            const int64_t row = sqlite3_last_insert_rowid(database);

            bind_int(reserve, 1, ids[number]), bind_int(reserve, 2, organization), bind_text(reserve, 3, email);
            bind_text(reserve, 4, "+12025550100"), bind_int(reserve, 5, now_seconds);
            run(reserve);

            bind_int(confirmation, 1, row), bind_int(confirmation, 2, now_seconds);
            run(confirmation);

            bind_int(record, 1, 2), bind_int(record, 2, organization), bind_blob(record, 3, key, 16);
            bind_blob(record, 4, fingerprint, 16), bind_int(record, 5, now_seconds), bind_blob(record, 6, reply, reply_bytes);
            run(record);
            booked[slot]++, touched[slot] = 1;
        }
        for (int slot = 1; slot <= slots; slot++) {
            if (!touched[slot]) continue;
            touched[slot] = 0;
            bind_int(counter, 1, slot), bind_int(counter, 2, capacity), bind_int(counter, 3, booked[slot]);
            bind_text(counter, 4, "ACTIVE"), bind_int(counter, 5, now_seconds);
            run(counter);
        }
        for (int event = first; event < end; event += events_per_row) {
            const int last = event + events_per_row < end ? event + events_per_row : end;
            bind_int(events, 1, last), bind_int(events, 2, event + 1), bind_int(events, 3, now_seconds);
            bind_blob(events, 4, packed, (last - event) * event_bytes);
            run(events);
        }
        const double before = seconds();
        run(commit);
        in_commits += seconds() - before;
        commits++;
        checkpoint_if_log_exceeds(busy_checkpoint_pages);
    }
    const double took = seconds() - started;
    printf(
        "{\"creates\":%d,\"batch\":%d,\"slots\":%d,\"seconds\":%.6f,\"per_second\":%.0f,\"commits\":%d,\"commit_ms\":%.4f}\n",
        creates, batch, slots, took, creates / took, commits, in_commits / commits * 1000);
    return 0;
}
