"""A layout as text, and texts as files: SVG, TikZ, DOT, and what pictures have in common."""
