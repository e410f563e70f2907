/* The convolution of convolution.c as one writes it first with FFTW: the padded array lies in memory whole, and plans for
   several transforms at once leave out the rows that are zero before they are transformed, or not wanted afterwards.

     convolution-by-plan nx ny nz threads budget_ms [wisdom file]    prints: best_ms median_ms checksum */

#include <fftw3.h>
#include <omp.h>

#include "timing.h"

static long nx, ny, nz, X, Y, Z, H, per, parts;
static int threads, steps;
static float *m, *h, *tensor;
static fftwf_complex *spectrum;
static fftwf_plan forward[3], back[3];

static void evaluate(void) {
  float *padded = (float *)spectrum;
  long row = 2 * H, cells = nx * ny * nz;
#pragma omp parallel for num_threads(threads)
  for (long i = 0; i < 3 * Z * Y; i++) {
    long c = i / (Z * Y), z = i / Y % Z, y = i % Y;
    float *to = padded + c * 2 * per + (z * Y + y) * row;
    long filled = y < ny && z < nz ? nx : 0;
    if (filled) memcpy(to, m + c * cells + (z * ny + y) * nx, nx * sizeof(float));
    memset(to + filled, 0, (row - filled) * sizeof(float));
  }
  for (int i = 0; i < steps; i++) fftwf_execute(forward[i]);
#pragma omp parallel for num_threads(threads)
  for (long r = 0; r < Y * Z; r++)
    for (long i = r * H; i < (r + 1) * H; i++) {
      const float *k = tensor + i;
      for (int p = 0; p < 2; p++) {
        float a = spectrum[i][p], b = spectrum[i + per][p], c = spectrum[i + 2 * per][p];
        float xz = parts > 4 ? k[4 * per] : 0, yz = parts > 4 ? k[5 * per] : 0;
        spectrum[i][p] = k[0] * a + k[3 * per] * b + xz * c;
        spectrum[i + per][p] = k[3 * per] * a + k[per] * b + yz * c;
        spectrum[i + 2 * per][p] = xz * a + yz * b + k[2 * per] * c;
      }
    }
  for (int i = steps - 1; i >= 0; i--) fftwf_execute(back[i]);
#pragma omp parallel for num_threads(threads)
  for (long i = 0; i < 3 * nz * ny; i++) {
    long c = i / (nz * ny), z = i / ny % nz, y = i % ny;
    memcpy(h + c * cells + (z * ny + y) * nx, padded + c * 2 * per + (z * Y + y) * row, nx * sizeof(float));
  }
}

/* One axis: rows of `length` values `stride` apart, for all of `over`. */
static void plan_axis(int axis, long length, long stride, const fftwf_iodim *over, int dimensions) {
  fftwf_iodim along = {length, stride, stride};
  forward[axis] = fftwf_plan_guru_dft(1, &along, dimensions, over, spectrum, spectrum, FFTW_FORWARD, FFTW_MEASURE);
  back[axis] = fftwf_plan_guru_dft(1, &along, dimensions, over, spectrum, spectrum, FFTW_BACKWARD, FFTW_MEASURE);
}

static void make_plans(void) {
  fftwf_iodim along = {X, 1, 1};
  fftwf_iodim rows[3] = {{3, 2 * per, per}, {nz, Y * 2 * H, Y * H}, {ny, 2 * H, H}};
  fftwf_iodim rows_back[3] = {{3, per, 2 * per}, {nz, Y * H, Y * 2 * H}, {ny, H, 2 * H}};
  forward[0] = fftwf_plan_guru_dft_r2c(1, &along, 3, rows, (float *)spectrum, spectrum, FFTW_MEASURE);
  back[0] = fftwf_plan_guru_dft_c2r(1, &along, 3, rows_back, spectrum, (float *)spectrum, FFTW_MEASURE);
  fftwf_iodim columns[3] = {{3, per, per}, {nz, Y * H, Y * H}, {H, 1, 1}};
  plan_axis(1, Y, H, columns, 3);
  steps = 2;
  if (Z == 1) return;
  fftwf_iodim depths[2] = {{3, per, per}, {Y * H, 1, 1}};
  plan_axis(2, Z, Y * H, depths, 2);
  steps = 3;
}

/* The tensor of convolution.c: d d^T / (1 + d.d) with d the sines of the frequencies along padded axes. */
static void fill_tensor(void) {
  for (long z = 0; z < Z; z++)
    for (long y = 0; y < Y; y++)
      for (long x = 0; x < H; x++) {
        double turn = 2 * acos(-1);
        double a = sin(turn * x / X), b = sin(turn * y / Y), c = Z > 1 ? sin(turn * z / Z) : 0;
        double f = 1 / ((1 + a * a + b * b + c * c) * (double)(X * Y * Z));
        double part[6] = {a * a * f, b * b * f, c * c * f, a * b * f, a * c * f, b * c * f};
        for (long p = 0; p < parts; p++) tensor[p * per + (z * Y + y) * H + x] = part[p];
      }
}

int main(int count, char **words) {
  if (count < 6) {
    fprintf(stderr, "usage: convolution-by-plan nx ny nz threads budget_ms [wisdom file]\n");
    return 2;
  }
  nx = atol(words[1]), ny = atol(words[2]), nz = atol(words[3]), threads = atoi(words[4]);
  X = 2 * nx, Y = 2 * ny, Z = nz > 1 ? 2 * nz : 1, H = nx + 1, per = Z * Y * H, parts = nz > 1 ? 6 : 4;
  long cells = nx * ny * nz;
  m = room(3 * cells * sizeof(float)), h = room(3 * cells * sizeof(float));
  spectrum = room(3 * per * sizeof(fftwf_complex)), tensor = room(parts * per * sizeof(float));
  fftwf_init_threads();
  fftwf_plan_with_nthreads(threads);
  if (count > 6) fftwf_import_wisdom_from_filename(words[6]);
  make_plans();
  if (count > 6) fftwf_export_wisdom_to_filename(words[6]);
  fill_tensor();
  for (long i = 0; i < cells; i++) {
    double v[3];
    pattern(i, v);
    for (int c = 0; c < 3; c++) m[c * cells + i] = v[c];
  }
  time_calls(evaluate, atof(words[5]));
  double sum = 0;
  for (long i = 0; i < 3 * cells; i++) sum += fabs(h[i]);
  printf("%.9g\n", sum / cells);
}
