"""What is written: files, whole or not at all; what commands print; what they say to install."""

import io
import os
import sys
from collections.abc import Callable
from pathlib import Path


def run_command(command: Callable[[], int]) -> int:
    """Run a command that prints, and return its exit code, or 1 where it cannot go on.

    That is where nobody reads what it prints (`| head`), where that cannot be written, and after
    Ctrl-C. A terminal that has not all characters, such as ∂, still gets the text.

    >>> run_command(lambda: print("f = 3") or 0)
    f = 3
    0
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    try:
        code = command()
        if sys.stdout:
            sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        print("\nInterrupted. What was finished by then is there.", file=sys.stderr)
        return 1
    except BrokenPipeError:
        pass
    except OSError as error:
        print(f"cannot go on: {error.strerror or error}", file=sys.stderr)
    # Python writes what is left when it ends, and would say that it cannot
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1


def install_command(extra: str) -> str:
    """The command that brings an extra of this project: from its folder until it is installed.

    >>> install_command("plots")
    'pip install ...[plots]"'
    """
    from importlib.metadata import PackageNotFoundError, version

    try:
        version("scalar-circuits")
    except PackageNotFoundError:
        return f'pip install -e ".[{extra}]"'
    return f'pip install "scalar-circuits[{extra}]"'


def replace_file(path: str | Path, content: bytes) -> None:
    """Write a file so that at any moment it is either the old one or the new one, whole.

    Raises:
        OSError: if it cannot be written; the old file, if there was one, is then untouched.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     replace_file(f"{folder}/notes.txt", b"f = (x + y) * z")
    ...     Path(folder, "notes.txt").read_text()
    'f = (x + y) * z'
    """
    path = Path(path)
    if not path.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {str(path.parent)!r} to save {path.name!r} in")
    if path.is_dir():
        raise IsADirectoryError(f"{str(path)!r} is a folder: write the name of a file in it, too")
    temporary = path.parent / f".{path.name}.{os.urandom(4).hex()}"
    try:
        with temporary.open("xb") as file:
            file.write(content)
        temporary.replace(path)
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.strerror:  # it names the temporary file
            raise OSError(error.errno, error.strerror, str(path)) from None
        raise
