// Shows ThreadSanitizer what Swift's runtime does in two places where it is not instrumented and says nothing itself.
//
// A contended Mutex of the Synchronization module: taking and giving up a free one is compiled into the caller, where the sanitizer sees it.
// When somebody else holds it, the work is done by functions of libswiftSynchronization.so: the lock is passed on by an instruction, or by
// the kernel (FUTEX_LOCK_PI), that the sanitizer does not see, and every value in a contended Mutex looks like a race.
//
// A continuation that is resumed before its task waits for it: the runtime tells the sanitizer when a task is handed to a thread, and here
// none is handed over. The value that the continuation brings looks like a race.
//
// These functions stand before those (LD_PRELOAD) and tell it what they do. Nothing is suppressed: races stay visible everywhere.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

// Weak, since programs without the sanitizer are started as well: the package manager itself.
extern void __tsan_acquire(void *address) __attribute__((weak));
extern void __tsan_release(void *address) __attribute__((weak));

// Methods of Synchronization._MutexHandle by their mangled names; self is passed in the context register.
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"
#define METHOD __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *mutex

METHOD void lock_slowly(uint32_t thread, SELF) __asm__(LOCK);
METHOD bool try_lock_slowly(SELF) __asm__(TRY_LOCK);
METHOD void unlock_slowly(SELF) __asm__(UNLOCK);

static void *original(const char *name) {
    void *function = dlsym(RTLD_NEXT, name);
    // Another release of Swift may name them otherwise; then this file has to follow.
    if (function == NULL) abort();
    return function;
}

METHOD void lock_slowly(uint32_t thread, SELF) {
    METHOD void (*function)(uint32_t, SELF) = original(LOCK);
    function(thread, mutex);
    if (__tsan_acquire) __tsan_acquire(mutex);
}

METHOD bool try_lock_slowly(SELF) {
    METHOD bool (*function)(SELF) = original(TRY_LOCK);
    bool taken = function(mutex);
    if (taken && __tsan_acquire) __tsan_acquire(mutex);
    return taken;
}

METHOD void unlock_slowly(SELF) {
    METHOD void (*function)(SELF) = original(UNLOCK);
    if (__tsan_release) __tsan_release(mutex);
    function(mutex);
}

// A continuation's functions; what resuming and waiting have in common is the task.
#define CALL __attribute__((swiftcall))
#define WAIT __attribute__((swiftasynccall))

extern CALL void *swift_task_getCurrent(void) __attribute__((weak));

CALL void swift_continuation_resume(void *task) {
    CALL void (*function)(void *) = original(__func__);
    if (__tsan_release) __tsan_release(task);
    function(task);
}

CALL void swift_continuation_throwingResume(void *task) {
    CALL void (*function)(void *) = original(__func__);
    if (__tsan_release) __tsan_release(task);
    function(task);
}

CALL void swift_continuation_throwingResumeWithError(void *task, void *error) {
    CALL void (*function)(void *, void *) = original(__func__);
    if (__tsan_release) __tsan_release(task);
    function(task, error);
}

// Resumed between this acquiring and the runtime's own look, some hundred instructions, a task's value still looks like a race.
WAIT void swift_continuation_await(void *context) {
    WAIT void (*function)(void *) = original(__func__);
    if (__tsan_acquire && swift_task_getCurrent) __tsan_acquire(swift_task_getCurrent());
    __attribute__((musttail)) return function(context);
}
