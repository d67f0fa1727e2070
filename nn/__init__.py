"""Neurons, layers and networks, built on `autograd_core` alone."""
