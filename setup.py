"""The hot modules are compiled from the Python files that people read, where there is a compiler.

Types for the compiler stand in a .pxd file beside a module. Where compiling fails, the installation
goes on without, and the modules run as they are written.
"""

import os
import sys
from pathlib import Path

from Cython.Build import cythonize
from Cython.Compiler.Errors import CompileError
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

NOT_COMPILED = "not compiled, the engine runs as it is written"


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
            print(f"{NOT_COMPILED}: {error}", file=sys.stderr)
            for extension in self.extensions:
                Path(self.get_ext_fullpath(extension.name)).unlink(missing_ok=True)
            self.extensions = []


def extensions() -> list[Extension]:
    """The modules as C files, or none, if this Cython does not take them."""
    modules = [
        Extension(
            f"autograd_core.{name}",
            [f"autograd_core/{name}.py"],
            # classes that can be given methods, as the classes of Python can
            define_macros=[("CYTHON_USE_TYPE_SPECS", "1")],
            extra_compile_args=WITHOUT_SYMBOLS,
        )
        for name in MODULES
    ]
    try:
        return cythonize(modules, build_dir="build", language_level=3)
    except CompileError as error:
        print(f"{NOT_COMPILED}: {error}", file=sys.stderr)
        return []


setup(ext_modules=extensions(), cmdclass={"build_ext": BuildAllOrNothing})
