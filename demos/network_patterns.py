"""The gate patterns inside a network.

Add distributes, multiply swaps, max routes, copy adds. A network is made of hardly anything else,
so these four say how gradients flow through a network of any size. Here each of them is looked up
in the circuit of a small one: an input x, two maxout neurons, and a linear neuron on top,

    g = max(g1 x, g2 x)        h = max(h1 x, h2 x)        o = u g + v h
"""

from autograd_core import BackwardStep, ForwardStep, Trace, TracedValue, Value, name_values, trace
from demos.lesson import Lesson
from nn import MLP

PARAMETERS = {"g1": 1.5, "g2": -1.0, "h1": -0.5, "h2": 1.0, "u": 2.0, "v": -1.0}


def network() -> MLP:
    """One input, two maxout neurons with two pieces each, and a linear neuron; no biases."""
    model = MLP(1, [2, 1], activation="maxout", bias=False, gate_by_gate=True)
    for parameter, (label, number) in zip(model.parameters(), PARAMETERS.items(), strict=True):
        parameter.label, parameter.data = label, number
    return model


def run(lesson: Lesson) -> None:
    """The picture, each pattern with its numbers, and the patterns counted in a larger network."""
    x = Value(2.0, "x")
    o = network()([x])
    ug, vh = o.inputs
    (u, g), (v, h) = ug.inputs, vh.inputs
    (g1x, g2x), (h1x, h2x) = g.inputs, h.inputs
    name_values(locals())
    o.backward()
    lesson.section("The network as a circuit")
    lesson.show_code(network)
    lesson.draw(
        o,
        "circuit",
        "A dot is a copy gate. Small blue numbers are local gradients: upstream × local is what "
        "goes down.",
        branches=True,
        local=True,
    )
    lesson.section("Add: the distributor")
    lesson.say(f"""
        The output neuron adds its products. Both get what arrives at o, unchanged: {ug.grad:g} to
        u g and {vh.grad:g} to v h. Every neuron adds up its weighted inputs, so what arrives at a
        neuron reaches each of them in full, however many there are. So does its bias, where it has
        one: ∂C/∂b = δ.
    """)
    lesson.section("Multiply: swap and scale")
    lesson.say(f"""
        u g hands {ug.grad:g} × {g:g} = {u.grad:g} to u and {ug.grad:g} × {u:g} = {g.grad:g} to g;
        v h hands {vh.grad:g} × {h:g} = {v.grad:g} to v and {vh.grad:g} × {v:g} = {h.grad:g} to h.
        So a weight gets the activation below it, times δ: that is ∂C/∂W = δ aᵀ. The activation
        gets the weight: that is Wᵀ δ.
    """)
    lesson.section("Max: the router")
    lesson.say(f"""
        In g the piece g1 x = {g1x:g} beats g2 x = {g2x:g}, so it gets all of the {g.grad:g}, and
        g2 x gets {g2x.grad:g}. In h it is the second piece that wins, {h2x:g} against {h1x:g}, and
        gets {h2x.grad:g}. A ReLU is such a gate, max(0, z), with a constant as its rival.
    """)
    by_g1, by_g2, by_h1, by_h2 = contributions(trace(o), "x")
    lesson.section("Copy: the adder")
    lesson.say(f"""
        All four pieces take x, and what comes back along the four wires adds up: {by_g1:g} by g1,
        {by_g2:g} by g2, {by_h1:g} by h1 and {by_h2:g} by h2 make {x.grad:g}. The two pieces that
        lost send back 0. In a layer every neuron takes every activation, so each activation is
        copied; these sums are the sums in Wᵀ δ.
    """)
    count_patterns(lesson)


def contributions(passes: Trace, name: str) -> list[float]:
    """What a value gets back along each wire, in the order of the forward pass."""
    wires = [wire for step in passes.backward for wire in step.contributions]
    return [
        wire.downstream + 0.0 for wire in reversed(wires) if passes.values[wire.value].name == name
    ]


def count_patterns(lesson: Lesson) -> None:
    """Every gate of a network with 337 parameters, held against its pattern."""
    model = MLP(2, [16, 16, 1], gate_by_gate=True, seed=1)
    o = model([Value(0.5), Value(-1.0)])
    o.backward()
    passes = trace(o)
    kept: dict[str, list[bool]] = {gate: [] for gate in RULES}
    for forward, backward in zip(passes.forward, reversed(passes.backward), strict=True):
        kept[forward.gate].append(keeps_to_its_pattern(forward, backward))
    kept["copy"] += [value.grad == total for value, total in copied(passes)]
    lesson.section("All of them at once")
    lesson.show(model)
    lesson.say("""
        This network is of a size that can learn something. Is there any gate in it that does not
        keep to its pattern? A ReLU counts as a max gate here, one that is on or off.
    """)
    lesson.table(
        ("gate", "how many", "each input gets", "exceptions"),
        [
            (gate, str(len(kept[gate])), rule, str(kept[gate].count(False)))
            for gate, rule in RULES.items()
        ],
    )
    lesson.say(f"""
        There is none among the {sum(map(len, kept.values()))}. Whoever knows these four patterns
        can follow a gradient through the whole network by hand, given the time.
    """)


RULES = {
    "add": "upstream",
    "multiply": "upstream × the other input",
    "relu": "upstream if it is above 0, else 0",
    "copy": "the sum of what comes back",
}


def keeps_to_its_pattern(forward: ForwardStep, backward: BackwardStep) -> bool:
    """Whether what a gate hands down is what its rule says."""
    handed = [wire.downstream for wire in backward.contributions]
    if forward.gate == "add":
        return handed == [backward.upstream, backward.upstream]
    if forward.gate == "multiply":
        return handed == [backward.upstream * other for other in reversed(forward.numbers)]
    return handed == [backward.upstream if forward.numbers[0] > 0.0 else 0.0]


def copied(passes: Trace) -> list[tuple[TracedValue, float]]:
    """The values that are used more than once, each with the sum of what comes back to it."""
    wires = [wire for step in passes.backward for wire in step.contributions]
    sums: dict[int, float] = {}
    for wire in wires:
        sums[wire.value] = sums.get(wire.value, 0.0) + wire.downstream
    several = {wire.value for wire in wires if wire.count > 1}
    return [(passes.values[index], sums[index]) for index in sorted(several)]
