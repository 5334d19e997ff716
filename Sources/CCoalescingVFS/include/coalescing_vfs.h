#pragma once

/// A way to the operating system (<https://sqlite.org/vfs.html>) that coalesces the writes of a write-ahead log.
///
/// SQLite writes each frame of its log with two calls, 24 bytes and then the page, and a group of bookings makes a thousand frames. Here
/// they gather in memory and go out together before anything can depend on them: at the sync that ends a commit, and before anything
/// else that looks at the file. A write that fails is reported by the call that carried it out, which for a commit is its sync; SQLite
/// then treats the commit as failed, as it does for a write.
///
/// In the database's file it writes zeros in the unused middle of pages, where SQLite leaves copies of rows that were moved: so what
/// `secure_delete` erases is on no page that was written since. Every other file is the base's own, untouched.
///
/// For one connection with `locking_mode=EXCLUSIVE` set before WAL is entered: it offers no shared memory.
///
/// @param base the name of the way that carries the writes out; SQLite's default when null.
/// @return the name to open databases with; null when there is no such base or no memory. Valid until the process ends.
const char *coalescing_vfs_over(const char *base);
