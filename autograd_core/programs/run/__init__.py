"""The executor: a plan's instructions carried out for a batch, in blocks that fit the cache."""
