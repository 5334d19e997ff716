#pragma once
#include <sys/prctl.h>
#include <sys/uio.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-id128.h>
#include <systemd/sd-journal.h>

/// `prctl` is variadic, which Swift does not import. Names the calling thread, at most 15 bytes, for `top -H` and debuggers.
static inline void reservation_name_thread(const char *name) { prctl(PR_SET_NAME, name); }
