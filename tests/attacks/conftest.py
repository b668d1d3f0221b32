"""One Harbor Street for the tests of a file, put back after each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.storms.undoing import Undo
from tests.support.run import Run
from tests.support.street import Street, furnished


@pytest.fixture(scope="module")
def whole_street(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Street, Undo]]:
    with furnished(run, "sqlite", tmp_path_factory.mktemp("street") / "data") as street:
        yield street, Undo(street.house.place)


@pytest.fixture
def street(whole_street: tuple[Street, Undo]) -> Iterator[Street]:
    """The furnished street as if no test had been there; what a test does in it is undone."""
    made, undo = whole_street
    yield made
    undo.undo()
