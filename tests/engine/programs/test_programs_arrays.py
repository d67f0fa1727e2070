import pickle

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles.circuits import property_test

from autograd_core.programs.run.arrays import LANES, SHARED, Call, Rows, Workspace

Index = npt.NDArray[np.intp]

SIZE, COUNT = 24, 5


def workspace() -> Workspace:
    numbers = np.arange(SIZE * COUNT, dtype=float).reshape(SIZE, COUNT)
    return Workspace({LANES: numbers, SHARED: numbers[:, 0].copy()}, np.dtype(float))


@st.composite
def indices(draw: st.DrawFn) -> Index:
    """Places in one or two dimensions, regular or not."""
    if draw(st.booleans()):
        shape = draw(st.one_of(st.tuples(st.integers(1, 4)), st.tuples(*[st.integers(1, 4)] * 2)))
        steps = [draw(st.integers(-2, 2)) for _ in shape]
        grid = sum(step * along for step, along in zip(steps, np.indices(shape), strict=True))
        return np.array(np.clip(grid + draw(st.integers(8, 12)), 0, SIZE - 1), dtype=np.intp)
    places = st.integers(0, SIZE - 1)
    row = draw(st.lists(places, min_size=1, max_size=6))
    if draw(st.booleans()):
        return np.array(row, dtype=np.intp)
    other = draw(st.lists(places, min_size=len(row), max_size=len(row)))
    return np.array([row, other], dtype=np.intp)


@property_test(300)
@given(indices(), st.sampled_from([LANES, SHARED]))
def test_a_view_or_a_copy_has_the_numbers_of_the_places(index: Index, array: str) -> None:
    arrays = workspace()
    calls: list[Call] = []
    found = Rows(array, index).read(arrays, calls)
    for call in calls:
        call()
    assert (found == arrays[array][index]).all()
    assert found.shape == arrays[array][index].shape


@property_test(300)
@given(indices())
def test_what_lies_in_regular_steps_is_not_copied(index: Index) -> None:
    arrays = workspace()
    view = Rows(LANES, index).view(arrays)
    if view is not None:
        assert np.shares_memory(view, arrays[LANES])
    else:
        assert index.ndim == 2 or len(set(np.diff(index))) > 1


@property_test(100)
@given(indices())
def test_rows_are_pickled(index: Index) -> None:
    rows = pickle.loads(pickle.dumps(Rows(LANES, index)))
    assert (rows.array, rows.steps, len(rows)) == (LANES, Rows(LANES, index).steps, index.shape[-1])
    assert (rows.index == index).all()


def test_a_large_rectangle_is_a_short_pickle() -> None:
    index = np.arange(100 * 784).reshape(100, 784)
    assert len(pickle.dumps(Rows(SHARED, index))) < 300


@pytest.mark.parametrize("index", [[], [[], []]])
def test_no_places(index: Index) -> None:
    calls: list[Call] = []
    found = Rows(LANES, np.array(index, dtype=np.intp)).read(workspace(), calls)
    for call in calls:
        call()
    assert found.size == 0


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
