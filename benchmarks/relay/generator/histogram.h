/* How often which duration occurred, exact to under one percent, from a nanosecond to hours.
 *
 * The buckets are those of HdrHistogram: each power of two is cut into 128 equal parts. */
#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <stdint.h>

enum { PARTS_BITS = 7, PARTS = 1 << PARTS_BITS, BUCKETS = 40 * PARTS };

typedef struct {
    int64_t counts[BUCKETS];
    int64_t total;
    int64_t most;
} Histogram;

static inline int histogram_bucket(int64_t value) {
    if (value < PARTS) return value < 0 ? 0 : (int)value;
    int shift = 63 - __builtin_clzll((unsigned long long)value) - PARTS_BITS;
    int bucket = (shift + 1) * PARTS + (int)(value >> shift) - PARTS;
    return bucket < BUCKETS ? bucket : BUCKETS - 1;
}

static inline void histogram_add(Histogram *histogram, int64_t value) {
    histogram->counts[histogram_bucket(value)]++;
    histogram->total++;
    if (value > histogram->most) histogram->most = value;
}

/* The duration that this share of all (0.5, 0.99) did not exceed; 0 if there were none. */
static inline int64_t histogram_at(const Histogram *histogram, double share) {
    int64_t wanted = (int64_t)(share * (double)histogram->total + 0.5), seen = 0;
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
        seen += histogram->counts[bucket];
        if (seen >= wanted && seen > 0) {
            if (bucket < PARTS) return bucket;
            int shift = bucket / PARTS - 1;
            return (int64_t)(bucket % PARTS + PARTS) << shift;
        }
    }
    return 0;
}

#endif
