// The tools below the picture: numbers to change, gradient descent, the slope of a curve, a quiz.

// ---- Fields

// A field for a number, with room for words below it. `use` takes each number that is typed, or,
// with the event "change", each that is complete.
function addField(tool, label, use, event = "input") {
  const fields = find(`.${tool} .fields`);
  const words = element("span", { className: "words", id: `${tool}-${fields.children.length}` });
  const field = element("input", { autocomplete: "off", spellcheck: false });
  field.setAttribute("aria-describedby", words.id);
  field.addEventListener("input", () => widen(field));
  field.addEventListener(event, () => {
    const { number, why } = readNumber(field.value);
    if (why) judge(field, true, why);
    else use(number, field);
    find(".heard").textContent = numbers.refusal ? "" : words.textContent; // an alert is heard
  });
  const labelled = element("label", {}, ...label, field);
  fields.append(element("div", { className: "field" }, labelled, words));
  widen(field);
  return field;
}

// Say beside a field what is wrong with its number, or right.
function judge(field, isWrong, ...words) {
  field.setAttribute("aria-invalid", isWrong);
  const place = document.getElementById(field.getAttribute("aria-describedby"));
  place.classList.toggle("wrong", isWrong);
  place.replaceChildren(...words);
}

function fill(field, number) {
  field.value = plain(number);
  widen(field);
  judge(field, false);
}

function nameOf(value) {
  return element("bdi", { textContent: story.names[value] });
}

function widen(field) {
  field.style.width = `${Math.max(field.value.length, 4) + 3}ch`;
}

// ---- Numbers

// Take these numbers in the leaves; all others follow.
function change(leaf, number, own) {
  values[leaf] = number;
  update(own);
}

// Compute all anew. A field in which somebody types is left alone. Words may need more numbers.
function update(own = null, words = [], more = {}) {
  numbers = { ...compute(values), ...more };
  leaves.forEach((leaf, place) => fields[place] === own || fill(fields[place], values[leaf]));
  if (found) markAll();
  show(step, words);
  drawOutputs();
  drawSlope();
}

const fields = leaves.map((leaf) =>
  addField("numbers", [nameOf(leaf), " = "], (number, field) => {
    change(leaf, number, field);
    judge(field, numbers.refusal !== null, find(".refusal").textContent);
  }),
);

// A number moved by units of its second digit, or by tenths of them.
function moved(number, units, isFine) {
  const near = Number.isFinite(number) ? number : 0;
  const size = Math.floor(Math.log10(Math.max(Math.abs(near), 1)));
  const unit = 10 ** (size - (isFine ? 2 : 1));
  return units === 0 ? number : Number(((Math.round(near / unit) + units) * unit).toPrecision(12));
}

fields.forEach((field, place) => {
  field.addEventListener("keydown", (event) => {
    const units = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!units) return;
    event.preventDefault();
    change(leaves[place], moved(values[leaves[place]], units, event.shiftKey));
  });
});

find(".reset").addEventListener("click", () => {
  values = [...start];
  outputs = [];
  update();
});

// Dragging: four pixels are one unit.
for (const handle of findAll(".handles > rect")) {
  const leaf = Number(handle.dataset.at);
  let from = null;
  handle.addEventListener("pointerdown", (event) => {
    handle.setPointerCapture(event.pointerId);
    handle.classList.add("held");
    from = { x: event.clientX, number: values[leaf] };
    find(".sentence").setAttribute("aria-live", "off"); // to be read when the number has settled
  });
  handle.addEventListener("pointermove", (event) => {
    if (from === null) return;
    const units = Math.round((event.clientX - from.x) / 4);
    change(leaf, moved(from.number, units, event.shiftKey));
  });
  const release = () => {
    from = null;
    handle.classList.remove("held");
    find(".sentence").setAttribute("aria-live", "polite");
    show(step);
  };
  handle.addEventListener("touchstart", (event) => event.preventDefault()); // no scrolling instead
  handle.addEventListener("pointerup", release);
  handle.addEventListener("pointercancel", release);
}

// ---- Figures

// Draw a curve through points, with a dot on one of them and, given its slope, the tangent there.
// The numbers at the edges are those of the axes.
function plot(figure, words, points, [dotX, dotY], slope = NaN) {
  const [left, right] = rangeOf(points.map(([x]) => x));
  const [low, high] = rangeOf(points.map(([, y]) => y), Number.isNaN(slope) ? 0 : 0.05, dotY);
  const place = (x, y) => [
    (180 * (x - left)) / (right - left),
    100 - (100 * Math.min(Math.max(y - low, -9 * (high - low)), 9 * (high - low))) / (high - low),
  ];
  const draw = (where, tag, attributes, text = "") => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.textContent = text;
    where.append(made);
    return made;
  };
  figure.replaceChildren();
  figure.setAttribute("aria-label", words);
  draw(figure, "path", { class: "axes", d: "M66,10V110H246" });
  const size = { x: 61, y: 5, width: 190, height: 110, viewBox: "-5 -5 190 110" };
  const inside = draw(figure, "svg", size);
  const curve = points.map(([x, y], at) => {
    if (!isDrawn(y)) return "";
    return `${isDrawn(points[at - 1]?.[1]) ? "L" : "M"}${place(x, y)}`;
  });
  draw(inside, "path", { d: curve.join("") });
  if (isDrawn(dotX) && isDrawn(dotY)) {
    const at = (x) => place(x, dotY + slope * (x - dotX));
    const d = `M${at(left)}L${at(right)}`;
    if (isDrawn(slope)) draw(inside, "path", { class: "tangent", d });
    const [cx, cy] = place(dotX, dotY);
    draw(inside, "circle", { cx, cy, r: 4 });
  }
  draw(figure, "text", { x: 62, y: 16, "text-anchor": "end" }, digits(high, 3));
  draw(figure, "text", { x: 62, y: 112, "text-anchor": "end" }, digits(low, 3));
  draw(figure, "text", { x: 66, y: 126 }, digits(left, 3));
  draw(figure, "text", { x: 246, y: 126, "text-anchor": "end" }, digits(right, 3));
}

// What is too large for a figure, or no number, leaves a gap.
function isDrawn(number) {
  return Math.abs(number) < 1e150;
}

// What an axis has to show: all numbers, but for a part at either end that is far away, and one.
function rangeOf(all, part = 0, one = NaN) {
  const sorted = all.filter(isDrawn).sort((x, y) => x - y);
  if (sorted.length === 0) return [0, 1];
  const [low, high] = [part, 1 - part].map((at) => sorted[Math.round(at * (sorted.length - 1))]);
  const room = (high - low) / 2;
  const near = isDrawn(one) ? [one] : [];
  const from = Math.min(Math.max(sorted[0], low - room), ...near);
  const to = Math.max(Math.min(sorted.at(-1), high + room), ...near);
  const more = from < to ? 0 : Math.max(0.5, Math.abs(from) / 2);
  return [from - more, to + more];
}

// ---- Descent

const LONGEST = 100; // how many outputs the curve keeps
let outputs = [];

const rate = addField("descent", ["rate = "], (number) => {
  const isFinite = Number.isFinite(number);
  judge(rate, !isFinite, isFinite ? "" : "a rate is a finite number");
});
fill(rate, 0.1);
find(".moved").append("parameter - rate × gradient, for ", ...listed(parameters));

// Names in a row, the middle of a long one left out.
function listed(indices) {
  const names = indices.map((index) => [index]);
  const few = names.length > 8 ? [...names.slice(0, 6), "…", names.at(-1)] : names;
  return inWords(few.flatMap((name, place) => (place ? [", ", name] : [name])));
}

function gradientSteps(count) {
  const { number } = readNumber(rate.value);
  if (!Number.isFinite(number) || numbers.refusal) return;
  if (outputs.length === 0) outputs = [[0, numbers.data[output]]];
  let before;
  for (let turn = 0; turn < count && !numbers.refusal; turn++) {
    before = numbers;
    values = descend(values, number);
    numbers = compute(values);
    outputs.push([outputs.at(-1)[0] + 1, numbers.refusal ? NaN : numbers.data[output]]);
  }
  outputs = outputs.slice(-LONGEST);
  step = lastStep;
  update(null, stepInWords(number, count), { old: before.data, slope: before.grad });
}

// What became of the output, and `w = 2 - rate 0.1 × gradient 3 = 1.7` for some parameters.
function stepInWords(number, count) {
  const kind = count > 1 ? `the last of ${count} gradient steps: ` : "gradient step: ";
  const times = ` - rate ${digits(number)} × gradient `;
  const few = parameters.slice(0, 3).flatMap((leaf, place) => {
    const rule = [["old", leaf], times, ["slope", leaf], " = ", ["data", leaf]];
    return [place ? "; " : "", [leaf], " = ", ...rule];
  });
  if (parameters.length > 3) few.push("; …");
  return [[kind, [output], " was ", ["old", output], " and is ", ["data", output]], few];
}

function drawOutputs() {
  const figure = find(".descent .plot");
  figure.replaceChildren();
  figure.setAttribute("aria-label", "no gradient steps yet");
  if (outputs.length === 0) return;
  const [from, to] = [outputs[0], outputs.at(-1)];
  const numbersThere = `from ${digits(from[1])} to ${digits(to[1])}`;
  plot(figure, `output after gradient steps ${from[0]} to ${to[0]}: ${numbersThere}`, outputs, to);
}

find(".once").addEventListener("click", () => gradientSteps(1));
find(".often").addEventListener("click", () => gradientSteps(10));

// ---- Slope

const along = find(".along");
for (const leaf of leaves) {
  along.append(element("option", { textContent: story.names[leaf], value: leaf }));
}
along.addEventListener("change", drawSlope);

// The output against one leaf, with the tangent whose slope is the gradient.
function drawSlope() {
  if (find(".slope").hidden) return;
  const leaf = Number(along.value);
  const [x, y] = [values[leaf], numbers.data[output]];
  numbers.tangent = [numbers.grad[leaf] / upstream];
  const centre = isDrawn(start[leaf]) ? start[leaf] : 0;
  const reach = Math.max(2, 2 * Math.abs(centre), isDrawn(x) ? 1.25 * Math.abs(x - centre) : 0);
  const unit = 10 ** (Math.floor(Math.log10(reach)) - 2);
  const [from, to] = [centre - reach, centre + reach].map((end) => Math.round(end / unit) * unit);
  const slider = find(".input");
  Object.assign(slider, { min: from, max: to, step: unit });
  slider.value = x;
  slider.setAttribute("aria-valuetext", `${story.names[leaf]} = ${digits(x)}`);

  const isKnown = !numbers.refusal && Number.isFinite(y);
  const shares = upstream === 1 ? " = " : ` / ${digits(upstream)} = `;
  const words = isKnown
    ? ["slope of the tangent: the gradient of ", [leaf], shares, ["tangent", 0]]
    : ["there is no output at ", [leaf], " = ", ["data", leaf]];
  find(".steepness").replaceChildren(...inWords(words));
  const curve = outputAlong(values, leaf, from, to, 81);
  const title = `${story.names[output]} against ${story.names[leaf]}, with its tangent`;
  plot(find(".slope .plot"), title, curve, [x, isKnown ? y : NaN], numbers.tangent[0]);
}

find(".input").addEventListener("input", (event) => {
  change(Number(along.value), Number(event.target.valueAsNumber.toPrecision(12)));
});

// ---- Quiz

const asked = [...new Set(wires.map(({ input }) => input))]; // values, by their turn
let answers = []; // their fields

function addQuestion(value) {
  const label = upstream === 1 ? ["∂", nameOf(output), "/∂"] : ["gradient of "];
  const field = addField("quiz", [...label, nameOf(value), " = "], mark, "change");
  const lastWire = wires.map(({ input }) => input).lastIndexOf(value);
  field.addEventListener("focus", () => go(firstBackward + 1 + lastWire));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") (answers[answers.indexOf(field) + 1] ?? find(".quiz")).focus();
  });
  return field;
}

// A right answer appears in the picture.
function mark(answer, field) {
  weigh(answer, field);
  show(step);
}

function weigh(answer, field) {
  const value = asked[answers.indexOf(field)];
  const isFound = isRight(answer, numbers.grad[value], decimals);
  found[isFound ? "add" : "delete"](value);
  judge(field, !isFound, ...(isFound ? ["✓ right"] : inWords(wayTo(value), true)));
  find(".score").textContent = `${found.size - 1} of ${asked.length} found`;
}

function markAll() {
  found = new Set([output]);
  for (const field of answers) {
    const { number } = readNumber(field.value);
    if (number !== undefined) weigh(number, field);
  }
}

// How a gradient is found: upstream × local of each wire, and where the local gradient comes from.
function wayTo(value) {
  return wires.flatMap(({ input }, wire) => {
    if (input !== value) return [];
    const source = story.locals[wire].length ? [" (", ...story.locals[wire], ")"] : [];
    const isFirst = wires.findIndex((each) => each.input === value) === wire;
    const sign = isFirst ? "✗ " : " + ";
    return [sign, "upstream ", ["upstream", wire], " × local ", ["local", wire], ...source];
  });
}

// ---- Which tool is open

const tabs = findAll("[data-tool]");

function openTool(name) {
  for (const tab of tabs) {
    tab.setAttribute("aria-expanded", tab.dataset.tool === name);
    find(`.tool.${tab.dataset.tool}`).hidden = tab.dataset.tool !== name;
  }
  find(".bar").classList.toggle("open", name !== null);
  found = null;
  if (name !== "quiz") return update();
  if (answers.length === 0) answers = asked.map(addQuestion);
  markAll();
  go(lastStep);
}

for (const tab of tabs) {
  const isOpen = () => tab.getAttribute("aria-expanded") === "true";
  tab.addEventListener("click", () => openTool(isOpen() ? null : tab.dataset.tool));
}

// ---- What is closed in a block, beside the picture

const closed = find(".closed"); // if anything is

function open(value) {
  for (const { box } of pictures.slice(1)) box.hidden = box.dataset.at !== value;
  for (const door of findAll(".doors > rect")) {
    door.classList.toggle("opened", door.dataset.at === value);
  }
  closed.value = value;
  find(".close").hidden = value === "";
  find(".pictures").classList.toggle("open", value !== "");
  fit([...texts.keys()]);
  pictures.forEach(keepInView);
}

if (closed) {
  for (const door of findAll(".doors > rect")) {
    const { at } = door.dataset;
    door.addEventListener("click", () => open(at === closed.value ? "" : at));
  }
  closed.addEventListener("change", () => open(closed.value));
  find(".close").addEventListener("click", () => {
    open("");
    closed.focus();
  });
  keys.Escape = () => open("");
}
followAddress();
openTool(window.innerHeight < 560 ? null : "numbers");
