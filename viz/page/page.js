// The page of one circuit: both passes step by step, and anew when a leaf is changed.
//
// In the story's sentences [3] is the name of value 3 and ["data", 3] its number; of its places for
// numbers in the picture [7, "total", 4] is shown from step 7 on.

const find = (selector) => document.querySelector(selector);
const findAll = (selector) => [...document.querySelectorAll(selector)];

const story = JSON.parse(find("script[type='application/json']").textContent);
const wires = backwards.flatMap((gate) => gate.inputs.map((input) => ({ gate, input })));
const leaves = [...start.keys()].filter((value) => gates.every((gate) => gate.out !== value));
const firstBackward = gates.length + 1;
const lastStep = firstBackward + wires.length;
const texts = findAll("svg :is(.data, .grad, .local) text");
const fields = findAll("label input");

let values = [...start]; // the numbers in the leaves count; the others follow from them
let numbers = compute(values);
let step = 0;
let timer = null;

// ---- What a step shows

function show(newStep) {
  step = Math.min(Math.max(newStep, 0), lastStep);
  const { refusal } = numbers;
  const wire = step - firstBackward - 1; // which wire is in use; negative going forward
  const phase = refusal ? "refused" : step < firstBackward ? "forward" : "backward";
  const gate = refusal ? gates[refusal.place] : (wires[wire]?.gate ?? gates[step - 1]);
  const isInUse = (each, index) => (phase === "forward" ? each.gate === gate : index === wire);

  const isNew = writeNumbers(refusal);
  find("svg").setAttribute("class", phase);
  light(".gates", gates.map((each) => each === gate));
  light(".wires", wires.map((each, index) => !refusal && isInUse(each, index)));
  light(".stubs", story.definitions.map((_, block) => isNew.has(block)));
  say(refusal, wires[wire]?.gate);
  keepInView(find("svg .lit"));

  find(".slider").value = step;
  find(".slider").setAttribute("aria-valuetext", `step ${step} of ${lastStep}`);
  find(".count").textContent = `${step} / ${lastStep}`;
  find(".previous").disabled = step === 0;
  find(".next").disabled = step === lastStep;
}

// Write the numbers that are known after this step, into the picture and its description. If a gate
// refuses its inputs, these are the values computed before it. Returns the blocks with a new number.
function writeNumbers(refusal) {
  const isKnown = ([first, kind]) =>
    refusal ? first <= refusal.place && kind === "data" : first <= step;
  const number = ([, kind, index]) => numbers[kind][index];
  const all = story.places.flatMap((place) => (refusal ? place.shows.filter(isKnown) : place.shows));
  const decimals = story.decimals ?? chooseDecimals(all.map(number));

  const told = [...story.definitions];
  const isNew = new Set();
  story.places.forEach((place, index) => {
    const shown = place.shows.filter(isKnown).at(-1);
    const text = shown ? formatNumber(number(shown), decimals) : "";
    const isFresh = !refusal && step > 0 && shown?.[0] === step;
    texts[index].textContent = text;
    texts[index].style.fontSize = "";
    texts[index].classList.toggle("new", isFresh);
    if (isFresh) isNew.add(place.block);
    if (shown) told[place.block] += place.words + text;
  });
  const titles = findAll("svg g:not(.handles) > title");
  titles.forEach((title, block) => (title.textContent = told[block]));
  find("desc").textContent = told.join("; ");
  fit();
  return isNew;
}

// Make numbers smaller that are wider than their room. To measure all first is quicker.
function fit() {
  const widths = texts.map((text) => text.getComputedTextLength());
  texts.forEach((text, index) => {
    const scale = story.places[index].room / widths[index];
    const size = parseFloat(getComputedStyle(text).fontSize);
    if (scale < 1) text.style.fontSize = `${scale * size}px`;
  });
}

function light(group, isLit) {
  const elements = findAll(`${group} > *`);
  elements.forEach((element, index) => element.classList.toggle("lit", isLit[index]));
}

// Where the picture is wider than the window, scroll it to what is going on.
function keepInView(element) {
  const frame = find(".picture").getBoundingClientRect();
  const box = element?.getBoundingClientRect() ?? frame;
  if (box.left >= frame.left && box.right <= frame.right) return;
  find(".picture").scrollLeft += box.left - frame.left - frame.width / 2;
}

// The sentence of this step, or what is wrong with the numbers in the leaves.
function say(refusal, gate) {
  const reason = refusal ? inWords(story.refusals[refusal.place][refusal.reason]) : [];
  const pattern = gate && !refusal && story.patterns[story.gates[gates.indexOf(gate)]];
  find(".refusal").hidden = !refusal;
  find(".refusal").replaceChildren(...reason);
  find(".sentence").replaceChildren(...(refusal ? [] : inWords(story.sentences[step])));
  find(".note").textContent = pattern ? `downstream = upstream × local; ${pattern}` : "";
}

// A sentence as elements. Names are text, whatever they contain.
function inWords(parts) {
  return parts.map((part) => {
    if (typeof part === "string") return part;
    const [kind, index, bracketed] = part.length === 1 ? ["name", ...part] : part;
    const element = document.createElement(kind === "name" ? "bdi" : "span");
    const text = kind === "name" ? story.names[index] : digits(numbers[kind][index]);
    element.textContent = bracketed && text.startsWith("-") ? `(${text})` : text;
    element.className = ["name", "data", "local"].includes(kind) ? kind : "grad";
    return element;
  });
}

// ---- From step to step

function go(newStep) {
  pause();
  show(newStep);
  // a page of its own has an address, which can say which step it shows
  if (window.top === window) history.replaceState(null, "", `#step-${step}`);
}

function followAddress() {
  const [, number = step] = location.hash.match(/^#(?:step-)?(\d+)$/) ?? [];
  pause();
  show(Number(number));
}

function play() {
  if (timer !== null) return pause();
  if (step === lastStep) show(0);
  find(".play").textContent = "Pause";
  timer = setInterval(() => {
    show(step + 1);
    if (step === lastStep) pause();
  }, 1500);
}

function pause() {
  clearInterval(timer);
  timer = null;
  find(".play").textContent = "Play";
}

const keys = {
  ArrowLeft: () => go(step - 1),
  ArrowRight: () => go(step + 1),
  Home: () => go(0),
  End: () => go(lastStep),
};
document.addEventListener("keydown", (event) => {
  const isForField = event.target.matches("input");
  if (isForField || event.ctrlKey || event.altKey || event.metaKey || !keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});
find(".previous").addEventListener("click", () => go(step - 1));
find(".next").addEventListener("click", () => go(step + 1));
find(".play").addEventListener("click", play);
find(".slider").addEventListener("input", (event) => go(Number(event.target.value)));
window.addEventListener("hashchange", followAddress);

// ---- Changing a leaf

function change(leaf, number) {
  values[leaf] = number;
  numbers = compute(values);
  show(step);
}

fields.forEach((field, place) => {
  field.addEventListener("input", () => {
    const isNumber = Number.isFinite(field.valueAsNumber);
    field.setAttribute("aria-invalid", !isNumber);
    if (isNumber) change(leaves[place], field.valueAsNumber);
  });
});

function fill(place, number) {
  fields[place].value = Number.isFinite(number) ? number : "";
  fields[place].setAttribute("aria-invalid", false);
  change(leaves[place], number);
}

find(".reset").addEventListener("click", () => {
  leaves.forEach((leaf, place) => fill(place, start[leaf]));
});

// Dragging: four pixels are one unit of a number's second digit, or a tenth of it with Shift.
findAll(".handles > rect").forEach((handle, place) => {
  let from = null;
  handle.addEventListener("pointerdown", (event) => {
    handle.setPointerCapture(event.pointerId);
    handle.classList.add("held");
    from = { x: event.clientX, number: values[leaves[place]] };
    find(".sentence").setAttribute("aria-live", "off"); // to be read when the number has settled
  });
  handle.addEventListener("pointermove", (event) => {
    if (from === null) return;
    const units = Math.round((event.clientX - from.x) / 4);
    const near = Number.isFinite(from.number) ? from.number : 0;
    const size = Math.floor(Math.log10(Math.max(Math.abs(near), 1)));
    const unit = 10 ** (size - (event.shiftKey ? 2 : 1));
    const number = (Math.round(near / unit) + units) * unit;
    fill(place, units === 0 ? from.number : Number(number.toPrecision(12)));
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
});

followAddress();
