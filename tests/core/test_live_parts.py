"""Live parts of pages: each answers alone at the address that its page names."""

from __future__ import annotations

import re
from html import unescape

from tests.support.house import House

CLIENT, OWNER = "client@demo.test", "provider@demo.test"
LIVE_PART = re.compile(r'<div id="(\w+)"[^>]* data-live="([^"]+)" data-live-href="([^"]+)"')


def test_law_08_each_live_part_answers_alone_at_its_own_address(house: House) -> None:
    carla, lena = house.browser(CLIENT), house.browser(OWNER)
    chart = house.chart(CLIENT, "ortiz").id
    thread = re.search(r'href="/inbox/([0-9a-f-]{36})/"', carla.get("/inbox/").text)
    assert thread is not None
    base = "/practice/ortiz/"
    pages = [(carla, path) for path in ("/inbox/", f"/inbox/{thread[1]}/", "/appointments/")]
    pages += [(lena, base), (lena, f"{base}inbox/"), (lena, f"{base}inbox/{thread[1]}/")]
    pages += [(lena, f"{base}calendar/"), (lena, f"{base}calendar/week")]
    pages += [(lena, f"{base}clients/{chart}/messages/")]
    for browser, path in pages:
        parts = LIVE_PART.findall(browser.get(path).text)
        assert {"menu"} < {part for part, _hears, _href in parts}, path
        for part, _hears, href in parts:
            asked = {"HX-Request": "true", "Vestibule-Background": "1"}
            answer = browser.get(unescape(href), asked)
            assert answer.status_code == 200, href
            assert re.match(rf'\s*<div id="{part}"', answer.text), href
            assert "<html" not in answer.text, href
