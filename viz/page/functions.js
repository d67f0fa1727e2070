// Functions of gates that JavaScript's `Math` does not have: those of `autograd_core.special`, too.
// A page gets those that its circuit needs; the program that writes it puts in ZETA and BERNOULLI.

function power(x, y) {
  return x === 1 || x === -1 && Math.abs(y) === Infinity ? 1 : Math.pow(x, y);
}

function power_limit(x, y) {
  return x === 0 && y < 0 ? Infinity : power(x, y);
}

function times(x, y) {
  return y === 0 ? 0 : x * y;
}

function difference(x, y) {
  return x === y ? 0 : x - y;
}

function sech(x) {
  return 2 * Math.exp(-Math.abs(x)) / (1 + Math.exp(-2 * Math.abs(x)));
}

function sech2(x) {
  const e = Math.exp(-2 * Math.abs(x));
  return 4 * e / (1 + e * (2 + e));
}

function sigmoid(x) {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}

function logsumexp(...values) {
  const largest = Math.max(...values);
  if (!Number.isFinite(largest)) return largest;
  const place = values.indexOf(largest);
  const others = values.filter((_, position) => position !== place);
  return largest + Math.log1p(others.reduce((sum, x) => sum + Math.exp(x - largest), 0));
}

function productError(x, y, product) {
  const upper = (z) => { const shifted = 134217729 * z; return shifted - (shifted - z); };
  const [ux, uy] = [upper(x), upper(y)];
  const [lx, ly] = [x - ux, y - uy];
  return ((ux * uy - product + ux * ly) + lx * uy) + lx * ly;
}

function gaussian(x, rate) {
  const square = x * x, size = rate * square;
  if (size > 800) return 0;
  if (square > 1e200) return Math.exp(-size);
  const lost = productError(rate, square, size) + rate * productError(x, x, square);
  return Math.exp(-size) * (1 - lost);
}

function erf(x) {
  if (Math.abs(x) >= 0.5) return Math.sign(x) * (1 - erfc(Math.abs(x)));
  let term = x, sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n += 1) {
    term *= 2 * x * x / (2 * n + 1);
    sum += term;
  }
  return 2 / Math.sqrt(Math.PI) * gaussian(x, 1) * sum;
}
function erfc(x) {
  if (Number.isNaN(x)) return x;
  if (x < 0.5) return 1 - erf(x);
  if (x > 28) return 0;
  // trapezoidal sum with step h; its error is exp(-(pi/h)^2) and a pole's part (Hunter, Regan 1972)
  const h = 0.4;
  const steps = Array.from({ length: 20 }, (_, n) => (n + 0.5) * h);
  const sum = steps.reduce((total, t) => total + gaussian(t, 1) / (t * t + x * x), 0);
  const pole = x < 6 ? 2 / (1 + Math.exp(2 * Math.PI * x / h)) : 0;
  return 2 * h * x / Math.PI * gaussian(x, 1) * sum + pole;
}

function normal_cdf(x) {
  if (Math.abs(x) > 40) return x > 0 ? 1 : 0;
  const root = Math.SQRT1_2, argument = x * root;
  const lost = productError(x, root, argument) - x * 4.833646656726457e-17;
  const slope = 1.1283791670955126 * Math.exp(-argument * argument);
  return 0.5 * (erfc(-argument) + slope * lost);
}

function direction(x, y) {
  if (x === 0) return Number.isNaN(y) ? y : x;
  if (Math.abs(x) === Math.abs(y)) return Math.sign(x) * Math.SQRT1_2;
  if (Math.abs(x) < Math.abs(y)) {
    const ratio = x / Math.abs(y);
    return ratio / Math.sqrt(1 + ratio * ratio);
  }
  const ratio = y / x;
  return Math.sign(x) / Math.sqrt(1 + ratio * ratio);
}

function lgamma(x) {
  const zeta = ZETA;
  const bernoulli = BERNOULLI;
  if (x <= -0.5) {
    const nearest = x - Math.floor(x + 0.5);
    return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * nearest) * x)) - lgamma(-x);
  }
  if (x > 12) {
    if (x === Infinity) return x;
    const terms = bernoulli.map((b, k) => b / ((2 * k + 2) * (2 * k + 1)));
    const correction = terms.reduceRight((sum, term) => sum / x / x + term, 0);
    return (x - 0.5) * (Math.log(x) - 1) + (0.4189385332046727 + correction / x);
  }
  let factor = 1;
  while (x > 2.5) { x -= 1; factor *= x; }
  const z = x >= 1.25 ? x - 2 : x >= 0.5 ? x - 1 : x;
  let series = 0;
  for (let k = zeta.length - 1; k > 0; k -= 1) series = zeta[k] / (k + 1) - z * series;
  let result = z * (zeta[0] + z * series);
  if (x < 1.25) result -= Math.log1p(z);
  if (x < 0.5) result -= Math.log(Math.abs(x));
  return result + Math.log(factor);
}

function polygamma(order, x) {
  const bernoulli = BERNOULLI;
  if (!(order >= 0 && order <= 170 && order === Math.floor(order))) return NaN;
  if (x === -Infinity || x <= 0 && x === Math.floor(x)) return NaN;
  const sign = order % 2 === 0 ? -1 : 1;
  if (x < -10) {
    const angle = Math.PI * (x - Math.floor(x + 0.5));
    let coefficients = [0, 1];
    for (let n = 0; n < order; n += 1) {
      const slopes = coefficients.map((each, place) => place * each).slice(1);
      coefficients = new Array(slopes.length + 2).fill(0);
      slopes.forEach((each, place) => {
        coefficients[place] -= Math.PI * each;
        coefficients[place + 2] -= Math.PI * each;
      });
    }
    const cotangent = Math.cos(angle) / Math.sin(angle);
    const slope = coefficients.reduceRight((sum, each) => sum * cotangent + each, 0);
    return -Math.PI * slope - sign * polygamma(order, 1 - x);
  }
  if (x === Infinity) return order === 0 ? Infinity : 0;
  const terms = [], start = x;
  let factorial = 1;
  for (let count = 2; count <= order; count += 1) factorial *= count;
  while (x < 10 + order) {
    let term = factorial / x;
    for (let n = 0; n < order; n += 1) term /= x;
    terms.push(sign * term);
    x = start + terms.length;
  }
  let scale = sign * factorial;
  for (let n = 0; n < order; n += 1) scale /= x;
  terms.push(order === 0 ? Math.log(x) : scale / order, 0.5 * scale / x);
  let rising = order ? scale / order : scale;
  bernoulli.forEach((b, place) => {
    const k = 2 * place + 2;
    const before = place || order ? order + k - 2 : 1;
    rising = rising / x / x * (order + k - 1) * before / (k * (k - 1));
    terms.push(b * rising);
  });
  let total = 0, lost = 0;
  for (const term of terms) {
    const larger = total + term;
    if (Math.abs(larger) === Infinity) return larger;
    lost += Math.abs(total) >= Math.abs(term) ? total - larger + term : term - larger + total;
    total = larger;
  }
  return total + lost;
}
