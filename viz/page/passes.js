// The two passes, over `start`, `upstream` and `gates` from above.

const backwards = [...gates].reverse();
const output = start.length - 1;

// Every number by kind and index; if a gate refuses its inputs, which and why.
function compute(values) {
  const data = [...values];
  const grad = data.map(() => 0);
  const all = { data, grad, start: [upstream], refusal: null };
  for (const kind of ["upstream", "local", "product", "before", "total"]) all[kind] = [];

  for (const [place, gate] of gates.entries()) {
    const reason = gate.outside(data).indexOf(true);
    if (reason >= 0) return { ...all, refusal: { place, reason } };
    data[gate.out] = gate.forward(data);
  }

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
