/* deflate_bytes.c - bytes into a deflate stream (RFC 1951) at the speed of copying: runs of zeros as matches in blocks of
 * fixed codes, everything else in stored blocks. Not here: compression (result_pack.c).
 */
#include "deflate_bytes.h"

#include <stdint.h>
#include <string.h>

/* A run costs two changes of block, about nine bytes; shorter ones are stored. */
enum { SHORTEST_RUN = 32 };
enum { LONGEST_STORED = 65535, STORED_HEADER = 5 };

typedef struct bit_output {
    unsigned char *next;
    uint64_t bits; /* not yet written, the first lowest */
    unsigned count;
} bit_output;

static void put_bits(bit_output *out, uint32_t bits, unsigned count)
{
    out->bits |= (uint64_t)bits << out->count;
    out->count += count;
    while (out->count >= 8) {
        *out->next++ = (unsigned char)out->bits;
        out->bits >>= 8;
        out->count -= 8;
    }
}

/* Huffman codes go out from their highest bit. */
static void put_code(bit_output *out, uint32_t code, unsigned count)
{
    uint32_t turned = 0;
    for (unsigned i = 0; i < count; i++) {
        turned |= (code >> i & 1u) << (count - 1 - i);
    }
    put_bits(out, turned, count);
}

/* A repetition of the byte before, 3 to 258 times: the code of the length, its extra bits, distance 1 (RFC 1951, 3.2.5,
 * 3.2.6). */
static void put_repetition(bit_output *out, uint32_t length)
{
    enum { CODES = 29, DISTANCE_BITS = 5 };
    static const uint16_t base[CODES] = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                         31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
    uint32_t code = CODES - 1;
    while (base[code] > length) {
        code--;
    }
    if (code < 23) {
        put_code(out, code + 1, 7);
    } else {
        put_code(out, 0xC0 + (code - 23), 8);
    }
    const unsigned extra = code < 8 || code == CODES - 1 ? 0 : code / 4 - 1;
    put_bits(out, length - base[code], extra);
    put_bits(out, 0, DISTANCE_BITS);
}

static void put_zeros(bit_output *out, size_t count)
{
    enum { LONGEST = 258, SHORTEST = 3, FIXED_CODES = 1, LITERAL_ZERO = 0x30, LITERAL_BITS = 8, END_BITS = 7 };
    put_bits(out, FIXED_CODES << 1, 3);
    put_code(out, LITERAL_ZERO, LITERAL_BITS);
    count--;
    while (count >= SHORTEST) {
        const size_t length = count < LONGEST ? count : LONGEST;
        put_repetition(out, (uint32_t)length);
        count -= length;
    }
    for (; count > 0; count--) {
        put_code(out, LITERAL_ZERO, LITERAL_BITS);
    }
    put_bits(out, 0, END_BITS);
}

/* One stored block, perhaps of nothing: it begins with whatever bits are left to the next whole byte. */
static void put_stored(bit_output *out, const unsigned char *bytes, size_t count)
{
    put_bits(out, 0, 3);
    put_bits(out, 0, (8 - out->count) % 8);
    put_bits(out, (uint32_t)count, 16);
    put_bits(out, ~(uint32_t)count & 0xFFFF, 16);
    memcpy(out->next, bytes, count);
    out->next += count;
}

static size_t zeros_at(const unsigned char *bytes, size_t count)
{
    size_t zeros = 0;
    uint64_t eight = 0;
    while (zeros + sizeof eight <= count && eight == 0) {
        memcpy(&eight, bytes + zeros, sizeof eight);
        zeros += eight == 0 ? sizeof eight : 0;
    }
    while (zeros < count && bytes[zeros] == 0) {
        zeros++;
    }
    return zeros;
}

/* How many bytes come before the next run of zeros that is worth a block. */
static size_t before_run(const unsigned char *bytes, size_t count)
{
    size_t at = 0;
    while (at < count) {
        const unsigned char *const zero = memchr(bytes + at, 0, count - at);
        if (zero == NULL) {
            return count;
        }
        at = (size_t)(zero - bytes);
        const size_t zeros = zeros_at(zero, count - at);
        if (zeros >= SHORTEST_RUN) {
            return at;
        }
        at += zeros;
    }
    return count;
}

size_t deflate_bytes(const unsigned char *bytes, size_t count, unsigned char *out)
{
    bit_output to = {out, 0, 0};
    for (size_t at = 0; at < count;) {
        const size_t zeros = zeros_at(bytes + at, count - at);
        if (zeros >= SHORTEST_RUN) {
            put_zeros(&to, zeros);
            at += zeros;
        }
        const size_t other = before_run(bytes + at, count - at);
        const size_t length = other < LONGEST_STORED ? other : LONGEST_STORED;
        put_stored(&to, bytes + at, length);
        at += length;
    }
    return (size_t)(to.next - out);
}

size_t deflate_bytes_bound(size_t count)
{
    /* Every change of blocks saves more than it costs; what is left are the headers of one long row of stored blocks. */
    return count + STORED_HEADER * (count / LONGEST_STORED + 2);
}

/* Of a sample of what is not zero: pairs of equal bytes, which uniform ones are in 1 of 255 pairs. Four times as many are
 * a matter of speed against a little room, and still more are worth a compressor's time (docs/file_format.md#compression).
 */
bool deflate_looks_random(const unsigned char *bytes, size_t count)
{
    enum { SAMPLE = 4096, VALUES = 256, MOST_PAIRS = 4 };
    const size_t step = count > SAMPLE ? count / SAMPLE : 1;
    uint32_t found[VALUES] = {0};
    uint64_t sample = 0, pairs = 0;
    for (size_t i = 0; i < count; i += step) {
        found[bytes[i]]++;
    }
    for (int i = 1; i < VALUES; i++) {
        pairs += (uint64_t)found[i] * (found[i] - (found[i] > 0));
        sample += found[i];
    }
    return sample < 2 || pairs * (VALUES - 1) < MOST_PAIRS * sample * (sample - 1);
}
