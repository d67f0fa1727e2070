"""The executor: a plan's steps carried out for a batch, in blocks that fit the cache."""

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Index = npt.NDArray[np.integer[Any]]
