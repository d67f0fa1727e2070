import numpy as np
import pytest

from autograd_core.programs.run.arrays import Workspace


def test_scratch_of_one_instruction_does_not_overlap() -> None:
    workspace = Workspace({}, np.dtype("float32"))
    shapes = [(3,), (2, 2), (4, 1), (0,), (), (5, 7), (3,), (35,)]
    for _ in range(2):
        workspace.release()
        arrays = [workspace.scratch(shape) for shape in shapes]
        for number, array in enumerate(arrays):
            array.fill(number)
        for number, array in enumerate(arrays):
            assert array.dtype == np.float32
            assert array.shape == shapes[number]
            assert (array == number).all()


def test_the_next_instruction_has_the_same_space() -> None:
    workspace = Workspace({"given": np.zeros(4)}, np.dtype(float))
    assert workspace.bytes == 32
    sizes = []
    for count in (1000, 1024, 700, 3, 4):
        workspace.release()
        workspace.scratch((count,))
        workspace.scratch((count // 2, 2))
        sizes.append(workspace.bytes - 32)
    assert sizes[:3] == [2 * 8 * 1024] * 3
    assert sizes[3:] == [2 * 8 * 1024 + 8 * 4 + 8 * 2, 2 * 8 * 1024 + 2 * 8 * 4 + 8 * 2]


def test_arrays_by_name() -> None:
    given = np.zeros(3)
    workspace = Workspace({"given": given}, np.dtype(float))
    assert workspace["given"] is given
    with pytest.raises(KeyError):
        workspace["other"]
