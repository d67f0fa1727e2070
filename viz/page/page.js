// The page of one circuit: both passes step by step.
//
// In the story's sentences [3] is the name of value 3 and ["data", 3] its number; of its places for
// numbers in the picture [7, "total", 4] is shown from step 7 on.

const find = (selector) => document.querySelector(selector);
const findAll = (selector) => [...document.querySelectorAll(selector)];

const story = JSON.parse(find("script[type='application/json']").textContent);
const wires = backwards.flatMap((gate) => gate.inputs.map((input) => ({ gate, input })));
const { leaves } = story; // in the order of the picture
const firstBackward = gates.length + 1;
const lastStep = firstBackward + wires.length;
const texts = findAll(".picture :is(.data, .grad, .local) text");
const pictures = findAll(".picture").map((box) => ({
  box,
  titles: [...box.querySelectorAll("svg > g > title")],
  description: box.querySelector("desc"),
}));

let values = [...start]; // the numbers in the leaves count; the others follow from them
let numbers = compute(values);
let decimals = 2;
let step = 0;
let timer = null;
let found = null; // in a quiz: the values whose gradients were found

// ---- What a step shows

// Show a step, with its own sentence and note or with others.
function show(newStep, words = []) {
  step = Math.min(Math.max(newStep, 0), lastStep);
  const { refusal } = numbers;
  const wire = step - firstBackward - 1; // which wire is in use; negative going forward
  const phase = refusal ? "refused" : step < firstBackward ? "forward" : "backward";
  const gate = refusal ? gates[refusal.place] : (wires[wire]?.gate ?? gates[step - 1]);
  const isInUse = (each, index) => (phase === "forward" ? each.gate === gate : index === wire);

  const isNew = writeNumbers(refusal);
  for (const { box } of pictures) box.className = `picture ${phase}`;
  light(".gates", gates.map((each) => each === gate));
  light(".wires", wires.map((each, index) => !refusal && isInUse(each, index)));
  light(".stubs", story.definitions.map((_, block) => isNew.has(block)));
  say(refusal, wire, ...words);
  pictures.forEach(keepInView);

  find(".slider").value = step;
  find(".slider").setAttribute("aria-valuetext", `step ${step} of ${lastStep}`);
  find(".count").textContent = `${step} / ${lastStep}`;
  find(".previous").disabled = step === 0;
  find(".next").disabled = step === lastStep;
}

// Write the numbers that are known after this step, into the picture and its description. If a gate
// refuses its inputs, these are the values computed before it. Returns the blocks with a new number.
function writeNumbers(refusal) {
  const isKnown = ([first, kind, index]) =>
    refusal ? first <= refusal.place && kind === "data" : first <= step && !isHidden(kind, index);
  const number = ([, kind, index]) => numbers[kind][index];
  const shows = story.places.flatMap((place) => place.shows);
  const all = refusal ? shows.filter(isKnown) : shows;
  decimals = story.decimals ?? chooseDecimals(all.map(number));

  const told = [...story.definitions];
  const isNew = new Set();
  const changed = [];
  story.places.forEach((place, index) => {
    const shown = place.shows.filter(isKnown).at(-1);
    const text = shown ? formatNumber(number(shown), decimals) : "";
    const isFresh = !refusal && step > 0 && shown?.[0] === step;
    const { textContent, classList } = texts[index];
    if (textContent !== text || classList.contains("new") !== isFresh) changed.push(index);
    texts[index].textContent = text;
    classList.toggle("new", isFresh);
    if (isFresh) isNew.add(place.block);
    if (shown) told[place.block] += place.words + (isLong() ? digits(number(shown), 6) : text);
  });
  let before = 0;
  for (const { titles, description } of pictures) {
    titles.forEach((title, block) => {
      const words = told[before + block];
      if (title.textContent !== words) title.textContent = words;
    });
    description.textContent = told.slice(before, (before += titles.length)).join("; ");
  }
  fit(changed);
  return isNew;
}

// Make numbers smaller that are wider than their room. To measure all first is quicker.
function fit(places) {
  for (const place of places) texts[place].style.fontSize = "";
  const widths = places.map((place) => texts[place].getComputedTextLength());
  places.forEach((place, index) => {
    const scale = story.places[place].room / widths[index]; // what is hidden has no width
    const size = texts[place].parentElement.matches(".local") ? 12 : 16;
    if (scale < 1) texts[place].style.fontSize = `${scale * size}px`;
  });
}

function light(group, isLit) {
  const elements = findAll(`${group} > *`);
  elements.forEach((element, index) => {
    element.classList.toggle("lit", isLit[element.dataset.at ?? index]);
  });
}

// Where a picture is larger than its box, scroll it to what is going on; if not all of that has
// room, to the gate at work.
function keepInView({ box }) {
  const frame = box.getBoundingClientRect();
  const boxes = (selector) =>
    [...box.querySelectorAll(selector)]
      .map((each) => each.getBoundingClientRect())
      .filter((each) => each.width + each.height > 0);
  const lit = boxes(".lit");
  const gate = boxes(".gates .lit");
  if (lit.length === 0) return;
  const scrolled = (side, size, before) => {
    const ends = (all) => [
      Math.min(...all.map((each) => each[side])) - frame[side],
      Math.max(...all.map((each) => each[side] + each[size])) - frame[side],
    ];
    let [from, to] = ends(lit);
    if (from >= 0 && to <= frame[size]) return before;
    if (to - from > frame[size] && gate.length) [from, to] = ends(gate);
    return before + (from + to - frame[size]) / 2;
  };
  box.scrollTo(scrolled("x", "width", box.scrollLeft), scrolled("y", "height", box.scrollTop));
}

// The sentence of this step and a note on it, or what is wrong with the numbers in the leaves.
function say(refusal, wire, sentence = story.sentences[step], note = noteOn(wire)) {
  const reason = refusal ? story.refusals[refusal.place][refusal.reason] : [];
  find(".refusal").hidden = !refusal;
  find(".refusal").replaceChildren(...inWords(reason));
  find(".sentence").replaceChildren(...inWords(refusal ? [] : sentence));
  find(".note").replaceChildren(...inWords(refusal ? [] : note));
}

// Where the factors of a wire come from, and what its gate does with gradients.
function noteOn(wire) {
  if (!(wire in wires)) return [];
  const place = gates.indexOf(wires[wire].gate);
  return [
    "upstream: the gradient of ",
    [gates[place].out],
    "; local gradient: ",
    ...localOf(wire),
    `; ${story.patterns[story.gates[place]]}`,
  ];
}

// The local gradient of a wire: its formula, if it has one, and its number.
function localOf(wire) {
  const formula = story.locals[wire];
  return formula.length ? [...formula, " = ", ["local", wire]] : [["local", wire]];
}

// A sentence as elements; of hidden numbers only if they are told. Names are text, whatever they
// contain.
function inWords(parts, isTold = false) {
  return parts.map((part) => {
    if (typeof part === "string") return part;
    const [kind, index, bracketed] = part.length === 1 ? ["name", ...part] : part;
    const isUnknown = !isTold && isHidden(kind, index);
    const number = () => (isUnknown ? "?" : digits(numbers[kind][index], isLong() ? 6 : 4));
    const text = kind === "name" ? story.names[index] : number();
    return element(kind === "name" ? "bdi" : "span", {
      textContent: bracketed && text.startsWith("-") ? `(${text})` : text,
      className: { name: "name", data: "data", old: "data", local: "local" }[kind] ?? "grad",
    });
  });
}

function isLong() {
  return find(".six").checked;
}

// In a quiz gradients are hidden until they were found, and with them the factors of each.
function isHidden(kind, index) {
  const isOfWire = ["upstream", "local", "product", "before", "total"].includes(kind);
  if (found === null || !isOfWire) return false;
  return !found.has(kind === "upstream" ? wires[index].gate.out : wires[index].input);
}

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

// ---- From step to step

function go(newStep, words) {
  pause();
  show(newStep, words);
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
  }, Number(find(".speed").value));
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
  const isForField = event.target.matches("input:not([type=checkbox]), select");
  if (isForField || event.ctrlKey || event.altKey || event.metaKey || !keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});
find(".previous").addEventListener("click", () => go(step - 1));
find(".next").addEventListener("click", () => go(step + 1));
find(".play").addEventListener("click", play);
find(".slider").addEventListener("input", (event) => go(Number(event.target.value)));
find(".speed").addEventListener("change", () => {
  if (timer === null) return;
  pause();
  play();
});
find(".six").addEventListener("change", () => show(step));
window.addEventListener("hashchange", followAddress);
