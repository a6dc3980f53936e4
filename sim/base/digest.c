/* digest.c - SHA-256 (FIPS 180-4) by libcrypto's EVP interface, as hexadecimal text. */
#include "uxosim/digest.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

struct uxo_digest {
    EVP_MD_CTX *context;
    bool good;
};

static bool finish(EVP_MD_CTX *context, char hex[UXO_DIGEST_SIZE])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    if (EVP_DigestFinal_ex(context, digest, &length) != 1 || length != (UXO_DIGEST_SIZE - 1) / 2) {
        return false;
    }
    for (unsigned i = 0; i < length; i++) {
        snprintf(hex + (size_t)2 * i, 3, "%02x", digest[i]);
    }
    return true;
}

bool uxo_digest_bytes(const void *bytes, size_t length, char hex[UXO_DIGEST_SIZE])
{
    EVP_MD_CTX *const context = EVP_MD_CTX_new();
    hex[0] = '\0';
    const bool good = context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1 &&
                      EVP_DigestUpdate(context, bytes, length) == 1 && finish(context, hex);
    EVP_MD_CTX_free(context);
    return good;
}

/* Up to `most` bytes of the file. */
static bool add_file(EVP_MD_CTX *context, FILE *file, uint64_t most, uint64_t *bytes)
{
    unsigned char buffer[1 << 16];
    *bytes = 0;
    while (*bytes < most) {
        const size_t wanted = most - *bytes < sizeof buffer ? (size_t)(most - *bytes) : sizeof buffer;
        const size_t count = fread(buffer, 1, wanted, file);
        *bytes += count;
        if (count == 0 || EVP_DigestUpdate(context, buffer, count) != 1) {
            break;
        }
    }
    return ferror(file) == 0;
}

static bool digest_file(const char *path, uint64_t most, uint64_t *bytes, char hex[UXO_DIGEST_SIZE])
{
    hex[0] = '\0';
    *bytes = 0;
    FILE *const file = fopen(path, "rb");
    if (file == NULL) {
        return false;
    }
    EVP_MD_CTX *const context = EVP_MD_CTX_new();
    const bool good = context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1 &&
                      add_file(context, file, most, bytes) && finish(context, hex);
    EVP_MD_CTX_free(context);
    fclose(file);
    return good;
}

bool uxo_digest_file(const char *path, uint64_t *bytes, char hex[UXO_DIGEST_SIZE])
{
    return digest_file(path, UINT64_MAX, bytes, hex);
}

bool uxo_digest_file_part(const char *path, uint64_t length, char hex[UXO_DIGEST_SIZE])
{
    uint64_t bytes;
    return digest_file(path, length, &bytes, hex) && bytes == length;
}

static int64_t nanoseconds(struct timespec time)
{
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

bool uxo_file_stamp_of(const char *path, uxo_file_stamp *out)
{
    struct stat status;
    if (stat(path, &status) != 0) {
        return false;
    }
    *out = (uxo_file_stamp){.device = (uint64_t)status.st_dev,
                            .inode = (uint64_t)status.st_ino,
                            .bytes = (uint64_t)status.st_size,
                            .written_ns = nanoseconds(status.st_mtim),
                            .changed_ns = nanoseconds(status.st_ctim)};
    return true;
}

bool uxo_file_stamp_same(const uxo_file_stamp *a, const uxo_file_stamp *b)
{
    return a->device == b->device && a->inode == b->inode && a->bytes == b->bytes && a->written_ns == b->written_ns &&
           a->changed_ns == b->changed_ns;
}

uxo_digest *uxo_digest_begin(void)
{
    uxo_digest *const self = calloc(1, sizeof *self);
    if (self != NULL) {
        self->context = EVP_MD_CTX_new();
        self->good = self->context != NULL && EVP_DigestInit_ex(self->context, EVP_sha256(), NULL) == 1;
    }
    return self;
}

void uxo_digest_add(uxo_digest *self, const void *bytes, size_t length)
{
    self->good = self->good && EVP_DigestUpdate(self->context, bytes, length) == 1;
}

bool uxo_digest_end(uxo_digest *self, char hex[UXO_DIGEST_SIZE])
{
    hex[0] = '\0';
    const bool good = self->good && finish(self->context, hex);
    EVP_MD_CTX_free(self->context);
    free(self);
    return good;
}
