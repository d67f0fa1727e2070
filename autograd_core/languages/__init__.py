"""The gate table as program text.

`source_text` is the number system that prints; `python_text` is the language of staged code (that
of pages is derived from it in `viz.page`), `kernel_text` is what the engine itself runs, as Python
or compiled.
`method_text` prints `gate_methods` and `gate_functions`, with types for checkers and editors.
"""
