// Numbers as text, just as Python writes them in the pictures (viz/style.py, viz/sentences.py).

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
  if (Number.isNaN(number)) return "nan";
  if (!Number.isFinite(number)) return number > 0 ? "inf" : "-inf";
  if (number === 0) return (0).toFixed(decimals);
  const text = fixed(number, decimals);
  const isTooLong = Math.abs(number) >= 1e6;
  return isTooLong || Number(text) === 0 ? scientific(number, Math.max(1, decimals - 1)) : text;
}

function chooseDecimals(numbers) {
  return numbers.filter(Number.isFinite).every(Number.isInteger) ? 0 : 2;
}

// In a sentence: four significant digits, no zeros at the end.
function digits(number) {
  let text = formatNumber(number, 0);
  if (Number.isFinite(number) && number !== 0) {
    const [mantissa, exponent] = scientific(number, 3).split("e");
    const isPlain = exponent >= -4 && exponent < 4;
    text = isPlain ? fixed(number, 3 - exponent) : mantissa;
    if (text.includes(".")) text = text.replace(/\.?0+$/, "");
    if (!isPlain) text += `e${exponent}`;
  }
  return text;
}
