"""What tests share: a browser."""

import os
from collections.abc import Iterator

import pytest
from browser import MISSING, Browser, find_browser

# The doctests of a module that was compiled stand in the file that it was compiled from.
os.environ["PY_IGNORE_IMPORTMISMATCH"] = "1"


@pytest.fixture(scope="session")
def shared_browser() -> Iterator[Browser]:
    """One browser for all tests; where there is none, they fail and say what to do."""
    program = find_browser()
    if program is None:
        pytest.fail(MISSING, pytrace=False)
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
    elsewhere = [url for url in shared_browser.requests if not url.startswith(("file:", "about:"))]
    assert elsewhere == [], "a page must not ask for anything"
