"""What a picture of a circuit consists of, as data: no place, no colour of a pixel, no file.

`options` are what the user asks for; `scene` reads the circuit; `blocks` are its texts, wired to
each other; `timeline` says when each number becomes known; `style` has colours, decimals and the
width of texts.
"""
