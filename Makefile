# `make demo` and `make test` work on a fresh machine: they make a virtual environment of their own.

PYTHON ?= python3
VENV ?= .venv
# `make test EXTRAS=notebook,pyright` installs JupyterLab and pyright, 250 MB, for their tests too.
EXTRAS ?=
BYTECODE :=
BIN := $(VENV)/bin
# On each core one process, to which whole files go: they share what is expensive to make.
PARALLEL := --numprocesses=auto --dist=loadfile
# What depends on whether the engine is compiled: its tests, but for those that build it or compile
# programs themselves, and the examples in all docstrings.
OF_THE_FORM := tests/engine tests/test_imports.py tests/test_readme.py autograd_core nn viz \
    --ignore=tests/engine/test_installation.py \
    --ignore=tests/engine/programs/test_programs_source.py

.PHONY: demo test format benchmark clean

# Lessons do not wait for a compiler, of C or of bytecode: all together take less time than these.
demo: export SCALAR_CIRCUITS_PURE := 1
demo: BYTECODE := --no-compile
demo: $(VENV)/demos
	$(BIN)/python -m demos

test: $(VENV)/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -c "import autograd_core; print('compiled:', autograd_core.compiled)"
	$(BIN)/pytest $(PARALLEL)
# The plain form is tested too, as far as it matters; where nothing was compiled, that was it.
	if $(BIN)/python -c "import autograd_core, sys; sys.exit(not autograd_core.compiled)"; \
	    then SCALAR_CIRCUITS_PURE=1 $(BIN)/pytest $(PARALLEL) $(OF_THE_FORM); fi

format: $(VENV)/test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

benchmark: $(VENV)/benchmarks
	$(BIN)/python benchmarks/eager.py
	$(BIN)/python benchmarks/drawing.py
	$(BIN)/python benchmarks/peers.py
	$(BIN)/python benchmarks/training.py

# Without .DELETE_ON_ERROR what venv leaves where it fails would be taken for an environment.
.DELETE_ON_ERROR:
$(VENV)/bin/python:
	@$(PYTHON) -c "import sys; sys.exit('Python 3.10 or later is needed; with another one: make $(MAKECMDGOALS) PYTHON=python3.12' if sys.version_info < (3, 10) else 0)"
	$(PYTHON) -m venv $(VENV)

# The compiled modules stand beside their sources; a change to a source or its types rebuilds them.
in_engine = $(wildcard $(foreach place,* */* */*/*,autograd_core/$(place).$(1)))
SOURCES := setup.py $(foreach kind,py pxd pyx h,$(call in_engine,$(kind)))

$(VENV)/test $(VENV)/benchmarks: $(SOURCES)

# Each stamp file says that the project is installed there with the packages of that extra.
$(VENV)/demos $(VENV)/test $(VENV)/benchmarks: $(VENV)/%: pyproject.toml | $(VENV)/bin/python
	@echo "Installing the project into $(VENV), with what its extra '$*' in pyproject.toml lists:"
	@echo "the first time that loads a few hundred MB."
	$(BIN)/python -m pip install --disable-pip-version-check $(BYTECODE) --editable ".[$*$(EXTRAS:%=,%)]"
	@$(BIN)/python -m autograd_core
	touch $@

clean:
	rm -rf $(VENV) gallery build dist *.egg-info
	rm -f $(call in_engine,so) $(call in_engine,pyd) autograd_core/not_compiled.txt
