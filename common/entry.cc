// Where a program of ours starts: a landing place for the loader's indirect jump, then the C library's own start-up,
// whose first instruction is none in Debian 12. Linked into programs only, by signet_program().
#if defined(__x86_64__) && defined(__CET__)
asm(R"(
    .section .text.signet_entry, "ax", @progbits
    .globl signet_entry
    .hidden signet_entry
    .type signet_entry, @function
signet_entry:
    .cfi_startproc
    .cfi_undefined rip
    endbr64
    jmp _start
    .cfi_endproc
    .size signet_entry, . - signet_entry
    .text
)");
#endif
