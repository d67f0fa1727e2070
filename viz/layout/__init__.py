"""Where everything stands: a layered drawing after Sugiyama, in pixels.

`lay_out` does it step by step: `columns` and the order in them, `heights`, the `boxes` of blocks,
then wires and frames. The result is the plain data of `geometry`.
"""
