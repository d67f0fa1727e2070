"""What a picture of a circuit consists of, as data: no place, no colour of a pixel, no file.

`style` has the options of the user, colours, decimals and the width of texts; `scene` reads the
circuit, `fold` chooses what of it is shown; `blocks` are its texts, wired to each other, and when
each number becomes known.
"""
