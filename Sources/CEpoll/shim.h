#pragma once
#include <sys/epoll.h>
#include <sys/prctl.h>

// prctl is variadic, which Swift cannot call. Without it a sleep of this thread may last 50 microseconds too long.
static inline int reservation_bench_wake_on_time(void) { return prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL); }
