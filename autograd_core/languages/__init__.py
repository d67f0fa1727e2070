"""The gate table as program text.

`source_text` is the number system that prints; `python_text` and `javascript_text` are the
languages of staged code and of pages, `kernel_text` is what the engine itself runs, as Python or
compiled.
`method_text` prints `gate_methods` and `gate_functions`, with types for checkers and editors.
"""
