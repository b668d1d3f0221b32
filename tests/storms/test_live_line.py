"""A line that breaks while messages are sent: the open page has them all afterwards, in order, once."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.storms.live_storm import Street, cut_line
from tests.support.house import open_app
from tests.support.place import Place
from tests.support.server import open_servers


@pytest.mark.parametrize("database", ["sqlite"])
def test_A66_A70_a_cut_line_loses_nothing_and_keeps_what_is_typed(
    place: Place, browser: Browser, tmp_path: Path
) -> None:
    with open_servers(place, {}, tmp_path) as servers, open_app(place) as house:
        row = cut_line(Street(servers, house), browser, seconds=2, count=5)
    assert row.is_met, row.found
