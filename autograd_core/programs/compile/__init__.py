"""The compiler: from a recorded graph to a plan."""
