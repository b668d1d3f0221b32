"""Laws 8 and 13, and what browsers are told: page and fragment, templates, headers, addresses."""

from __future__ import annotations

import re
from pathlib import Path

import jinja2
import pytest
from flask import Flask
from htmx_flask import Htmx
from htmx_flask import make_response as htmx_response
from htmx_flask.requests import HtmxAwareRequest
from werkzeug.test import TestResponse

from core.settings import CHECKOUT
from core.web.paths import own_path
from tests.support.house import House

CLIENT = "client@demo.test"
ASKED = {"HX-Request": "true"}
VARY = {"HX-Request", "HX-Boosted", "HX-History-Restore-Request"}
FOLDERS = [CHECKOUT / "templates", *CHECKOUT.glob("plugins/*/templates")]
TEMPLATES = sorted(path for folder in FOLDERS for path in folder.rglob("*.html"))
OWN_STATIC = sorted(
    path
    for folder in [CHECKOUT / "static", *CHECKOUT.glob("plugins/*/static")]
    for path in folder.rglob("*")
    if path.suffix in {".css", ".js"} and "vendor" not in path.parts
)
INLINE = {
    "a script of its own": re.compile(r"<script(?![^>]*\ssrc=)", re.IGNORECASE),
    "a style of its own": re.compile(r"<style\b|[\s\"']style\s*=", re.IGNORECASE),
    "a handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a script as address": re.compile(r"javascript:", re.IGNORECASE),
    "a htmx attribute without data-": re.compile(r"<[^>]*\shx-[a-z]", re.IGNORECASE),
    "code for htmx": re.compile(r"hx-(on|vars|params|prompt)\b|hx-vals=.js:", re.IGNORECASE),
    "words that are not escaped": re.compile(r"\|\s*safe\b|autoescape\s+false", re.IGNORECASE),
}
THIRD_PARTY = re.compile(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", re.IGNORECASE)
# A name and no address: browsers never ask for it.
NAMESPACE = "http://www.w3.org/"


@pytest.fixture
def database() -> str:
    """What is shown here does not depend on the database."""
    return "sqlite"


def relative(path: Path) -> str:
    return str(path.relative_to(CHECKOUT))


def test_law_08_each_page_varies_and_only_plain_htmx_gets_a_fragment(house: House) -> None:
    browser = house.browser(CLIENT)
    for path in ("/inbox/", "/appointments/", "/appointments/search", "/settings/", "/nowhere/"):
        page = browser.get(path)
        assert set(page.headers["Vary"].replace(",", " ").split()) >= VARY, path
        for how in ("HX-Boosted", "HX-History-Restore-Request"):
            assert "<html" in browser.get(path, ASKED | {how: "true"}).text, (path, how)
    whole = browser.get("/inbox/").text
    part = browser.get("/inbox/", ASKED)
    assert "<html" in whole
    assert "<html" not in part.text
    assert 0 < len(part.text) < len(whole)
    assert set(part.headers["Vary"].replace(",", " ").split()) >= VARY


def test_law_08_htmx_is_led_by_its_own_header(house: House) -> None:
    answer = house.browser().get("/inbox/", ASKED)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/login?next=/inbox/")
    plain = house.browser().get("/inbox/")
    assert (plain.status_code, plain.headers["Location"]) == (303, "/login?next=/inbox/")


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_law_13_a_template_has_nothing_inline_and_asks_nobody_else(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    faults = {what: found.group() for what, pattern in INLINE.items() if (found := pattern.search(text))}
    assert not faults
    assert not THIRD_PARTY.findall(text.replace(NAMESPACE, ""))


@pytest.mark.parametrize("path", OWN_STATIC, ids=relative)
def test_law_13_a_sheet_or_script_asks_nobody_else(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace(NAMESPACE, "")
    assert not THIRD_PARTY.findall(text)
    assert not re.search(r"\beval\(|new Function\(|innerHTML|document\.write", text)


def test_law_13_a_missing_value_is_an_error_and_words_are_escaped(house: House) -> None:
    env = house.app.jinja_env
    assert env.undefined is jinja2.StrictUndefined
    with pytest.raises(jinja2.UndefinedError):
        env.from_string("{{ nothing }}").render()
    for template in env.list_templates(extensions=["html"]):
        env.get_template(template)
        assert not callable(env.autoescape) or env.autoescape(template), template


def answers(house: House) -> dict[str, TestResponse]:
    visitor, client = house.browser(), house.browser(CLIENT)
    return {
        "a page": client.get("/inbox/"),
        "a fragment": client.get("/inbox/", ASKED),
        "login": visitor.get("/login"),
        "led on": visitor.get("/inbox/"),
        "htmx led on": visitor.get("/inbox/", ASKED),
        "missing": client.get("/nowhere/"),
        "wrong method": client.ask("DELETE", "/inbox/"),
        "without a token": client.post("/inbox/new/", {"csrf_token": "made up"}),
        "too long": client.post("/inbox/new/", {"body": "x" * 600_000}),
        "refused form": client.post("/inbox/new/"),
        "a file": visitor.get("/static/icon.svg"),
        "a missing file": visitor.get("/static/none.svg?v=1"),
        "alive": visitor.get("/healthz"),
    }


def test_A38_law_13_headers_stand_on_every_answer(house: House) -> None:
    for what, answer in answers(house).items():
        headers = answer.headers
        policy = headers["Content-Security-Policy"]
        assert "unsafe-" not in policy, what
        for words in (
            "default-src 'none'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ):
            assert words in policy, what
        assert "//" not in policy, what
        assert headers["X-Content-Type-Options"] == "nosniff", what
        assert headers["Referrer-Policy"] == "same-origin", what
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", what
        assert "camera=()" in headers["Permissions-Policy"], what
        assert headers["Cache-Control"] == ("no-cache" if what == "a file" else "no-store"), what
        answer.close()


@pytest.mark.parametrize(
    "id_",
    [
        "10" * 11,
        "-1",
        "9" * 5000,
        "٣" * 32,
        "00000000-0000-4000-8000-000000000000",
        "01890A5D-AC96-774B-BCCE-B302099A8057",
        "{01890a5d-ac96-774b-bcce-b302099a8057}",
        "01890a5dac96774bbcceb302099a8057",
        "%00",
        "1%0a",
    ],
)
def test_A43_an_id_that_is_none_is_not_found(house: House, id_: str) -> None:
    browser = house.browser(CLIENT)
    for path in (f"/inbox/{id_}/", f"/appointments/{id_}/", f"/intake/{id_}/"):
        assert browser.get(path).status_code == 404, path


@pytest.mark.parametrize(
    "address",
    [
        "//evil.test",
        "/\\evil.test",
        "\\/evil.test",
        "https:evil.test",
        "https://evil.test/",
        "\t//evil.test",
        "/\t/evil.test",
        "javascript:alert(1)",
        "evil.test",
        "/" + "a" * 500,
        "",
    ],
)
def test_A18_next_leads_to_own_paths_only(house: House, address: str) -> None:
    assert own_path(address) is None
    client = house.browser(CLIENT)._client
    answer = client.get("/login", query_string={"next": address})
    assert answer.headers["Location"] == "/"


def test_A18_an_own_path_is_kept() -> None:
    assert own_path("/appointments/search?on=2026-12-03") == "/appointments/search?on=2026-12-03"
    assert own_path(None) is None


def test_the_faults_of_htmx_flask_are_the_ones_we_know() -> None:
    app = Flask("faults")
    app.request_class = type("Own", (app.request_class,), {})
    Htmx(app)
    assert app.request_class is HtmxAwareRequest
    with app.test_request_context():
        for right in ("beforebegin", "afterbegin", "outerHTML show:top"):
            with pytest.raises(ValueError, match=r"reswap|Reswap"):
                htmx_response("x", reswap=right)
        with pytest.raises(TypeError):
            htmx_response("x", reselect="#a")
        assert "Vary" not in htmx_response("x").headers


def test_only_one_file_knows_htmx() -> None:
    knowing = [
        path
        for folder in ("core", "plugins", "vestibule")
        for path in (CHECKOUT / folder).rglob("*.py")
        if re.search(r"htmx_flask|HX-Target|HX-Trigger", path.read_text(encoding="utf-8"))
    ]
    assert [relative(path) for path in sorted(knowing)] == ["core/app.py", "core/web/pages.py"]
