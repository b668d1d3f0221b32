"""One Harbor Street for each test, a copy of what is furnished once in a run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.run import Run
from tests.support.street import Street, furnished


@pytest.fixture
def street(run: Run, tmp_path: Path) -> Iterator[Street]:
    """The furnished street as if no test had been there."""
    with furnished(run, "sqlite", tmp_path / "street") as street:
        yield street
