/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rewriter of regular expressions (regexp/rewriter.js), put into the program as read-only data. */
    .section .rodata
    .global cleat_regexprewriter_begin
    .global cleat_regexprewriter_end
    .balign 16
cleat_regexprewriter_begin:
    .incbin CLEAT_REGEXPREWRITER
cleat_regexprewriter_end:
    .byte 0
    .section .note.GNU-stack,"",%progbits
