"""A practice whose record is far away, for the tests of intake."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from core import hooks
from core.app import ROOMS
from core.settings import CHECKOUT
from tests.plugins.intake.test_record import choose_form
from tests.support.far_record import FarRecord
from tests.support.house import House, open_app
from tests.support.place import Place


@pytest.fixture
def far(tmp_path: Path) -> FarRecord:
    return FarRecord(tmp_path)


@pytest.fixture
def far_house(place: Place, far: FarRecord) -> Iterator[House]:
    """The house, with Dr Ortiz' record far away."""
    with ExitStack() as stack:
        house = stack.enter_context(open_app(place, far.environment))
        far.take_over(house)
        choose_form(house)
        yield house
    hooks.load(ROOMS, [CHECKOUT / "plugins"])
