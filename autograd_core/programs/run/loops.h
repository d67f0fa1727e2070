/* What loops.pyx needs of C itself: numbers that do not overlap, and functions without branches.

   Compilers turn loops over these into vector instructions, since no iteration waits for another
   and none takes another way. Arithmetic is strict IEEE-754: nothing is reordered. */

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef REAL real;

#if defined(_MSC_VER)
typedef real *__restrict target;
#define INLINE static __forceinline
#else
typedef real *restrict target;
#define INLINE static inline __attribute__((always_inline, unused))
#endif

/* 2^k for a whole number k from -1022 to 1023: k is rounded into the last bits of the sum, from
   where it is shifted into the exponent. */
INLINE double power_of_two(double k) {
    double shifted = k + (6755399441055744.0 + 1023.0); /* 1.5 2^52 */
    int64_t bits;
    memcpy(&bits, &shifted, 8);
    bits = (int64_t)((uint64_t)bits << 52);
    memcpy(&shifted, &bits, 8);
    return shifted;
}

INLINE double nearest(double x) {
    return (x + 6755399441055744.0) - 6755399441055744.0;
}

/* exp(x) = 2^k (1 + p) with |ln(1 + p)| <= ln 2 / 2; p to its last digits. The power comes as two
   factors, so that a result may be subnormal. */
typedef struct {
    double p, half, other;
} Exponential;

INLINE Exponential exponential(double x) {
    x = x < -746.0 ? -746.0 : x > 710.0 ? 710.0 : x;
    double k = nearest(x * 1.4426950408889634);
    double r = (x - k * 6.93147180369123816490e-01) - k * 1.90821492927058770002e-10;
    double q = 1.0 / 6227020800.0;
    q = q * r + 1.0 / 479001600.0;
    q = q * r + 1.0 / 39916800.0;
    q = q * r + 1.0 / 3628800.0;
    q = q * r + 1.0 / 362880.0;
    q = q * r + 1.0 / 40320.0;
    q = q * r + 1.0 / 5040.0;
    q = q * r + 1.0 / 720.0;
    q = q * r + 1.0 / 120.0;
    q = q * r + 1.0 / 24.0;
    q = q * r + 1.0 / 6.0;
    q = q * r + 0.5;
    double half = nearest(0.5 * k);
    Exponential found = {r + (r * r) * q, power_of_two(half), power_of_two(k - half)};
    return found;
}

INLINE double engine_exp(double x) {
    Exponential e = exponential(x);
    return (1.0 + e.p) * e.half * e.other;
}

INLINE double engine_expm1(double x) {
    Exponential e = exponential(x);
    double scale = e.half * e.other;
    double near_zero = scale * e.p + (scale - 1.0), large = (1.0 + e.p) * e.half * e.other;
    return x > 40.0 ? large : near_zero;
}

/* -t / (2 + t) with t = exp(-2|x|) - 1 */
INLINE double engine_tanh(double x) {
    double t = engine_expm1(-2.0 * fabs(x));
    return copysign(-t / (2.0 + t), x);
}

INLINE double sech(double x) {
    double e = engine_exp(-fabs(x));
    return 2.0 * e / (1.0 + e * e);
}

INLINE double sech2(double x) {
    double e = engine_exp(-2.0 * fabs(x));
    return 4.0 * e / ((1.0 + e) * (1.0 + e));
}

INLINE double sigmoid(double x) {
    double e = engine_exp(-fabs(x));
    return (x < 0.0 ? e : 1.0) / (1.0 + e);
}

INLINE double maximum(double x, double y) {
    return (x > y) | (x != x) ? x : y;
}

INLINE double minimum(double x, double y) {
    return (x < y) | (x != x) ? x : y;
}

INLINE double times(double x, double y) {
    return y == 0.0 ? 0.0 : x * y;
}

INLINE double difference(double x, double y) {
    return x == y ? 0.0 : x - y;
}

INLINE double one_minus_square(double x) {
    return (1.0 - x) * (1.0 + x);
}

/* Domains are asked first. */
INLINE double power(double x, double y) {
    return y == 2.0 ? x * x : pow(x, y);
}

INLINE double power_limit(double x, double y) {
    return x == 0.0 && y < 0.0 ? INFINITY : power(x, y);
}

/* The remainder with the sign of y, as Python has it. */
INLINE double modulo(double x, double y) {
    double left = fmod(x, y);
    return left != 0.0 && (left < 0.0) != (y < 0.0) ? left + y : left;
}

INLINE void add_row(target sum, const real *x, ptrdiff_t n) {
    for (ptrdiff_t i = 0; i < n; i++) sum[i] += x[i];
}

INLINE void add_product(target sum, const real *x, const real *y, ptrdiff_t n) {
    for (ptrdiff_t i = 0; i < n; i++) sum[i] += x[i] * y[i];
}

/* Sums over lanes: as many partial sums as a vector has numbers, which do not wait for each other. */
#if defined(__GNUC__)
#define WIDE ((ptrdiff_t)(32 / sizeof(real)))
typedef real vector __attribute__((vector_size(32), aligned(sizeof(real)), may_alias));
#else
#define WIDE 1
typedef real vector;
#endif
#define AT(x, i) (*(const vector *)((x) + (i)))

INLINE real added_up(vector parts) {
    real numbers[32 / sizeof(real)] = {0}, sum = 0;
    memcpy(numbers, &parts, sizeof parts);
    for (ptrdiff_t i = 0; i < WIDE; i++) sum += numbers[i];
    return sum;
}

INLINE real sum(const real *x, ptrdiff_t n) {
    vector a = {0}, b = {0};
    ptrdiff_t i = 0;
    for (; i + 2 * WIDE <= n; i += 2 * WIDE) a += AT(x, i), b += AT(x, i + WIDE);
    real rest = added_up(a + b);
    for (; i < n; i++) rest += x[i];
    return rest;
}

INLINE real dot(const real *x, const real *y, ptrdiff_t n) {
    vector a = {0}, b = {0};
    ptrdiff_t i = 0;
    for (; i + 2 * WIDE <= n; i += 2 * WIDE)
        a += AT(x, i) * AT(y, i), b += AT(x, i + WIDE) * AT(y, i + WIDE);
    real rest = added_up(a + b);
    for (; i < n; i++) rest += x[i] * y[i];
    return rest;
}

/* Rows of W X for some rows of W, and as many lanes as fit one or two vectors: sums stay in
   registers until they are complete. */
INLINE void product_tile(int n, int wide, real *out, const real *w, ptrdiff_t k,
                         const real *const *x, ptrdiff_t lanes, ptrdiff_t at) {
    vector sums[4][2] = {{{0}}};
    for (ptrdiff_t i = 0; i < k; i++) {
        vector left = AT(x[i], at), right = wide > 1 ? AT(x[i], at + WIDE) : left;
        for (int j = 0; j < n; j++) {
            sums[j][0] += w[j * k + i] * left;
            if (wide > 1) sums[j][1] += w[j * k + i] * right;
        }
    }
    for (int j = 0; j < n; j++)
        for (int part = 0; part < wide; part++)
            *(vector *)(out + j * lanes + at + part * WIDE) = sums[j][part];
}

/* The same for all lanes; the last tile begins so early that it is a whole one. */
INLINE void product_rows(int n, real *out, const real *w, ptrdiff_t k, const real *const *x,
                         ptrdiff_t lanes) {
    ptrdiff_t at = 0;
    if (lanes >= 2 * WIDE) {
        for (; at + 2 * WIDE < lanes; at += 2 * WIDE) product_tile(n, 2, out, w, k, x, lanes, at);
        product_tile(n, 2, out, w, k, x, lanes, lanes - 2 * WIDE);
        return;
    }
    for (; at + WIDE <= lanes; at += WIDE) product_tile(n, 1, out, w, k, x, lanes, at);
    for (int j = 0; j < n; j++)
        for (ptrdiff_t lane = at; lane < lanes; lane++) {
            real sum = 0;
            for (ptrdiff_t i = 0; i < k; i++) sum += w[j * k + i] * x[i][lane];
            out[j * lanes + lane] = sum;
        }
}

/* W X, for the rows of X; those of the result stand one behind the other. */
static void matrix_product(ptrdiff_t n, real *out, const real *w, ptrdiff_t k,
                           const real *const *x, ptrdiff_t lanes) {
    for (; n >= 4; n -= 4, out += 4 * lanes, w += 4 * k) product_rows(4, out, w, k, x, lanes);
    for (; n >= 2; n -= 2, out += 2 * lanes, w += 2 * k) product_rows(2, out, w, k, x, lanes);
    if (n) product_rows(1, out, w, k, x, lanes);
}

/* The dot products of some rows with some others, in parts; not the first are added. */
INLINE void dots_tile(int n, int k, int first, vector *sums, ptrdiff_t step, const real *const *u,
                      const real *const *v, ptrdiff_t lanes) {
    vector found[2][4] = {{{0}}};
    for (ptrdiff_t lane = 0; lane + WIDE <= lanes; lane += WIDE)
        for (int j = 0; j < n; j++)
            for (int i = 0; i < k; i++) found[j][i] += AT(u[j], lane) * AT(v[i], lane);
    for (int j = 0; j < n; j++)
        for (int i = 0; i < k; i++) {
            vector *sum = sums + j * step + i;
            if (!first) found[j][i] += *sum;
            *sum = found[j][i];
        }
}

/* U V^T for n rows and k in parts, two and four at a time, if it is the first; else it is added.
   Numbers of lanes that fill no vector go to the first part. */
static void add_outer_product(int first, vector *sums, ptrdiff_t n, ptrdiff_t k,
                              const real *const *u, const real *const *v, ptrdiff_t lanes) {
    for (ptrdiff_t j = 0; j < n; j += 2) {
        vector *at = sums + j * k;
        ptrdiff_t i = 0;
        for (; i + 4 <= k && j + 1 < n; i += 4)
            dots_tile(2, 4, first, at + i, k, u + j, v + i, lanes);
        for (; i + 4 <= k; i += 4) dots_tile(1, 4, first, at + i, k, u + j, v + i, lanes);
        for (; i < k && j + 1 < n; i++) dots_tile(2, 1, first, at + i, k, u + j, v + i, lanes);
        for (; i < k; i++) dots_tile(1, 1, first, at + i, k, u + j, v + i, lanes);
    }
    for (ptrdiff_t lane = lanes - lanes % WIDE; lane < lanes; lane++)
        for (ptrdiff_t j = 0; j < n; j++)
            for (ptrdiff_t i = 0; i < k; i++) *(real *)(sums + j * k + i) += u[j][lane] * v[i][lane];
}

/* Sums whose parts are added up. */
static void whole(target sums, const vector *parts, ptrdiff_t n) {
    const real *part = (const real *)parts;
    for (ptrdiff_t i = 0; i < n; i++) {
        sums[i] = part[i * WIDE];
        for (int lane = 1; lane < WIDE; lane++) sums[i] += part[i * WIDE + lane];
    }
}

/* Whether the processor has what modules named v3 are compiled for. */
static int has_v3(void) {
#if defined(__x86_64__) && defined(__GNUC__)
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
#else
    return 0;
#endif
}
