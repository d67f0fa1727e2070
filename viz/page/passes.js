// The two passes, over `start`, `upstream`, `gates` and `parameters` from above.

const backwards = [...gates].reverse();
const output = start.length - 1;

// The number of every value; if a gate refuses its inputs, which and why.
function forward(values) {
  const data = [...values];
  for (const [place, gate] of gates.entries()) {
    const reason = gate.outside(data).indexOf(true);
    if (reason >= 0) return { data, refusal: { place, reason } };
    data[gate.out] = gate.forward(data);
  }
  return { data, refusal: null };
}

// Every number of both passes, by kind and index.
function compute(values) {
  const { data, refusal } = forward(values);
  const grad = data.map(() => 0);
  const all = { data, grad, start: [upstream], refusal };
  for (const kind of ["upstream", "local", "product", "before", "total"]) all[kind] = [];
  if (refusal) return all;

  grad[output] = upstream;
  const arrived = new Set([output]); // nothing passes a branch not taken
  for (const gate of backwards) {
    const local = gate.local(data);
    for (const [place, input] of gate.inputs.entries()) {
      const taken = arrived.has(gate.out) && (local[place] !== 0 || !gate.routes);
      const product = taken ? grad[gate.out] * local[place] : 0; // upstream × local
      if (taken) arrived.add(input);
      all.upstream.push(grad[gate.out]);
      all.local.push(local[place]);
      all.product.push(product);
      all.before.push(grad[input]);
      grad[input] += product;
      all.total.push(grad[input]);
    }
  }
  return all;
}

// A step of gradient descent: each parameter less rate × its gradient.
function descend(values, rate) {
  const { grad } = compute(values);
  const changed = [...values];
  for (const leaf of parameters) changed[leaf] -= rate * grad[leaf];
  return changed;
}

// The output against one leaf, at evenly spaced numbers; nan where a gate refuses them.
function outputAlong(values, leaf, from, to, count) {
  return Array.from({ length: count }, (_, place) => {
    const x = from + ((to - from) * place) / (count - 1);
    const { data, refusal } = forward(values.map((number, each) => (each === leaf ? x : number)));
    return [x, refusal ? NaN : data[output]];
  });
}
