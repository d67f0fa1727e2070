"""Which form of the engine runs: its modules as they were compiled, or as they are written.

Both compute the same. To step through the engine in a debugger, choose the written one with
SCALAR_CIRCUITS_PURE=1 in the environment.
"""

import os
import sys
from importlib.machinery import SOURCE_SUFFIXES, FileFinder, SourceFileLoader

from autograd_core import __path__ as folders

VARIABLE = "SCALAR_CIRCUITS_PURE"


def _find_sources_only() -> None:
    """Let Python find nothing but source files in the folder of this package."""
    for folder in folders:
        sys.path_importer_cache[folder] = FileFinder(folder, (SourceFileLoader, SOURCE_SUFFIXES))


if os.environ.get(VARIABLE, "0") not in ("", "0"):
    _find_sources_only()
