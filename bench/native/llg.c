/* The native yardstick of the compute bench: one evaluation of

     t = gam (m x h + alpha m x (m x h)),   h = cx Dxx m + cy Dyy m + cz Dzz m + k (m.u) u + B

   on nx*ny*nz cells, second differences with the edge cells repeated outside.

     llg nx ny nz threads budget_ms [natural]    prints: best_ms median_ms checksum

   With "natural" the planes follow each other without padding, as one would write it first. */

#include "timing.h"

static const float cx = 1.5f, cy = 1.4f, cz = 1.3f;
static const float k = 0.7f, ux = 0.1f, uy = 0.2f, uz = 0.97f;
static const float bx = 0.01f, by = 0.02f, bz = -0.03f;
static const float gam = -0.9f, alpha = 0.05f;

static long nx, ny, nz;
static int threads;
/* Planes of the three components; a stride that is a power of two would put all of them into one set of the cache. */
static float *m[3], *t[3];
enum { PLANE_PAD = 1088 / sizeof(float) };

/* Where a row's neighbours are, counted from the cell itself; 0 at an edge. */
typedef struct {
  long back, front, below, above;
} Neighbours;

static inline float lap(const float *v, long left, long right, Neighbours n) {
  float two = 2 * *v;
  return cx * (v[left] + v[right] - two) + cy * (v[n.back] + v[n.front] - two) + cz * (v[n.below] + v[n.above] - two);
}

#define CELL(x, left, right)                                                                                \
  do {                                                                                                      \
    float a = mx[x], b = my[x], c = mz[x], s = k * (a * ux + b * uy + c * uz);                              \
    float hx = lap(mx + x, left, right, n) + ux * s + bx;                                                   \
    float hy = lap(my + x, left, right, n) + uy * s + by;                                                   \
    float hz = lap(mz + x, left, right, n) + uz * s + bz;                                                   \
    float px = b * hz - c * hy, py = c * hx - a * hz, pz = a * hy - b * hx;                                 \
    tx[x] = gam * (px + alpha * (b * pz - c * py));                                                         \
    ty[x] = gam * (py + alpha * (c * px - a * pz));                                                         \
    tz[x] = gam * (pz + alpha * (a * py - b * px));                                                         \
  } while (0)

/* Not inlined: within the caller gcc forgets `restrict` and vectorises nothing. */
__attribute__((noinline)) static void row(const float *restrict mx, const float *restrict my, const float *restrict mz,
                                          float *restrict tx, float *restrict ty, float *restrict tz, Neighbours n) {
  long last = nx - 1;
  CELL(0, 0, (last > 0));
  for (long x = 1; x < last; x++) CELL(x, -1, 1);
  if (last > 0) CELL(last, -1, 0);
}

static void evaluate(void) {
  long slice = nx * ny;
#pragma omp parallel for num_threads(threads) schedule(static)
  for (long r = 0; r < ny * nz; r++) {
    long y = r % ny, z = r / ny, o = r * nx;
    Neighbours n = {y > 0 ? -nx : 0, y < ny - 1 ? nx : 0, z > 0 ? -slice : 0, z < nz - 1 ? slice : 0};
    row(m[0] + o, m[1] + o, m[2] + o, t[0] + o, t[1] + o, t[2] + o, n);
  }
}

int main(int count, char **words) {
  if (count < 6) {
    fprintf(stderr, "usage: llg nx ny nz threads budget_ms [natural]\n");
    return 2;
  }
  nx = atol(words[1]), ny = atol(words[2]), nz = atol(words[3]), threads = atoi(words[4]);
  long cells = nx * ny * nz, plane = cells + (count > 6 ? 0 : PLANE_PAD);
  float *in = room(3 * plane * sizeof(float)), *out = room(3 * plane * sizeof(float));
  for (int c = 0; c < 3; c++) {
    m[c] = in + c * plane;
    t[c] = out + c * plane;
  }
  for (long i = 0; i < cells; i++) {
    double v[3];
    pattern(i, v);
    for (int c = 0; c < 3; c++) m[c][i] = v[c];
  }
  time_calls(evaluate, atof(words[5]));
  double sum = 0;
  for (int c = 0; c < 3; c++)
    for (long i = 0; i < cells; i++) sum += fabs(t[c][i]);
  printf("%.9g\n", sum / cells);
}
