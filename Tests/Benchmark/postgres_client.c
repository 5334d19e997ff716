// The card's transaction (section 5) against PostgreSQL, as fast as a client can ask for it: many connections on one thread, prepared
// statements, the next one sent as soon as an answer is there.
//
// usage: postgres_client CONNECTION statements|function CONNECTIONS CREATES SLOTS
//   Tickets 1 to CREATES and slots 1 to SLOTS must be there (postgres/fill.sql). Prints JSON.
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { most_connections = 256, most_steps = 8 };

struct step {
    const char *name, *sql;
    // Which of ticket, slot, e-mail and phone are its parameters, in this order.
    const char *parameters;
    ExecStatusType expected;
};

static const struct step statements[] = {
    {"s_begin", "BEGIN", "", PGRES_COMMAND_OK},
    {"s_slot",
     "SELECT id, date, start_time, end_time, total_capacity, booked_count, status, orq FROM reservation_slots"
     " WHERE id = $1::integer FOR UPDATE",
     "s", PGRES_TUPLES_OK},
    {"s_ticket", "SELECT id, ticket_code, status, orq FROM tickets WHERE id = $1::integer FOR UPDATE", "t", PGRES_TUPLES_OK},
    {"s_existing", "SELECT id FROM ticket_reservations WHERE ticket_id = $1::integer AND status = 'RESERVED'", "t", PGRES_TUPLES_OK},
    {"s_insert",
     "INSERT INTO ticket_reservations (ticket_id, slot_id, customer_email, customer_phone, reserved_at, status, orq)"
     " VALUES ($1::integer, $2::integer, $3, $4, now(), 'RESERVED', 1) RETURNING id",
     "tsep", PGRES_TUPLES_OK},
    {"s_reserve",
     "UPDATE tickets SET status = 'RESERVED', reserved_at = now(), customer_email = $2, customer_phone = $3 WHERE id = $1::integer", "tep",
     PGRES_COMMAND_OK},
    {"s_count", "UPDATE reservation_slots SET booked_count = booked_count + 1 WHERE id = $1::integer", "s", PGRES_COMMAND_OK},
    {"s_commit", "COMMIT", "", PGRES_COMMAND_OK},
};
static const struct step function[] = {
    {"f_create", "SELECT create_reservation($1::integer, $2::integer, $3, $4)", "tsep", PGRES_TUPLES_OK},
};

struct connection {
    PGconn *handle;
    int step, number, busy;
    double began;
};

static const struct step *steps;
static int step_count, creates, slots, next_number, answered;
static double *latencies;

static double seconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void fail(const struct connection *connection, const char *action) {
    fprintf(stderr, "postgres_client: could not %s: %s\n", action, PQerrorMessage(connection->handle));
    exit(1);
}

static void send_step(struct connection *connection) {
    const struct step *step = &steps[connection->step];
    char ticket[16], slot[16], email[48];
    const char *values[4];
    int count = 0;
    snprintf(ticket, sizeof ticket, "%d", connection->number + 1);
    snprintf(slot, sizeof slot, "%d", connection->number % slots + 1);
    snprintf(email, sizeof email, "guest%d@example.com", connection->number);
    for (const char *kind = step->parameters; *kind; kind++)
        values[count++] = *kind == 't' ? ticket : *kind == 's' ? slot : *kind == 'e' ? email : "+12025550100";
    if (!PQsendQueryPrepared(connection->handle, step->name, count, values, NULL, NULL, 0)) fail(connection, step->name);
    PQflush(connection->handle);
}

static void begin_next(struct connection *connection) {
    connection->busy = next_number < creates;
    if (!connection->busy) return;
    connection->number = next_number++;
    connection->step = 0;
    connection->began = seconds();
    send_step(connection);
}

// What the card's server would check in each answer: that there is a row where one must be, and none where there must not.
static void check(const struct connection *connection, PGresult *result) {
    const struct step *step = &steps[connection->step];
    if (PQresultStatus(result) != step->expected) fail(connection, step->name);
    if (step->expected != PGRES_TUPLES_OK) return;
    if ((strcmp(step->name, "s_existing") == 0) != (PQntuples(result) == 0)) fail(connection, step->name);
    if (strcmp(step->name, "s_slot") == 0 && atoi(PQgetvalue(result, 0, 5)) >= atoi(PQgetvalue(result, 0, 4)))
        fail(connection, "find room");
    if (strcmp(step->name, "f_create") == 0 && atoi(PQgetvalue(result, 0, 0)) == 0) fail(connection, "create by the function");
}

static void receive(struct connection *connection) {
    PGresult *result;
    if (!PQconsumeInput(connection->handle)) fail(connection, "read");
    while (connection->busy && !PQisBusy(connection->handle)) {
        if ((result = PQgetResult(connection->handle))) {
            check(connection, result);
            PQclear(result);
        } else if (++connection->step < step_count) {
            send_step(connection);
        } else {
            latencies[answered++] = seconds() - connection->began;
            begin_next(connection);
        }
    }
}

static int ascending(const void *left, const void *right) {
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

int main(int count, char **words) {
    static struct connection connections[most_connections];
    static struct pollfd ready[most_connections];
    if (count != 6) return fprintf(stderr, "usage: postgres_client CONNECTION statements|function CONNECTIONS CREATES SLOTS\n"), 2;
    const int is_function = strcmp(words[2], "function") == 0, connection_count = atoi(words[3]);
    steps = is_function ? function : statements;
    step_count = is_function ? 1 : most_steps;
    creates = atoi(words[4]), slots = atoi(words[5]);
    if (connection_count < 1 || connection_count > most_connections || creates < 1 || slots < 1) return 2;
    latencies = malloc(sizeof *latencies * (size_t)creates);
    for (int index = 0; index < connection_count; index++) {
        struct connection *connection = &connections[index];
        connection->handle = PQconnectdb(words[1]);
        if (PQstatus(connection->handle) != CONNECTION_OK) fail(connection, "connect");
        for (int step = 0; step < step_count; step++) {
            PGresult *result = PQprepare(connection->handle, steps[step].name, steps[step].sql, 0, NULL);
            if (PQresultStatus(result) != PGRES_COMMAND_OK) fail(connection, steps[step].name);
            PQclear(result);
        }
        ready[index] = (struct pollfd){.fd = PQsocket(connection->handle), .events = POLLIN};
    }
    const double started = seconds();
    for (int index = 0; index < connection_count; index++) begin_next(&connections[index]);
    while (answered < creates) {
        if (poll(ready, (nfds_t)connection_count, -1) < 0) return perror("poll"), 1;
        for (int index = 0; index < connection_count; index++)
            if (ready[index].revents) receive(&connections[index]);
    }
    const double took = seconds() - started;
    qsort(latencies, (size_t)creates, sizeof *latencies, ascending);
    printf(
        "{\"creates\":%d,\"seconds\":%.6f,\"per_second\":%.0f,\"p50_ms\":%.3f,\"p99_ms\":%.3f}\n", creates, took, creates / took,
        latencies[creates / 2] * 1000, latencies[(int)(creates * 0.99)] * 1000);
    for (int index = 0; index < connection_count; index++) PQfinish(connections[index].handle);
    return 0;
}
