"""Outside truth for the tests: nothing in here uses the engine's formulas."""
