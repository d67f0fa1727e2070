"""A progress bar for epochs."""

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
    from tqdm import tqdm

    with tqdm(total=epochs, unit="epoch", disable=None if shown is None else not shown) as bar:

        def move_on(numbers: Mapping[str, float]) -> None:
            if not bar.disable:
                bar.set_postfix({n: f"{x:.4g}" for n, x in numbers.items()}, refresh=False)
                bar.update()

        yield move_on
