"""Which circuit a picture shows: a value's trace, some gates opened, with the picture's names.

An opened circuit is built once more beside the user's own, so that nothing of the user's changes.
"""

import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from contextvars import Context
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from autograd_core import GATES, Trace, Value, all_values, dot, expand, rebuild, trace
from autograd_core.explain import Neuron, name_all, named_values, outputs_in, paths_of, place_of
from viz.scene.fold import SMALL, Item, items_in, items_of
from viz.scene.style import (
    DEFAULT,
    Expand,
    Options,
    Palette,
    TooLargeError,
    palette_named,
    printable,
)

NEURON = "neuron"
"""What one asks for to have all neurons opened."""
MANY = 12
"""With more leaves than that, they stand near their gates."""
OPENED = 500
"""How many values are shown where something is to be opened."""


@dataclass(frozen=True, slots=True)
class Group:
    """What stands in a frame: an opened gate, a neuron, a layer, the circuit of one example.

    Attributes:
        symbol: the symbol of the gate, or another caption.
        members: its values, by their indices; the output of a gate or neuron is the last.
        whole: whether the numbers of the last member stand in the frame, too.
    """

    symbol: str
    members: tuple[int, ...]
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """A circuit as it is to be drawn.

    Attributes:
        trace: its two passes. With branches or local gradients, the gradients are those of this
            pass, whose contributions are then seen.
        names: what each value is called in a sentence, on one line.
        labels: the user's name for each value, on one line, or None.
        paths: the long name of parameters of a model, and of what its neurons compute, by index.
        values: the user's value for each index; None where the user has none, within a group.
        items: what is shown, by the indices of the values; all of them in a small circuit.
        rows: leaves that are shown whose names differ by a number, in its order: x1, x2.
        parameters: the weights and biases of several neurons, which stand apart from inputs.
        tinted: what the neurons of every second layer compute, of several layers.
        groups: the gates that were opened, and neurons, layers or examples.
        options: how it is drawn.
        palette: the colours.
        title: the line above the picture.
    """

    trace: Trace
    names: list[str]
    labels: list[str | None]
    paths: dict[int, str]
    values: list[Value | None]
    items: dict[int, Item]
    rows: list[list[int]]
    parameters: frozenset[int]
    tinted: frozenset[int]
    groups: tuple[Group, ...]
    options: Options
    palette: Palette
    title: str | None

    def of_this_pass(self) -> "Scene":
        """The scene with the gradients of its own backward pass alone.

        The engine adds the gradients of several passes up in the leaves. Where a picture shows what
        a sum consists of, it shows the sum of one pass. The pass need not have been run.

        >>> x = Value(3.0, "x")
        >>> f = x * x
        >>> f.backward()
        >>> f.backward()
        >>> x.grad, scene_of(f).of_this_pass().trace.values[0].grad
        (12.0, 6.0)
        """
        return replace(self, trace=_of_this_pass(self.trace))

    def inside(self, value: int) -> "Scene":
        """What is closed in one of the items, by itself, with what enters it."""
        items = items_in(self.trace, self.items[value])
        return replace(self, items=items, rows=[], parameters=frozenset(), groups=())


def scene_of(output: Value | Sequence[Value], options: Options = DEFAULT) -> Scene:
    """The circuit of a value, or of several, some of its gates opened into their parts.

    The opened circuit is built anew, and its backward pass starts from the gradient of the user's
    output. So the numbers of the parts are the engine's, and nothing of the user's changes. A gate
    whose parts overflow where it does not, as in σ(-1000), stays closed.

    Raises:
        TypeError: if `output` is not a `Value`, nor a list of values for `draw`, or an option has
            not the type that it takes.
        ValueError: if the circuit is too large, or there is nothing that can be opened as asked.

    >>> x = Value(1.0, "x")
    >>> scene = scene_of(x.sigmoid(), Options(expand=True))
    >>> [step.symbol for step in scene.trace.forward], scene.groups[0].members
    (['*-1', 'exp', '+1', '1/x'], (1, 2, 3, 4))
    """
    outputs = outputs_in(output)
    if not isinstance(output, Value) and not (outputs and options.caller == "draw"):
        raise TypeError(no_value(output, options.caller))
    limit = options.limit
    most = None if limit is None else max(limit, options.most)
    if most is not None and _count(outputs, most + 1) > most:
        large = _count(outputs, _ENOUGH)
        number, wish = (f"{large:,}", large) if large < _ENOUGH else (f"{large:,} or more", None)
        raise TooLargeError(
            f"this circuit has {number} values",
            options.caller,
            most,
            "Draw a part of the circuit, such as one of value.inputs, or, if it is a network, the "
            "model",
            wish,
        )
    passes, values, groups = _opened(outputs, options.expand, limit)
    count = len(values)
    if most is not None and count > most:
        raise TooLargeError(
            f"with its gates opened this circuit has {count:,} values",
            options.caller,
            most,
            "Open fewer gates, expand={value}, or draw a part, such as one of value.inputs",
            count,
        )
    if options.names is not None:
        passes = _renamed(passes, _names_for(values, options.names))
    if (options.branches or options.local) and passes.ran:
        passes = _of_this_pass(passes)
    asked = _asked(options.expand, values, passes.neurons)
    opened = None if options.expand is True else asked.union(*(each.members for each in groups))
    wide = OPENED if options.expand is not False else None
    items = items_of(passes, limit, wide, opened, options.is_told)
    leaves = [index for index, item in items.items() if item.symbol is None]
    shown = [neuron for neuron in passes.neurons if neuron.output in items]
    neurons = _shown_neurons(passes, shown, groups)
    if options.inputs is None:
        many = len(leaves) > MANY or bool(neurons)
        options = replace(options, inputs="near" if many else "far")
    return Scene(
        trace=passes,
        names=[printable(value.name) for value in passes.values],
        labels=[printable(value.label or "") or None for value in passes.values],
        paths=paths_of([value.label for value in passes.values], shown),
        values=values,
        items=items,
        rows=_rows(leaves, passes),
        parameters=_parameters(neurons) & {*leaves},
        tinted=_tinted(passes, neurons),
        groups=(*groups, *_frames(passes, items, neurons, options.inputs == "near")),
        options=options,
        palette=palette_named(options.palette),
        title=printable(options.title or "") or None,
    )


_NUMBERED = re.compile(r"(.*?[^\d.])(\d+)", re.DOTALL)


def _rows(leaves: Iterable[int], trace: Trace) -> list[list[int]]:
    """The leaves whose names differ by a number alone, each row in the order of that."""
    rows: dict[str, list[tuple[int, int]]] = {}
    for leaf in leaves:
        if found := _NUMBERED.fullmatch(trace.values[leaf].label or ""):
            rows.setdefault(found[1], []).append((int(found[2]), leaf))
    return [[leaf for _, leaf in sorted(row)] for row in rows.values() if len(row) > 1]


def _shown_neurons(trace: Trace, shown: Iterable[Neuron], groups: Iterable[Group]) -> list[Neuron]:
    """The neurons that are shown as such: if there are several, and none of their gates is opened.

    In a small circuit the names of their parameters have to say that they are neurons.
    """
    labels = [value.label for value in trace.values]
    opened = {member for group in groups for member in group.members}
    neurons = [
        neuron
        for neuron in shown
        if opened.isdisjoint(neuron.members) and (len(labels) > SMALL or place_of(labels, neuron))
    ]
    return neurons if len(neurons) > 1 else []


def _parameters(neurons: Iterable[Neuron]) -> frozenset[int]:
    """The weights and the biases of neurons."""
    listed = ((*neuron.weights, neuron.bias) for neuron in neurons)
    return frozenset(each for leaves in listed for each in leaves if each is not None)


def _frames(
    trace: Trace, items: Mapping[int, Item], neurons: Sequence[Neuron], near: bool
) -> Iterator[Group]:
    """A frame for each neuron; of closed ones, for each example, or if it is one, each layer.

    The caption of an open neuron says in which layer it is. Where parameters do not stand near
    their gates, open neurons have no frames.
    """
    labels = [value.label for value in trace.values]
    takers = [0] * len(labels)
    for wire in trace.wires:
        takers[wire.value] += 1
    layers = _layers(trace.neurons, labels)
    is_deep = len({*layers.values()}) > 1
    kind, parts = "example", examples_of(trace.neurons)
    if max(parts.values(), default=1) == 1:
        kind, parts = "layer", layers
    closed: dict[int, list[int]] = {}
    for neuron in neurons:
        if items[neuron.output].is_closed:
            closed.setdefault(parts[neuron.output], []).append(neuron.output)
            continue
        if not near:
            continue
        place = place_of(labels, neuron)
        name = f"neuron {place[2][0]}" if place and place[2] else "neuron"
        name = f"layer {layers[neuron.output]}, {name}" if is_deep else name
        leaves = [each for each in (*neuron.weights, neuron.bias) if each in items]
        own = [each for each in leaves if each is not None and takers[each] == 1]
        yield Group(name, (*own, *(each for each in neuron.members if each in items)))
    for number, members in closed.items():
        yield Group(f"{kind} {number}", tuple(members), whole=True)


def _tinted(trace: Trace, neurons: Sequence[Neuron]) -> frozenset[int]:
    """What the neurons of the second, the fourth … layer compute."""
    layers = _layers(trace.neurons, [value.label for value in trace.values])
    second = sorted({layers[neuron.output] for neuron in neurons})[1::2]
    members = (neuron.members for neuron in neurons if layers[neuron.output] in second)
    return frozenset(each for own in members for each in own)


def examples_of(neurons: Sequence[Neuron]) -> dict[int, int]:
    """Of each neuron, by its output, the number of the example that it computes with.

    Neurons belong together that take the same inputs, or one the output of the other.
    """
    root: dict[object, object] = {}

    def find(thing: object) -> object:
        while thing in root:
            thing = root[thing]
        return thing

    def join(one: object, other: object) -> None:
        if (first := find(one)) != (second := find(other)):
            root[first] = second

    outputs = {value: neuron for neuron in neurons for value in (neuron.sum, neuron.output)}
    for neuron in neurons:
        join(neuron.output, neuron.takes)
        for each in neuron.inputs:
            if isinstance(each, int) and each in outputs:
                join(neuron.output, outputs[each].output)
    numbers: dict[object, int] = {}
    return {n.output: numbers.setdefault(find(n.output), len(numbers) + 1) for n in neurons}


def _layers(neurons: Sequence[Neuron], labels: Sequence[str | None]) -> dict[int, int]:
    """Of each neuron, by its output, the number of its layer, by its name or by its inputs."""
    layers: dict[int, int] = {}
    for neuron in neurons:
        before = [layers.get(each, 0) for each in neuron.inputs if isinstance(each, int)]
        place = place_of(labels, neuron)
        layer = place[1] if place and place[1] else 1 + max(before, default=0)
        layers[neuron.sum] = layers[neuron.output] = layer
    return layers


def _of_this_pass(passes: Trace) -> Trace:
    gradients = [value.grad for value in passes.values]
    if passes.forward:
        for output, start in zip(passes.outputs, passes.upstreams, strict=True):
            gradients[output] = start
    for wire in passes.wires:
        gradients[wire.value] = wire.total
    pairs = zip(passes.values, gradients, strict=True)
    values = tuple(replace(value, grad=grad) for value, grad in pairs)
    return replace(passes, values=values, ran=True)


def no_value(thing: object, caller: str) -> str:
    """What to say where a function that draws a circuit gets something else than a `Value`."""
    takes, got = f"{caller}() takes a Value, the output of a circuit", repr(thing).splitlines()[0]
    cure = f"; a circuit is made by computing with values, as in {caller}(Value(3.0) * 2)"
    if isinstance(thing, list | tuple):
        got = f"a {type(thing).__name__} of {len(thing)}"
        if caller == "draw":
            takes += ", or a list of several"
            cure = f" {'with something else' if thing else 'values'}"
        else:
            takes = takes.replace("a Value", "one Value")
            cure = f"; draw them one by one: [{caller}(v) for v in values]"
    elif callable(thing):
        got = getattr(thing, "__name__", type(thing).__name__)
        cure = f", which gives one when it is called: {caller}(model(x)), {caller}(f(x))"
    return f"{takes}, but got {got}{cure}"


_ENOUGH = 1_000_000  # values that are counted for the sake of an error message


def _count(outputs: Sequence[Value], enough: int) -> int:
    """How many values a circuit has; counting stops at `enough`."""
    return sum(1 for _ in islice(_reached(*outputs), enough))


def _reached(*outputs: Value, known: Set[Value] = frozenset()) -> Iterator[Value]:
    """Values and all that they are computed from, each once, but nothing that is known already.

    >>> x, y = Value(3.0, "x"), Value(4.0, "y")
    >>> q = x * y
    >>> [value.label for value in _reached(q * y, known={q})][1:]
    ['y']
    """
    seen = {*outputs}
    waiting = [*outputs]
    yield from outputs
    while waiting:
        for source in waiting.pop().inputs:
            if source not in seen and source not in known:
                seen.add(source)
                waiting.append(source)
                yield source


def _renamed(trace: Trace, names: Mapping[int, str]) -> Trace:
    """The trace with other names for some values, which are given by their indices.

    >>> x = Value(3.0, "x")
    >>> [value.name for value in _renamed(trace(x * x + 1), {1: "v2"}).values]
    ['x', 'v2', 'v1']
    """
    labels = [names.get(value.index, value.label) for value in trace.values]
    values = [
        replace(value, label=label, name=name)
        for value, label, name in zip(trace.values, labels, name_all(labels), strict=True)
    ]
    return replace(trace, values=tuple(values))


def _names_for(values: Sequence[Value | None], namespace: Mapping[str, Any]) -> dict[int, str]:
    """The names that a namespace has for some values, by their place in the sequence.

    They are those of `named_values`; a value with several names gets the first.

    >>> w = [Value(2.0), Value(3.0)]
    >>> _names_for([w[1]], {"w": w, "last": w[1]})
    {0: 'w[1]'}
    """
    if not isinstance(namespace, Mapping):
        raise TypeError(f'names takes names and values, {{"q": q}} or locals(), not {namespace!r}')
    places = {value: place for place, value in enumerate(values) if value is not None}
    found: dict[int, str] = {}
    for name, value in named_values(namespace):
        if value in places:
            found.setdefault(places[value], name)
    return found


def _opened(
    outputs: Sequence[Value], what: Expand, limit: int | None
) -> tuple[Trace, list[Value | None], tuple[Group, ...]]:
    """The trace of a circuit, the user's values and the groups, when some gates are opened."""
    passes = trace(outputs)
    values = all_values(*outputs)
    is_folded = limit is not None and len(values) > limit
    closed = _asked(what, values, passes.neurons) if is_folded else frozenset()
    chosen = _chosen(values, what, closed)
    if not chosen:
        return passes, list(values), ()
    # in a context of its own, lest a `no_grad` around the caller keeps it from being recorded
    twins, parts = Context().run(_rebuild, values, chosen)
    for known, value in zip(twins, passes.values, strict=True):
        known.label = value.label
    tops = [twins[place] for place in passes.outputs]
    if passes.ran:
        Context().run(dot, tops, passes.upstreams).backward()
        for own, known in zip(values, twins, strict=True):
            known.grad = own.grad
    opened = trace(tops)
    places = {value: place for place, value in enumerate(all_values(*tops))}
    users: list[Value | None] = [None] * len(places)
    traced = list(opened.values)
    for own, known, value in zip(values, twins, passes.values, strict=True):
        place = places[known]
        users[place] = own
        traced[place] = replace(traced[place], data=value.data)
    steps = passes.step_of
    groups = tuple(
        Group(steps[index].symbol, tuple(sorted(places[part] for part in members)))
        for index, members in parts.items()
    )
    return replace(opened, values=tuple(traced)), users, groups


def _rebuild(
    values: list[Value], chosen: Collection[int]
) -> tuple[list[Value], dict[int, list[Value]]]:
    """A twin of each value, and the parts of those that were opened."""
    parts: dict[int, list[Value]] = {}
    built: set[Value] = set()
    indices = {value: index for index, value in enumerate(values)}

    def make(value: Value, operands: list[Any]) -> Value:
        twin = Value(value.data) if value.gate is None else value.gate(*value.gate.group(operands))
        if indices[value] in chosen and (opened := _open(twin)) is not None:
            twin = opened
            parts[indices[value]] = list(_reached(twin, known=built))
        built.add(twin)
        return twin

    twins = rebuild(values, make)
    return [twins[value] for value in values], parts


def _open(value: Value) -> Value | None:
    """The value computed from the parts of its gate, or None if they fail where that does not."""
    try:
        opened = expand(value)
    except (ValueError, ZeroDivisionError):
        return None
    inside = list(_reached(opened, known=set(value.inputs)))
    numbers = [number for part in inside for number in (part.data, *part.local_grads)]
    agrees = math.isclose(opened.data, value.data, rel_tol=1e-6)
    return opened if agrees and all(map(math.isfinite, numbers)) else None


def _asked(
    what: Expand, values: Sequence[Value | None], neurons: Sequence[Neuron]
) -> frozenset[int]:
    """The values of the neurons that are to be opened, by their indices."""
    listed = _listed(what)
    wanted = {id(each) for each in listed if isinstance(each, Value)}
    every = NEURON in listed
    places = {place for place, own in enumerate(values) if id(own) in wanted}
    members = [neuron.members for neuron in neurons]
    return frozenset().union(*(each for each in members if every or not places.isdisjoint(each)))


def _chosen(values: list[Value], what: Expand, neurons: Collection[int]) -> set[int]:
    """The indices of the values whose gates are to be opened.

    Of values in neurons that are closed the neurons are opened, and not the gates.
    """
    if what is False:
        return set()
    openable = {
        index: value.gate
        for index, value in enumerate(values)
        if value.gate is not None and value.gate.expansion is not None and value.inputs
    }
    if what is True:
        return set(openable)
    chosen = set()
    for each in _listed(what):
        if isinstance(each, Value):
            found = {index for index in openable if values[index] is each} - {*neurons}
            if not found and all(values[index] is not each for index in neurons):
                raise ValueError(f"expand has {each!r}, which is no value here whose gate opens")
        elif each == NEURON:
            continue
        else:
            found = {i for i, gate in openable.items() if each in (gate.name, gate.symbol)}
            names = [gate.name for gate in GATES.values() if gate.expansion is not None]
            symbols = [gate.symbol for gate in GATES.values() if gate.expansion is not None]
            if each not in names + symbols:
                raise ValueError(f"there is no gate {each!r} that opens; choose {', '.join(names)}")
        chosen |= found
    return chosen


def _listed(what: object) -> list[str | Value]:
    if isinstance(what, bool):
        return []
    if isinstance(what, str | Value):
        return [what]
    if isinstance(what, Collection) and all(isinstance(each, str | Value) for each in what):
        return list(what)
    raise TypeError(
        "expand takes True, or a collection of names of gates and of values, "
        f'{{"sigmoid", q}}, not {what!r}'
    )
