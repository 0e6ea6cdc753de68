/* What the doorbell needs of its board. Here, src/bin/from_c.rs has it; on yours, the maker's SDK, lwIP and a TLS library. */
#ifndef BOARD_H
#define BOARD_H

#include <stddef.h>
#include <stdint.h>

#define BOARD_SLOTS 2

/* Whole seconds since the start, which never go back, and a sleep of so many seconds. */
uint64_t board_seconds(void);
void board_sleep(uint32_t seconds);

/* Prints a line, with a number in the middle unless it is negative. */
void board_print(const char *before, int64_t number, const char *after);

/* Resets the board, and does not return. */
void board_reset(void);

/* Reads all slots of flash, and erases and writes one. */
void board_flash_read(uint8_t *slots);
void board_flash_write(size_t slot, const uint8_t *record);

/* One connection at a time. board_connect and board_write return whether it worked. board_read returns how many bytes there
 * were, 0 at the end of the connection, or -1 if nothing came in time. */
int board_connect(uint16_t port);
int board_write(const uint8_t *bytes, size_t length);
int board_read(uint8_t *piece, size_t size);
void board_close(void);

#endif
