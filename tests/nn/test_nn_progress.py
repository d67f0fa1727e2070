import io
import sys

import pytest

from nn.training.progress import progress_bar


def two_epochs(shown):
    with progress_bar(2, shown) as show:
        for loss in (0.5, 0.25):
            show({"loss": loss})


def test_the_progress_bar_can_be_turned_on_and_off(capsys):
    two_epochs(True)
    shown = capsys.readouterr()
    assert "2/2" in shown.err and "epoch" in shown.err and "loss=0.25" in shown.err
    for progress in (None, False):
        two_epochs(progress)
        assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("progress, shown", [(None, True), (True, True), (False, False)])
def test_on_a_terminal_the_progress_bar_is_shown_unless_turned_off(monkeypatch, progress, shown):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr("sys.stderr", Terminal())
    two_epochs(progress)
    assert ("2/2" in sys.stderr.getvalue()) == shown
