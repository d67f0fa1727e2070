// The two passes, over the `start`, `upstream` and `gates` that are printed above.

const backwards = [...gates].reverse();
const output = start.length - 1;

// Every number of the circuit, by kind and index. If a gate refuses its inputs, which and why.
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
  const arrived = new Set([output]); // a branch that was not taken gets nothing, and hands nothing on
  for (const gate of backwards) {
    const local = gate.local(data);
    for (const [place, input] of gate.inputs.entries()) {
      const isTaken = arrived.has(gate.out) && !(gate.routes && local[place] === 0);
      const product = isTaken ? grad[gate.out] * local[place] : 0; // downstream = upstream × local
      if (isTaken) arrived.add(input);
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
