"""The hot modules are compiled from the Python files that people read, where there is a compiler.

Types for the compiler stand in a .pxd file beside a module. Where compiling fails, the installation
goes on without, and the modules run as they are.
"""

from Cython.Build import cythonize
from setuptools import Extension, setup

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

extensions = [
    Extension(
        f"autograd_core.{name}",
        [f"autograd_core/{name}.py"],
        # classes that can be given methods, as the classes of Python can
        define_macros=[("CYTHON_USE_TYPE_SPECS", "1")],
        optional=True,
    )
    for name in MODULES
]
setup(ext_modules=cythonize(extensions, build_dir="build", language_level=3))
