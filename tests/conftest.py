"""What tests share: programs that may be missing, a browser, a gate of a user's own."""

import gc
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any

import pytest
from browser import Browser, find_browser
from hypothesis import HealthCheck, settings

from autograd_core import GATES, Gate, Value, gate

settings.register_profile(
    "the same examples on every machine, however slow it is",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("the same examples on every machine, however slow it is")

# The doctests of a module that was compiled stand in the file that it was compiled from.
os.environ["PY_IGNORE_IMPORTMISMATCH"] = "1"


collect_ignore = ["types"]  # programs for type checkers


def find_pyright() -> bool | None:
    """Whether pyright runs: when it is first called, it loads a part of itself."""
    if find_spec("pyright") is None:
        return None
    called = [sys.executable, "-m", "pyright", "--version"]
    return subprocess.run(called, capture_output=True, check=False).returncode == 0 or None


PROGRAMS: dict[str, tuple[Callable[[], object], str]] = {
    "cc": (lambda: shutil.which("cc"), "a C compiler (apt-get install gcc)"),
    "chromium": (find_browser, "Chromium (apt-get install chromium)"),
    "dot": (lambda: shutil.which("dot"), "Graphviz (apt-get install graphviz)"),
    "jupyterlab": (
        lambda: find_spec("jupyterlab") and find_spec("nbconvert"),
        "JupyterLab (make test EXTRAS=notebook)",
    ),
    "pdflatex": (
        lambda: shutil.which("pdflatex"),
        "LaTeX (apt-get install texlive-latex-base texlive-pictures)",
    ),
    "pyright": (find_pyright, "pyright (make test EXTRAS=pyright)"),
}
"""Programs that the tests' own packages do not bring: how each is found, and how to get it."""

INSTALLED_IN_CI = ("chromium", "dot", "jupyterlab", "pyright")


def pytest_collection_finish() -> None:
    """Garbage is not looked for among what is there for good: modules, and ten thousand tests."""
    gc.collect()
    gc.freeze()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave out a test that needs a program that is not there."""
    for mark in item.iter_markers("needs"):
        [program] = mark.args
        find, how = PROGRAMS[program]
        if find() is None:
            if os.environ.get("CI") and program in INSTALLED_IN_CI:
                pytest.fail(f"CI leaves nothing out, but is without {how}", pytrace=False)
            pytest.skip(f"without {how}")  # noqa: TID251


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say in one line how many tests were left out, and what would let them run."""
    skipped = terminalreporter.getreports("skipped")
    counts = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped)
    if counts:
        reasons = ", ".join(f"{count} {reason}" for reason, count in counts.items())
        terminalreporter.write_line(f"left out: {reasons}")


@pytest.fixture(autouse=True)
def same_random_numbers() -> None:
    """Models that are given no seed start with the same numbers in every run."""
    random.seed(0)


@pytest.fixture(scope="session")
def shared_browser() -> Iterator[Browser]:
    """One browser for all tests."""
    program = find_browser()
    assert program, "a test with a browser is marked with needs('chromium')"
    with Browser(program) as started:
        yield started


@pytest.fixture
def browser(shared_browser: Browser) -> Iterator[Browser]:
    """The browser as if it were new; in the end nothing may have gone wrong in it."""
    shared_browser.problems.clear()
    shared_browser.requests.clear()
    shared_browser.prefer(prefers_color_scheme="light", prefers_reduced_motion="no-preference")
    yield shared_browser
    assert shared_browser.problems == []
    near = ("file:", "about:", "data:")
    elsewhere = [url for url in shared_browser.requests if not url.startswith(near)]
    assert elsewhere == [], "a page must not ask for anything"


@pytest.fixture(autouse=True)
def table_of_gates() -> Iterator[None]:
    """Gates that are entered for a test leave the table after it, and names are what they were."""
    before, names = set(GATES), dict(vars(Value))
    yield
    for name in set(GATES) - before:
        del GATES[name]
        if name in names:
            setattr(Value, name, names[name])
        elif hasattr(Value, name):
            delattr(Value, name)


@pytest.fixture
def swish() -> Gate:
    """A gate that is entered for one test."""

    @gate(
        "swish",
        pattern="chain: the input gets the upstream gradient times the slope",
        local_gradients=[
            lambda math, out, x, beta: (
                math.sigmoid(beta * x) + beta * out * math.sigmoid(-beta * x)
            ),
            lambda math, out, x, beta: x * out * math.sigmoid(-beta * x),
        ],
    )
    def swish(math: Any, x: Any, beta: Any = 1.0) -> Any:
        """x · σ(βx)."""
        return x * math.sigmoid(beta * x)

    return swish
