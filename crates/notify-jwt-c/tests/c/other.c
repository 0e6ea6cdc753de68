/* An image with two archives of Rust's. */
#include "notify_jwt.h"

#include <string.h>

uint32_t other_checksum(const unsigned char *bytes, size_t length);

int main(void) {
    struct notify_signer signer;
    char buffer[NOTIFY_BEARER_SIZE];
    const char *key = "61b71411-84f6-4e6b-9685-aa9ad893177c-d679f498-29a1-4484-970c-48681a543137";
    if (notify_signer_init(&signer, key, strlen(key)) != NOTIFY_OK ||
        notify_signer_bearer(&signer, 1795430454, buffer, sizeof buffer) != NOTIFY_OK) {
        return 1;
    }
    return other_checksum((const unsigned char *)buffer, strlen(buffer)) == 0;
}
