/* The native yardstick of the compute bench: h = K * m with FFTW, open boundaries. The field is padded with zeros to
   2nx x 2ny x (nz > 1 ? 2nz : 1), the tensor is real and symmetric in Fourier space. With -DREAL=double and libfftw3 it
   computes in double precision.

     convolution nx ny nz threads budget_ms [wisdom file]    prints: best_ms median_ms checksum

   FFTW only ever transforms rows that hold something:

     rows     along x, two rows as the two parts of a complex one, stored transposed: all (y, z) of a kx lie together;
     planes   one kx at a time, within the cache: along y, along z, times the tensor, and back;
     rows     along x back, of which the first half is kept.

   Plans are for one thread, the loops around them for all. FFTW's own threads, its real transforms, transforms in place
   and plans of the whole array were tried, and were not faster on the grids of the bench. */

#include <fftw3.h>
#include <omp.h>

#include "timing.h"

#ifndef REAL
#define REAL float
#endif
#define PASTE(a, b) a##b
#define WITH(a, b) PASTE(a, b)
#define FFTW_float(name) fftwf_##name
#define FFTW_double(name) fftw_##name
#define FFTW(name) WITH(FFTW_, REAL)(name)

typedef struct {
  REAL re, im;
} Complex;

enum {
  LINE = 64 / sizeof(Complex), /* numbers of a cache line: as many rows are transposed at a time */
  COLUMNS = 2 * LINE           /* columns that go through z and the tensor together */
};

static long nx, ny, nz, X, Y, Z, H; /* cells; padded; half spectrum in x */
static long xs, ys, yt, ps;         /* strides: row along x, row along y stored and transformed, stored plane */
static long parts;                  /* of the tensor: xx yy zz xy, and xz yz where there is a z */
static int threads;
static REAL *m, *h;    /* [3][nz][ny][nx] */
static Complex *store; /* [kx][3][nz][ys] */
static REAL *tensor;   /* [kx][block of ky][kz][parts][COLUMNS] */
static FFTW(plan) x_forward, x_back, y_forward, y_back, z_forward, z_back;

/* What each thread works in. */
typedef struct {
  Complex *rows;    /* [LINE / 2][xs], the padding stays zero */
  Complex *spectra; /* [LINE / 2][xs] */
  Complex *back;    /* the same on the way back */
  Complex *columns; /* [3][nz][yt], the padding stays zero */
  Complex *plane;   /* the same, transformed */
  Complex *result;  /* and transformed back */
  Complex *block;   /* [3][Z][COLUMNS] */
} Scratch;
static Scratch *scratch;

static long round_up(long n, long to) { return (n + to - 1) / to * to; }

static FFTW(complex) *fftw(Complex *data) { return (FFTW(complex) *)data; }

/* The last row stands in for those after it, which nobody reads. */
static long row_or_last(long y) { return y < ny ? y : ny - 1; }

static void rows_forward(const Scratch *s, long c, long z, long y) {
  const REAL *from = m + (c * nz + z) * ny * nx;
  for (long i = 0; i < LINE / 2; i++) {
    const REAL *even = from + row_or_last(y + 2 * i) * nx, *odd = from + row_or_last(y + 2 * i + 1) * nx;
    Complex *to = s->rows + i * xs;
    for (long x = 0; x < nx; x++) to[x] = (Complex){even[x], odd[x]};
  }
  FFTW(execute_dft)(x_forward, fftw(s->rows), fftw(s->spectra));
  Complex *to = store + (c * nz + z) * ys + y;
  for (long x = 0; x < H; x++, to += ps)
    for (long i = 0; i < LINE / 2; i++) {
      Complex p = s->spectra[i * xs + x], q = s->spectra[i * xs + (x > 0 ? X - x : 0)];
      to[2 * i] = (Complex){p.re + q.re, p.im - q.im};
      to[2 * i + 1] = (Complex){p.im + q.im, q.re - p.re};
    }
}

static void rows_back(const Scratch *s, long c, long z, long y) {
  const Complex *from = store + (c * nz + z) * ys + y;
  for (long x = 0; x < H; x++, from += ps)
    for (long i = 0; i < LINE / 2; i++) {
      Complex p = from[2 * i], q = from[2 * i + 1];
      s->spectra[i * xs + (x > 0 ? X - x : 0)] = (Complex){p.re + q.im, q.re - p.im};
      s->spectra[i * xs + x] = (Complex){p.re - q.im, q.re + p.im};
    }
  FFTW(execute_dft)(x_back, fftw(s->spectra), fftw(s->back));
  for (long i = 0; i < LINE / 2; i++) {
    const Complex *row = s->back + i * xs;
    REAL *even = h + ((c * nz + z) * ny + y + 2 * i) * nx, *odd = even + nx;
    if (y + 2 * i < ny)
      for (long x = 0; x < nx; x++) even[x] = row[x].re;
    if (y + 2 * i + 1 < ny)
      for (long x = 0; x < nx; x++) odd[x] = row[x].im;
  }
}

static void multiply2(Complex *restrict a, Complex *restrict b, Complex *restrict c, const REAL *restrict k) {
  const REAL *xx = k, *yy = k + COLUMNS, *zz = yy + COLUMNS, *xy = zz + COLUMNS;
  for (long i = 0; i < COLUMNS; i++) {
    Complex u = a[i], v = b[i], w = c[i];
    a[i] = (Complex){xx[i] * u.re + xy[i] * v.re, xx[i] * u.im + xy[i] * v.im};
    b[i] = (Complex){xy[i] * u.re + yy[i] * v.re, xy[i] * u.im + yy[i] * v.im};
    c[i] = (Complex){zz[i] * w.re, zz[i] * w.im};
  }
}

static void multiply3(Complex *restrict a, Complex *restrict b, Complex *restrict c, const REAL *restrict k) {
  const REAL *xx = k, *yy = k + COLUMNS, *zz = yy + COLUMNS, *xy = zz + COLUMNS, *xz = xy + COLUMNS, *yz = xz + COLUMNS;
  for (long i = 0; i < COLUMNS; i++) {
    Complex u = a[i], v = b[i], w = c[i];
    a[i] = (Complex){xx[i] * u.re + xy[i] * v.re + xz[i] * w.re, xx[i] * u.im + xy[i] * v.im + xz[i] * w.im};
    b[i] = (Complex){xy[i] * u.re + yy[i] * v.re + yz[i] * w.re, xy[i] * u.im + yy[i] * v.im + yz[i] * w.im};
    c[i] = (Complex){xz[i] * u.re + yz[i] * v.re + zz[i] * w.re, xz[i] * u.im + yz[i] * v.im + zz[i] * w.im};
  }
}

/* One plane, transformed along y: along z, times the tensor, and back. */
static void multiply(Complex *at, const REAL *k, Complex *block) {
  long component = nz * yt;
  for (long y = 0; y < Y; y += COLUMNS, at += COLUMNS) {
    if (Z == 1) {
      multiply2(at, at + component, at + 2 * component, k);
      k += parts * COLUMNS;
      continue;
    }
    enum { BYTES = COLUMNS * sizeof(Complex) };
    for (long c = 0; c < 3; c++) {
      for (long z = 0; z < nz; z++) memcpy(block + (c * Z + z) * COLUMNS, at + c * component + z * yt, BYTES);
      memset(block + (c * Z + nz) * COLUMNS, 0, (Z - nz) * BYTES);
    }
    FFTW(execute_dft)(z_forward, fftw(block), fftw(block));
    for (long z = 0; z < Z; z++, k += parts * COLUMNS) {
      Complex *b = block + z * COLUMNS;
      multiply3(b, b + Z * COLUMNS, b + 2 * Z * COLUMNS, k);
    }
    FFTW(execute_dft)(z_back, fftw(block), fftw(block));
    for (long c = 0; c < 3; c++)
      for (long z = 0; z < nz; z++) memcpy(at + c * component + z * yt, block + (c * Z + z) * COLUMNS, BYTES);
  }
}

static void plane(const Scratch *s, long x) {
  Complex *stored = store + x * ps;
  for (long r = 0; r < 3 * nz; r++) memcpy(s->columns + r * yt, stored + r * ys, ny * sizeof(Complex));
  FFTW(execute_dft)(y_forward, fftw(s->columns), fftw(s->plane));
  multiply(s->plane, tensor + x * round_up(Y, COLUMNS) * Z * parts, s->block);
  FFTW(execute_dft)(y_back, fftw(s->plane), fftw(s->result));
  for (long r = 0; r < 3 * nz; r++) memcpy(stored + r * ys, s->result + r * yt, ny * sizeof(Complex));
}

static void evaluate(void) {
  long blocks = (ny + LINE - 1) / LINE, all = 3 * nz * blocks;
#pragma omp parallel num_threads(threads)
  {
    const Scratch *s = scratch + omp_get_thread_num();
#pragma omp for schedule(static)
    for (long i = 0; i < all; i++) rows_forward(s, i / blocks / nz, i / blocks % nz, i % blocks * LINE);
#pragma omp for schedule(static)
    for (long x = 0; x < H; x++) plane(s, x);
#pragma omp for schedule(static)
    for (long i = 0; i < all; i++) rows_back(s, i / blocks / nz, i / blocks % nz, i % blocks * LINE);
  }
}

/* K(k) = d d^T / (1 + d.d) with d = sin(2 pi k / n) along each axis: it looks like a magnet's own field, is even in k,
   and anyone can write it down. The factor of the transforms is in it. */
static void fill_tensor(void) {
  long blocks = (Y + COLUMNS - 1) / COLUMNS;
  for (long x = 0; x < H; x++)
    for (long y = 0; y < Y; y++)
      for (long z = 0; z < Z; z++) {
        double a = sin(2 * M_PI * x / X), b = sin(2 * M_PI * y / Y), c = sin(2 * M_PI * z / Z);
        double f = 1 / (1 + a * a + b * b + c * c) / (2.0 * X * Y * Z);
        double part[6] = {a * a * f, b * b * f, c * c * f, a * b * f, a * c * f, b * c * f};
        REAL *k = tensor + ((x * blocks + y / COLUMNS) * Z + z) * parts * COLUMNS + y % COLUMNS;
        for (long p = 0; p < parts; p++) k[p * COLUMNS] = part[p];
      }
}

static FFTW(plan) plan_rows(int length, int rows, int stride, Complex *from, Complex *to, int sign) {
  return FFTW(plan_many_dft)(1, &length, rows, fftw(from), NULL, 1, stride, fftw(to), NULL, 1, stride, sign,
                             FFTW_PATIENT);
}

/* Planning runs on the arrays, and overwrites them. */
static void make_plans(void) {
  const Scratch *s = scratch;
  FFTW(complex) *b = fftw(s->block);
  x_forward = plan_rows(X, LINE / 2, xs, s->rows, s->spectra, FFTW_FORWARD);
  x_back = plan_rows(X, LINE / 2, xs, s->spectra, s->back, FFTW_BACKWARD);
  y_forward = plan_rows(Y, 3 * nz, yt, s->columns, s->plane, FFTW_FORWARD);
  y_back = plan_rows(Y, 3 * nz, yt, s->plane, s->result, FFTW_BACKWARD);
  if (Z == 1) return;
  FFTW(iodim) along = {Z, COLUMNS, COLUMNS};
  FFTW(iodim) over[2] = {{3, Z * COLUMNS, Z * COLUMNS}, {COLUMNS, 1, 1}};
  z_forward = FFTW(plan_guru_dft)(1, &along, 2, over, b, b, FFTW_FORWARD, FFTW_PATIENT);
  z_back = FFTW(plan_guru_dft)(1, &along, 2, over, b, b, FFTW_BACKWARD, FFTW_PATIENT);
}

int main(int count, char **words) {
  if (count < 6) {
    fprintf(stderr, "usage: convolution nx ny nz threads budget_ms [wisdom file]\n");
    return 2;
  }
  nx = atol(words[1]), ny = atol(words[2]), nz = atol(words[3]), threads = atoi(words[4]);
  X = 2 * nx, Y = 2 * ny, Z = nz > 1 ? 2 * nz : 1, H = nx + 1, parts = nz > 1 ? 6 : 4;
  xs = round_up(X, LINE) + LINE;
  ys = round_up(ny, LINE);
  yt = round_up(Y, COLUMNS) + LINE;
  ps = 3 * nz * ys + LINE;
  long cells = nx * ny * nz;
  m = room(3 * cells * sizeof(REAL)), h = room(3 * cells * sizeof(REAL));
  store = room(H * ps * sizeof(Complex));
  tensor = room(H * round_up(Y, COLUMNS) * Z * parts * sizeof(REAL));
  scratch = calloc(threads, sizeof *scratch);
  for (int i = 0; i < threads; i++) {
    scratch[i].rows = room(LINE / 2 * xs * sizeof(Complex));
    scratch[i].spectra = room(LINE / 2 * xs * sizeof(Complex));
    scratch[i].back = room(LINE / 2 * xs * sizeof(Complex));
    scratch[i].columns = room(3 * nz * yt * sizeof(Complex));
    scratch[i].plane = room(3 * nz * yt * sizeof(Complex));
    scratch[i].result = room(3 * nz * yt * sizeof(Complex));
    scratch[i].block = room(3 * Z * COLUMNS * sizeof(Complex));
  }
  const char *wisdom = count > 6 ? words[6] : NULL;
  if (wisdom) FFTW(import_wisdom_from_filename)(wisdom);
  make_plans();
  if (wisdom) FFTW(export_wisdom_to_filename)(wisdom);
  memset(scratch[0].rows, 0, LINE / 2 * xs * sizeof(Complex));
  memset(scratch[0].columns, 0, 3 * nz * yt * sizeof(Complex));
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
