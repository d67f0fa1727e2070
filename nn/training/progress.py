"""A progress bar for epochs."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager


@contextmanager
def progress_bar(
    epochs: int, shown: bool | None
) -> Iterator[Callable[[Mapping[str, float]], None]]:
    """A bar that moves on by an epoch, and shows its numbers, each time that it is called.

    Args:
        epochs: how many there will be.
        shown: whether to show it; None for on a terminal only.
    """
    if shown is None:
        shown = sys.stderr is not None and sys.stderr.isatty()
    if not shown:
        yield lambda numbers: None
        return
    from tqdm import tqdm

    with tqdm(total=epochs, unit="epoch", disable=False) as bar:

        def move_on(numbers: Mapping[str, float]) -> None:
            bar.set_postfix({n: f"{x:.4g}" for n, x in numbers.items()}, refresh=False)
            bar.update()

        yield move_on
