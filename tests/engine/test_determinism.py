from processes import written_in_two_processes

PROGRAM = """
from autograd_core import Value, dot, explain, grad, logsumexp, staged_code, total, trace

x = [Value(0.1 * i - 0.25, f"x{i}") for i in range(6)]
w = [Value(0.3 - 0.2 * i) for i in range(6)]
hidden = [(dot(w, x[i:] + x[:i]) + w[i]).tanh() for i in range(6)]
output = logsumexp(hidden) * total(hidden).sigmoid() + max(hidden) ** 2 / (hidden[0] ** 2 + 1)
gradients = grad(output, [*x, *w])
output.backward()
for each in (output, *gradients):
    print(trace(each), explain(each), staged_code(each), repr(each), sep="\\n")
"""


def test_the_same_program_prints_the_same_in_two_processes() -> None:
    first, second = written_in_two_processes(PROGRAM)
    assert len(first) > 10_000
    assert first == second
