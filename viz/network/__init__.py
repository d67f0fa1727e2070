"""The network view: a model as columns of neurons."""
