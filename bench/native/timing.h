#ifndef TIMING_H
#define TIMING_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

/* What both yardsticks share: memory, the field they start from, and how they are timed. */

/* Zeroed memory, on large pages where the system gives them. Arrays begin at different places of a page: a load waits
   for a store to the same place of another one. */
static void *room(size_t bytes) {
  enum { HUGE_PAGE = 2 << 20, APART = 2112 };
  static int before = 0;
  size_t offset = before++ % 16 * APART, whole = (bytes + offset + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
  char *memory = aligned_alloc(HUGE_PAGE, whole);
  if (!memory) {
    fprintf(stderr, "no memory for %zu bytes\n", bytes);
    exit(1);
  }
  madvise(memory, whole, MADV_HUGEPAGE);
  memset(memory, 0, whole);
  return memory + offset;
}

/* The unit vector every contestant starts from in cell i. */
static void pattern(long i, double v[3]) {
  double x = sin(i * 0.01), y = cos(i * 0.013), z = sin(i * 0.007) + 0.3, n = 1 / sqrt(x * x + y * y + z * z);
  v[0] = x * n;
  v[1] = y * n;
  v[2] = z * n;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static int ascending(const void *a, const void *b) {
  double d = *(const double *)a - *(const double *)b;
  return (d > 0) - (d < 0);
}

/* Calls `evaluate` for about `budget` milliseconds and prints the best and the median time of one call [ms].
   A sample is as many calls as take half a millisecond: the clock costs nothing then. */
static void time_calls(void (*evaluate)(void), double budget) {
  enum { MOST = 1 << 14, FEWEST = 3 };
  static double samples[MOST];
  int count = 0;
  long calls = 1;
  for (double began = now(); count < FEWEST || (count < MOST && now() - began < budget);) {
    double start = now();
    for (long i = 0; i < calls; i++) evaluate();
    double span = now() - start;
    if (span < 0.5) calls *= 2;
    else samples[count++] = span / calls;
  }
  qsort(samples, count, sizeof *samples, ascending);
  printf("%.6f %.6f ", samples[0], samples[count / 2]);
}

#endif
