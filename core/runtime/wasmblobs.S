/* SPDX-License-Identifier: GPL-3.0-or-later */
/* WebAssembly modules of the runtime's own, put into the program as read-only data. */
    .section .rodata
    .global cleat_htmlrewriter_begin
    .global cleat_htmlrewriter_end
    .balign 16
cleat_htmlrewriter_begin:
    .incbin CLEAT_HTMLREWRITER_WASM
cleat_htmlrewriter_end:
    .byte 0
    .section .note.GNU-stack,"",%progbits
