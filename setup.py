"""The hot modules are compiled from the Python files that people read, where there is a compiler.

Types for the compiler stand in a .pxd file beside a module. Where compiling fails, the installation
goes on without, and the modules run as they are written.
"""

import os
import sys

from Cython.Build import cythonize
from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

MODULES = (
    "affine",
    "applying",
    "evaluate",
    "floats",
    "gate",
    "gates",
    "numbers",
    "order",
    "passes",
    "products",
    "value",
)

WITHOUT_SYMBOLS = [] if os.name == "nt" else ["-g0"]
"""Symbols for a debugger of C would make the modules five times as large."""


class BuildAllOrNothing(build_ext):
    """Compile every module, or go on without any."""

    def initialize_options(self) -> None:
        """Compile as many modules at once as there are processors."""
        super().initialize_options()
        self.parallel = True

    def run(self) -> None:
        """Compile, and say so where that fails."""
        try:
            super().run()
        except Exception as error:
            print(f"not compiled, the engine runs as it is written: {error}", file=sys.stderr)
            self.extensions = []


extensions = [
    Extension(
        f"autograd_core.{name}",
        [f"autograd_core/{name}.py"],
        # classes that can be given methods, as the classes of Python can
        define_macros=[("CYTHON_USE_TYPE_SPECS", "1")],
        extra_compile_args=WITHOUT_SYMBOLS,
    )
    for name in MODULES
]
setup(
    ext_modules=cythonize(extensions, build_dir="build", language_level=3),
    cmdclass={"build_ext": BuildAllOrNothing},
)
