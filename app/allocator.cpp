// SPDX-License-Identifier: GPL-3.0-or-later
// The program takes its memory with jemalloc (https://jemalloc.net): requests are made on one thread and let go on another all the time, which glibc's malloc is slow at.
// jemalloc reads this name when it is loaded; see "TUNING" in its manual. Pages that nobody uses go back to the system after ten seconds, by a thread of its own, so that a program that
// rests is small.

extern "C" {
extern const char *malloc_conf;
__attribute__((visibility("default"))) const char *malloc_conf = "background_thread:true,dirty_decay_ms:10000,muzzy_decay_ms:0";
}
