/* plain_gsl.c - the reference work W1 as a plain program on the GNU Scientific Library: what one writes in an
 * afternoon.
 *
 * Every submunition gets its place and then fails or not. mt19937, gsl_ran_beta, gsl_ran_bivariate_gaussian, lists of
 * the cells that were touched, OpenMP over realisations. Same statistics as the engine's `analog`: per cell mean and
 * variance of the count and P(at least one). Not here: anything of uxosim; this program is what it is measured against.
 */
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <omp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* W1, see bench/README.md. */
enum { CARRIERS = 4, SUBMUNITIONS = 100, BLOCKS = 10 };
static const double PATTERN_ALONG_M = 120.0, PATTERN_ACROSS_M = 60.0, SPREAD_M = 50.0;
static const double FAILED = 12.0, FUNCTIONED = 88.0;

typedef struct strike {
    double x_m, y_m, heading_deg, heading_sd_deg;
} strike;

typedef struct setup {
    long realisations;
    int threads;
    unsigned long seed;
    const char *output;
    double xmin_m, ymin_m, cell_m;
    size_t side;
    bool
        fail_first; /* ask first whether it failed, place only what did: the cheap trick that the plain program lacks */
    strike *strikes;
    size_t strike_count;
} setup;

/* Sums over realisations. Block sums give the agreement check of bench/run.py its variances. */
typedef struct tally {
    double *sum, *squares, *hits;             /* [cells] */
    double block_sum[3][BLOCKS * BLOCKS];     /* of duds, of duds in cells that had one, of pairs */
    double block_squares[3][BLOCKS * BLOCKS]; /* their squares over realisations */
    double duds;
} tally;

/* One thread's scratch: counts of the realisation at hand and the cells that have any. */
typedef struct scratch {
    uint32_t *count;
    uint32_t *touched;
    size_t touched_count;
    gsl_rng *random;
} scratch;

static void *allocate(size_t count, size_t size)
{
    void *const memory = calloc(count, size);
    if (memory == NULL) {
        fprintf(stderr, "plain_gsl: out of memory\n");
        exit(1);
    }
    return memory;
}

static void read_strikes(const char *path, setup *self)
{
    FILE *const file = fopen(path, "r");
    char line[512];
    size_t capacity = 0;
    if (file == NULL || fgets(line, sizeof line, file) == NULL) {
        fprintf(stderr, "plain_gsl: cannot read %s\n", path);
        exit(1);
    }
    while (fgets(line, sizeof line, file) != NULL) {
        if (self->strike_count == capacity) {
            capacity = capacity == 0 ? 128 : 2 * capacity;
            self->strikes = realloc(self->strikes, capacity * sizeof *self->strikes);
        }
        strike *const s = &self->strikes[self->strike_count];
        if (sscanf(line, "%*[^,],%lf,%lf,%lf,%lf", &s->x_m, &s->y_m, &s->heading_deg, &s->heading_sd_deg) == 4) {
            self->strike_count++;
        }
    }
    fclose(file);
}

static void place(const setup *self, scratch *mine, double x_m, double y_m)
{
    const double column = floor((x_m - self->xmin_m) / self->cell_m);
    const double row = floor((y_m - self->ymin_m) / self->cell_m);
    if (column < 0.0 || row < 0.0 || column >= (double)self->side || row >= (double)self->side) {
        return;
    }
    /* Row 0 is north, as in the engine's maps. */
    const size_t cell = (self->side - 1 - (size_t)row) * self->side + (size_t)column;
    if (mine->count[cell]++ == 0) {
        mine->touched[mine->touched_count++] = (uint32_t)cell;
    }
}

static void realise_carrier(const setup *self, scratch *mine, const strike *s, double sine, double cosine, double rate)
{
    const double x_m = s->x_m + gsl_ran_gaussian(mine->random, SPREAD_M);
    const double y_m = s->y_m + gsl_ran_gaussian(mine->random, SPREAD_M);
    for (int i = 0; i < SUBMUNITIONS; i++) {
        double along, across;
        if (self->fail_first && gsl_rng_uniform(mine->random) >= rate) {
            continue;
        }
        gsl_ran_bivariate_gaussian(mine->random, PATTERN_ALONG_M, PATTERN_ACROSS_M, 0.0, &along, &across);
        if (self->fail_first || gsl_rng_uniform(mine->random) < rate) {
            place(self, mine, x_m + along * sine + across * cosine, y_m + along * cosine - across * sine);
        }
    }
}

static void realise(const setup *self, scratch *mine)
{
    for (size_t i = 0; i < self->strike_count; i++) {
        const strike *const s = &self->strikes[i];
        const double heading = (s->heading_deg + gsl_ran_gaussian(mine->random, s->heading_sd_deg)) * M_PI / 180.0;
        const double rate = gsl_ran_beta(mine->random, FAILED, FUNCTIONED);
        const double sine = sin(heading), cosine = cos(heading);
        for (int j = 0; j < CARRIERS; j++) {
            realise_carrier(self, mine, s, sine, cosine, rate);
        }
    }
}

static void add_realisation(const setup *self, scratch *mine, tally *total)
{
    double block[3][BLOCKS * BLOCKS];
    memset(block, 0, sizeof block);
    for (size_t i = 0; i < mine->touched_count; i++) {
        const size_t cell = mine->touched[i];
        const double count = mine->count[cell];
        const size_t at = cell / self->side * BLOCKS / self->side * BLOCKS + cell % self->side * BLOCKS / self->side;
        mine->count[cell] = 0;
        total->sum[cell] += count;
        total->squares[cell] += count * count;
        total->hits[cell] += 1.0;
        total->duds += count;
        block[0][at] += count;
        block[1][at] += count - 1.0;
        block[2][at] += count * (count - 1.0);
    }
    mine->touched_count = 0;
    for (int k = 0; k < 3; k++) {
        for (int i = 0; i < BLOCKS * BLOCKS; i++) {
            total->block_sum[k][i] += block[k][i];
            total->block_squares[k][i] += block[k][i] * block[k][i];
        }
    }
}

static tally make_tally(size_t cells)
{
    tally self;
    memset(&self, 0, sizeof self);
    self.sum = allocate(cells, sizeof *self.sum);
    self.squares = allocate(cells, sizeof *self.squares);
    self.hits = allocate(cells, sizeof *self.hits);
    return self;
}

static void merge(tally *into, const tally *from, size_t cells)
{
    for (size_t i = 0; i < cells; i++) {
        into->sum[i] += from->sum[i];
        into->squares[i] += from->squares[i];
        into->hits[i] += from->hits[i];
    }
    for (int k = 0; k < 3; k++) {
        for (int i = 0; i < BLOCKS * BLOCKS; i++) {
            into->block_sum[k][i] += from->block_sum[k][i];
            into->block_squares[k][i] += from->block_squares[k][i];
        }
    }
    into->duds += from->duds;
}

static void simulate(const setup *self, tally *total)
{
    const size_t cells = self->side * self->side;
#pragma omp parallel num_threads(self->threads)
    {
        scratch mine = {.count = allocate(cells, sizeof(uint32_t)), .touched = allocate(cells, sizeof(uint32_t))};
        tally part = omp_get_thread_num() == 0 ? *total : make_tally(cells);
        mine.random = gsl_rng_alloc(gsl_rng_mt19937);
        gsl_rng_set(mine.random, self->seed + (unsigned long)omp_get_thread_num());
#pragma omp for schedule(static)
        for (long r = 0; r < self->realisations; r++) {
            realise(self, &mine);
            add_realisation(self, &mine, &part);
        }
        if (omp_get_thread_num() == 0) {
            *total = part;
        }
#pragma omp barrier
        if (omp_get_thread_num() != 0) {
#pragma omp critical
            merge(total, &part, cells);
        }
        gsl_rng_free(mine.random);
        free(mine.count);
        free(mine.touched);
    }
}

static void write_doubles(const setup *self, const char *name, const double *values, size_t count)
{
    char path[4096];
    snprintf(path, sizeof path, "%s_%s.f64", self->output, name);
    FILE *const file = fopen(path, "wb");
    if (file == NULL || fwrite(values, sizeof *values, count, file) != count || fclose(file) != 0) {
        fprintf(stderr, "plain_gsl: cannot write %s\n", path);
        exit(1);
    }
}

static void write_maps(const setup *self, tally *total)
{
    const double n = (double)self->realisations;
    const size_t cells = self->side * self->side;
    for (size_t i = 0; i < cells; i++) {
        total->sum[i] /= n;
        total->squares[i] = (total->squares[i] - n * total->sum[i] * total->sum[i]) / (n - 1.0);
        total->hits[i] /= n;
    }
    for (int i = 0; i < 3 * BLOCKS * BLOCKS; i++) {
        double *const mean = &total->block_sum[0][0] + i;
        double *const variance = &total->block_squares[0][0] + i;
        *mean /= n;
        *variance = (*variance - n * *mean * *mean) / (n - 1.0);
    }
    write_doubles(self, "mean", total->sum, cells);
    write_doubles(self, "variance", total->squares, cells);
    write_doubles(self, "probability", total->hits, cells);
    write_doubles(self, "block_mean", &total->block_sum[0][0], 3 * BLOCKS * BLOCKS);
    write_doubles(self, "block_variance", &total->block_squares[0][0], 3 * BLOCKS * BLOCKS);
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int main(int argc, char **argv)
{
    if (argc < 10 || argc > 11) {
        fprintf(stderr,
                "plain_gsl REALISATIONS THREADS SEED STRIKES.csv OUTPUT-PREFIX XMIN_M YMIN_M SIDE CELL_M [fail-first]\n"
                "  the list has the columns id, x_m, y_m, heading_deg, heading_sd_deg first; SIDE: cells along each "
                "side\n");
        return 64;
    }
    const double started = seconds_now();
    setup self = {.realisations = atol(argv[1]), .threads = atoi(argv[2]), .seed = strtoul(argv[3], NULL, 10)};
    self.output = argv[5];
    self.xmin_m = atof(argv[6]);
    self.ymin_m = atof(argv[7]);
    self.side = (size_t)atol(argv[8]);
    self.cell_m = atof(argv[9]);
    self.fail_first = argc == 11 && strcmp(argv[10], "fail-first") == 0;
    read_strikes(argv[4], &self);
    tally total = make_tally(self.side * self.side);
    simulate(&self, &total);
    const double simulated = seconds_now() - started;
    write_maps(&self, &total);
    const double seconds = seconds_now() - started;
    const double placed = (double)self.realisations * (double)self.strike_count * CARRIERS * SUBMUNITIONS;
    fprintf(stderr, "plain_gsl: %.4g million submunitions a second\n", placed / seconds / 1e6);
    printf("{\"program\": \"plain_gsl%s\", \"realisations\": %ld, \"threads\": %d, \"strikes\": %zu, \"submunitions\": "
           "%.0f, "
           "\"duds_per_realisation\": %.6g, \"simulation_seconds\": %.6f, \"seconds\": %.6f, "
           "\"submunitions_per_second\": %.6g}\n",
           self.fail_first ? "_fail_first" : "", self.realisations, self.threads, self.strike_count, placed,
           total.duds / (double)self.realisations, simulated, seconds, placed / seconds);
    return 0;
}
