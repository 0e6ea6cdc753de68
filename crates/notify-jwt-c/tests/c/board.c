/* Firmware in C, for the boards that QEMU emulates: reads lines of an API key, a time and a text, with tabs between, from the
 * debugger's file, as the programs of examples/firmware do, and prints the header value of each. It has no libc and no start-up
 * code but its own.
 *
 * With BASELINE it does the same without a token: what else an image consists of. */
#include "notify_jwt.h"

/* The host, through Arm's semihosting. */

enum { HOST_OPEN = 0x01, HOST_WRITE = 0x05, HOST_READ = 0x06, HOST_EXIT = 0x20 };

static uintptr_t host_call(uintptr_t operation, const uintptr_t *arguments) {
#if defined(__arm__)
    register uintptr_t r0 __asm__("r0") = operation;
    register const uintptr_t *r1 __asm__("r1") = arguments;
    __asm__ volatile("bkpt #0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
#elif defined(__riscv)
    register uintptr_t a0 __asm__("a0") = operation;
    register const uintptr_t *a1 __asm__("a1") = arguments;
    __asm__ volatile(".option push\n.option norvc\n.balign 16\n"
                     "slli x0, x0, 0x1f\nebreak\nsrai x0, x0, 7\n.option pop"
                     : "+r"(a0)
                     : "r"(a1)
                     : "memory");
    return a0;
#endif
}

static uintptr_t host_open(const char *name, uintptr_t length, uintptr_t mode) {
    uintptr_t arguments[3] = {(uintptr_t)name, mode, length};
    return host_call(HOST_OPEN, arguments);
}

static void host_exit(uintptr_t code) {
    uintptr_t arguments[2] = {0x20026, code};
    for (;;) {
        host_call(HOST_EXIT, arguments);
    }
}

static uintptr_t host_console;
static uintptr_t host_input;

/* Reads up to a tab or a line's end, and returns the length, or -1 after the last line. */
__attribute__((noinline)) static int host_field(char *text, int room) {
    int length = 0;
    for (;;) {
        char byte;
        uintptr_t arguments[3] = {host_input, (uintptr_t)&byte, 1};
        if (host_call(HOST_READ, arguments) != 0 || length == room) {
            return -1;
        }
        if (byte == '\t' || byte == '\n') {
            return length;
        }
        text[length++] = byte;
    }
}

__attribute__((noinline)) static void host_print(const char *text) {
    uintptr_t length = 0;
    while (text[length] != '\0') {
        length++;
    }
    uintptr_t arguments[3] = {host_console, (uintptr_t)text, length};
    host_call(HOST_WRITE, arguments);
}

/* What is tested, each in a function of its own, so that it can be counted. */

#ifndef BASELINE
__attribute__((noinline, noclone)) static notify_status prepare(struct notify_signer *signer, const char *key, size_t length) {
    notify_status status = notify_signer_init(signer, key, length);
#ifdef LEAK
    volatile struct notify_signer copy;
    for (int at = 0; at < 24; at++) {
        copy.opaque[at] = signer->opaque[at];
    }
    (void)copy.opaque[0];
#endif
    return status;
}

__attribute__((noinline, noclone)) static notify_status bearer(const struct notify_signer *signer,
                                                               uint64_t unix_seconds, char *buffer) {
    return notify_signer_bearer(signer, unix_seconds, buffer, NOTIFY_BEARER_SIZE);
}

#ifdef FIND_LEAKS
extern char stack_limit;

/* Whether the stack below this function contains eight bytes in a row of the signer: a copy that nobody wipes. */
__attribute__((noinline)) static int host_leaked(const struct notify_signer *signer) {
    const volatile uint32_t *words = (const volatile uint32_t *)signer;
    const volatile uint32_t *low = (const volatile uint32_t *)&stack_limit;
    const volatile uint32_t *high = (const volatile uint32_t *)__builtin_frame_address(0) - 32;
    for (int at = 0; at + 1 < 42; at++) {
        for (const volatile uint32_t *place = low; place + 1 < high; place++) {
            if (words[at] != 0 && place[0] == words[at] && place[1] == words[at + 1]) {
                return 1;
            }
        }
    }
    return 0;
}
#endif
#endif

static char key[256];
static char seconds[32];
static char text[256];
#ifndef BASELINE
static struct notify_signer signer;
static char header[NOTIFY_BEARER_SIZE];
#endif

int main(void) {
    host_input = host_open("input.txt", 9, 1);
    host_console = host_open(":tt", 3, 4);
    for (;;) {
        int key_length = host_field(key, sizeof key);
        int digits = host_field(seconds, sizeof seconds);
        if (key_length < 0 || digits < 0 || host_field(text, sizeof text) < 0) {
            return 0;
        }
        uint64_t unix_seconds = 0;
        for (int at = 0; at < digits; at++) {
            unix_seconds = unix_seconds * 10 + (uint64_t)(seconds[at] - '0');
        }
#ifdef BASELINE
        if (unix_seconds != 0) {
            host_print(key);
        }
#else
        if (prepare(&signer, key, (size_t)key_length) != NOTIFY_OK) {
            return 1;
        }
#ifdef FIND_LEAKS
        if (host_leaked(&signer)) {
            return 2;
        }
#endif
        if (bearer(&signer, unix_seconds, header) != NOTIFY_OK || notify_signer_wipe(&signer) != NOTIFY_OK) {
            return 3;
        }
        host_print(header);
#endif
        host_print("\n");
    }
}

/* Start-up: there is no data to copy. */

extern char stack_top;
extern char bss_start;
extern char bss_end;

__attribute__((used, noreturn)) static void host_start(void) {
    for (volatile char *byte = &bss_start; byte != &bss_end; byte++) {
        *byte = 0;
    }
    host_exit((uintptr_t)main());
    for (;;) {
    }
}

#if defined(__arm__)
__attribute__((section(".vectors"), used)) static const void *const vectors[] = {&stack_top, (const void *)host_start};
#elif defined(__riscv)
__asm__(".section .vectors,\"ax\"\n.globl _start\n_start:\nla sp, stack_top\nj host_start\n");
#endif
