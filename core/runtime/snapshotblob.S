/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The startup snapshot and the code that it was made of, put into the program as read-only data. */
    .section .rodata
    .global cleat_snapshot_begin
    .global cleat_snapshot_end
    .balign 16
cleat_snapshot_begin:
    .incbin CLEAT_SNAPSHOT
cleat_snapshot_end:
    .byte 0
    .global cleat_runtimecode_begin
    .global cleat_runtimecode_end
    .balign 16
cleat_runtimecode_begin:
    .incbin CLEAT_RUNTIMECODE
cleat_runtimecode_end:
    .byte 0
    .section .note.GNU-stack,"",%progbits
