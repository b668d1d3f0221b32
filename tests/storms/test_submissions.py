"""The storm of submissions in small: each intake is in the failing record once, whoever was killed."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.storms.submissions import rows_of
from tests.support.place import Place

Tells = Callable[[str, Callable[[], str]], None]


@pytest.mark.parametrize("database", ["sqlite"])
def test_S5_4_a_failing_record_and_a_kill_lose_and_double_nothing(
    place: Place, tmp_path: Path, tells: Tells
) -> None:
    seed = random.randrange(10_000)
    rows = list(rows_of(place, tmp_path, seed, submissions=4, kills=1))
    tells("The storm", lambda: "\n".join(f"{row.what}: {row.found} ({row.goal})" for row in rows))
    assert all(row.is_met for row in rows), [row for row in rows if not row.is_met]
