"""Training: epochs of updates by the gradients of a circuit, until something says stop."""
