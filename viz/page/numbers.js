// Numbers as text, just as Python writes them in the pictures (`fixed` and `significant` of
// autograd_core/explain/notation.py), and text as numbers.

// Of two equally near numbers JavaScript takes the larger, Python the even one: 0.125 is 0.12.
// `exact` has the same number with all its digits.
function toEven(rounded, exact) {
  const kept = exact.slice(0, rounded.length);
  const isHalfway = /^\.?50*$/.test(exact.slice(rounded.length));
  return isHalfway && /[02468]$/.test(kept) ? kept : rounded;
}

function fixed(number, decimals) {
  return toEven(number.toFixed(decimals), number.toFixed(60));
}

function scientific(number, decimals) {
  const [rounded, exponent] = number.toExponential(decimals).split("e");
  const [exact, exactExponent] = number.toExponential(60).split("e");
  const mantissa = toEven(rounded, exact);
  const power = mantissa === rounded ? exponent : exactExponent;
  return `${mantissa}e${power[0]}${power.slice(1).padStart(2, "0")}`;
}

// In the picture: only zero looks like zero, and a million and more is written with an exponent.
function formatNumber(number, decimals) {
  if (!Number.isFinite(number)) return plain(number);
  if (number === 0) return (0).toFixed(decimals);
  const text = fixed(number, decimals);
  const isTooLong = Math.abs(number) >= 1e6;
  return isTooLong || Number(text) === 0 ? scientific(number, Math.max(1, decimals - 1)) : text;
}

function chooseDecimals(numbers) {
  return numbers.filter(Number.isFinite).every(Number.isInteger) ? 0 : 2;
}

// In a sentence: four significant digits, or six, no zeros at the end, and a real minus sign.
function digits(number, count = 4) {
  let text = formatNumber(number, 0);
  if (Number.isFinite(number) && number !== 0) {
    const [mantissa, exponent] = scientific(number, count - 1).split("e");
    const isPlain = exponent >= -4 && exponent < count;
    text = isPlain ? fixed(number, count - 1 - exponent) : mantissa;
    if (text.includes(".")) text = text.replace(/\.?0+$/, "");
    if (!isPlain) text += `e${exponent}`;
  }
  return text.replace(/^-/, "−");
}

// In a field: all digits.
function plain(number) {
  if (Number.isNaN(number)) return "nan";
  return String(number).replace("Infinity", "inf");
}

// What somebody typed: a number, or why it is none.
function readNumber(text) {
  const typed = text.trim().replaceAll("−", "-");
  if (/^[+-]?inf$/.test(typed)) return { number: typed[0] === "-" ? -Infinity : Infinity };
  if (typed === "nan") return { number: NaN };
  if (typed === "") return { why: "a number is missing" };
  if (/^[+-]?\d*,\d+$/.test(typed)) return { why: `write a point: ${typed.replace(",", ".")}` };
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(typed)) {
    return { why: "this is no number: write one as -1.5 or 2e-3" };
  }
  const number = Number(typed);
  if (!Number.isFinite(number)) return { why: "too large: floats end at about 1.8e308" };
  return { number };
}

// Whether an answer is right: within two percent, or looking the same in the picture.
function isRight(answer, wanted, decimals) {
  if (formatNumber(answer, decimals) === formatNumber(wanted, decimals)) return true;
  return Number.isFinite(wanted) && Math.abs(answer - wanted) <= 0.02 * Math.abs(wanted);
}
