"""The hot modules are compiled from the Python files that people read, where there is a compiler.

Types for the compiler stand in a .pxd file beside a module. Where compiling fails, the installation
goes on without, and the modules run as they are written. A file then says why, which
`python -m autograd_core` reads, and a wheel has the name of one without compiled modules. With
SCALAR_CIRCUITS_PURE=1 in the environment, compiling is not tried.
"""

import importlib
import os
import platform
import re
import sys
from importlib.machinery import SOURCE_SUFFIXES, FileFinder, SourceFileLoader
from pathlib import Path
from types import ModuleType

import numpy
from Cython.Build import cythonize
from Cython.Compiler.Errors import CompileError
from setuptools import Extension, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_ext import build_ext

if sys.version_info < (3, 10):  # noqa: UP036  (pip would read that after the table, which fails)
    sys.exit(f"Python 3.10 or later is needed; this is {sys.version.split()[0]}")

ENGINE = Path("autograd_core")
KERNELS = Path("build", "kernels.pyx")
METHODS = ENGINE / "languages" / "gate_methods.py"
FUNCTIONS = ENGINE / "languages" / "gate_functions.py"
MODULES = (
    "affine",
    "apply",
    "coerce",
    "derivatives/adjoint",
    "floats",
    "gate",
    "languages/gate_methods",
    "leaves",
    "node",
    "passes",
    "programs/compile/lower",
    "programs/compile/rewrite_sums",
    "programs/compile/schedule",
    "programs/graph",
    "programs/run/steps",
    "special",
    "toposort",
    "value",
)

OPTIONS = [] if os.name == "nt" else ["-g0", "-ffp-contract=off"]
"""Without symbols for a debugger of C, which would make the modules five times as large.

And without a * b + c in one rounding: a layer has the same numbers as its gates one by one.
"""

LOOPS = ENGINE / "programs" / "run" / "loops.pyx"
LANE = LOOPS.with_name("lane.pyx")
STRICT = [] if os.name == "nt" else ["-O3", "-fno-math-errno", "-fno-trapping-math"]
"""Vector instructions, with the numbers of IEEE-754: only flags that nobody reads may differ."""

VARIANTS = {
    f"loops_{real}{suffix}": (real, options)
    for real in ("double", "float")
    for suffix, options in (("", []), ("_v3", ["-mavx2", "-mfma", "-mbmi2"]))
    if not options or (os.name != "nt" and platform.machine() in ("x86_64", "AMD64"))
}
"""The loops of programs for both types of numbers, and for processors with AVX2."""

NOT_COMPILED = "not compiled, the engine runs as it is written"


class BuildAllOrNothing(build_ext):
    """Compile every module, or go on without any."""

    def initialize_options(self) -> None:
        """Compile as many modules at once as there are processors."""
        super().initialize_options()
        self.parallel = True

    def run(self) -> None:
        """Compile, and say so where that fails."""
        inplace = self.inplace
        try:
            super().run()
        except Exception as error:
            print(f"{NOT_COMPILED}: {error}", file=sys.stderr)
            self.inplace = inplace  # which is another while setuptools compiles
            for extension in self.extensions:
                Path(self.get_ext_fullpath(extension.name)).unlink(missing_ok=True)
            reason = re.sub(r"\['([^']*)', .*\]", r"\1 …", str(error))  # a command, and its options
            self._note().write_text(f"{reason}\n", encoding="utf-8")
            self.extensions = self.distribution.ext_modules = []
        else:
            if self.extensions:
                self._note().unlink(missing_ok=True)

    def _note(self) -> Path:
        """The file that says why nothing is compiled, beside what would be."""
        return Path(self.get_ext_fullpath(f"{ENGINE.name}.value")).with_name("not_compiled.txt")


class WheelNamedAsBuilt(bdist_wheel):
    """A wheel is for one Python and one system only if it holds compiled modules."""

    def run(self) -> None:
        """Compile first, for that decides the name."""
        self.run_command("build")
        self.root_is_pure = not self.distribution.has_ext_modules()
        super().run()


def print_from_the_table() -> None:
    """Write the kernels of all gates as a module for the compiler, and their types as Python.

    The gate table is read from its source: an earlier build beside it may hold another table. The
    package's `__init__` is left out, for it needs more than there is in a build.
    """
    finder = FileFinder(str(ENGINE), (SourceFileLoader, SOURCE_SUFFIXES))
    package = ModuleType(ENGINE.name)
    package.__path__ = [str(ENGINE)]
    before = dict(sys.modules)
    sys.modules[ENGINE.name] = package
    sys.modules["cython"] = None  # type: ignore[assignment]  # the stand-in serves as well
    sys.path_importer_cache[str(ENGINE)] = finder
    try:
        table = importlib.import_module("autograd_core.gate").GATES
        importlib.import_module("autograd_core.gates")
        languages = "autograd_core.languages"
        kernel_text = importlib.import_module(f"{languages}.kernel_text")
        kernels = kernel_text.cython_module(table.values())
        loops = "".join([each.read_text(encoding="utf-8") for each in (LOOPS, LANE)])
        loops += kernel_text.loops(table.values())
        declared = importlib.import_module(f"{languages}.method_text")
        methods, functions = declared.methods(), declared.functions()
    finally:
        del sys.path_importer_cache[str(ENGINE)]
        for name in set(sys.modules) - set(before):
            del sys.modules[name]
        sys.modules.update(before)
    KERNELS.parent.mkdir(exist_ok=True)
    texts = {KERNELS: kernels, METHODS: methods, FUNCTIONS: functions}
    texts |= {Path("build", f"{name}.pyx"): loops for name in VARIANTS}
    for path, text in texts.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def extensions() -> list[Extension]:
    """The modules as C files, or none, if this Cython does not take them or nobody wants them."""
    print_from_the_table()
    if os.environ.get("SCALAR_CIRCUITS_PURE", "0") not in ("", "0"):
        return []
    sources = {name: str(ENGINE / f"{name}.py") for name in MODULES} | {"kernels": str(KERNELS)}
    modules = [
        Extension(
            f"{ENGINE.name}.{name}".replace("/", "."),
            [source],
            include_dirs=[str(ENGINE)],
            depends=[str(ENGINE / "memory.h")],
            # classes that can be given methods, as the classes of Python can
            define_macros=[("CYTHON_USE_TYPE_SPECS", "1")],
            extra_compile_args=OPTIONS,
        )
        for name, source in sources.items()
    ]
    modules += [
        Extension(
            f"{ENGINE.name}.programs.run.{name}",
            [f"build/{name}.pyx"],
            include_dirs=[str(ENGINE), str(LOOPS.parent), numpy.get_include()],
            depends=[str(LOOPS.with_suffix(".h"))],
            define_macros=[("REAL", real), ("NPY_NO_DEPRECATED_API", "NPY_1_7_API_VERSION")],
            extra_compile_args=[*OPTIONS, *STRICT, *options],
        )
        for name, (real, options) in VARIANTS.items()
    ]
    try:
        # types for the compiler come from .pxd files, annotations are for people and checkers
        directives = {"annotation_typing": False, "auto_pickle": False, "language_level": 3}
        return cythonize(modules, build_dir="build", compiler_directives=directives)
    except CompileError as error:
        print(f"{NOT_COMPILED}: {error}", file=sys.stderr)
        return []


def description() -> str:
    """The README for an index of packages, where pictures and links have no files to name.

    Pictures are left out, and of links to files the words stay.
    """
    text = Path("README.md").read_text(encoding="utf-8")
    text = re.sub(r"^\[?!\[.*\)\n\n", "", text, flags=re.MULTILINE)
    return re.sub(r"\[([^]]*)\]\((?!https?:)[^)]*\)", r"\1", text)


COMMANDS = {"build_ext": BuildAllOrNothing, "bdist_wheel": WheelNamedAsBuilt}

setup(
    ext_modules=extensions(),
    cmdclass=COMMANDS,
    long_description=description(),
    long_description_content_type="text/markdown",
)
