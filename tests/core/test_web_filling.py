"""A form is filled in again in the page's own source, whatever its fields are."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from core.tenancy.kept import Kept, Typed
from core.web.filling import filled

ID = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
FORM = """<main id="main" tabindex="-1"><p>é – before</p>
<form action="/send" method="post" novalidate>
<input type="hidden" name="csrf_token" value="fresh"><input type="hidden" name="key" value="fresh">
<input type="text" id="a" name="line" value="old" required><input id="n" name="bare">
<textarea id="b" name="body">
old &amp; longer</textarea>
<select id="c" name="one"><option value="">Choose</option><option value="x" selected>X</option>
<option value="y">Y</option></select>
<input type="radio" name="way" value="office" checked><input type="radio" name="way" value="video">
<input type="checkbox" name="days" value="1" checked><input type="checkbox" name="days" value="2">
<input type="checkbox" name="sure" checked>
<input type="password" name="password"><button name="go" value="now">Go</button>
</form></main>"""


def notice(**context: Any) -> str:
    return f"<b>{context['is_filled']} {context['texts']}</b>"


def kept(action: str = "/send", **fields: str | list[str]) -> Kept:
    pairs = [
        (name, each)
        for name, value in fields.items()
        for each in (value if isinstance(value, list) else [value])
    ]
    return Kept(ID, Typed("/page", action, "lapsed", pairs))


def test_law_16_each_kind_of_field_gets_back_what_was_typed() -> None:
    typed = {"line": 'a "quoted" <b>', "bare": "x", "body": "\nfirst\nthen & last", "one": "y"}
    html = filled(FORM, "/page", kept(**typed, way="video", days=["2"]), notice)
    assert "<b>True []</b>" in html
    assert 'name="line" required value="a &quot;quoted&quot; &lt;b&gt;">' in html
    assert '<input id="n" name="bare" value="x">' in html
    assert ">\n\nfirst\nthen &amp; last</textarea>" in html
    assert '<option value="x">X' in html
    assert '<option value="y" selected>Y' in html
    assert 'value="office"><input type="radio" name="way" value="video" checked>' in html
    assert 'value="1"><input type="checkbox" name="days" value="2" checked>' in html
    assert '<input type="checkbox" name="sure">' in html
    assert "é – before" in html


def test_law_16_what_is_secret_or_the_pages_own_is_never_filled_in() -> None:
    sent = kept(line="x", key="stale", csrf_token="stale", password="secret", go="now")
    html = filled(FORM, "/page", sent, notice)
    assert "stale" not in html
    assert "secret" not in html
    assert f'<input type="hidden" name="kept_form" value="{ID}">' in html


def test_law_16_what_was_only_pressed_is_not_called_written() -> None:
    assert "<b>False []</b>" in filled(FORM, "/page", kept(go="now", key="stale"), notice)


def test_law_16_words_without_a_field_are_shown_to_be_copied() -> None:
    html = filled(FORM, "/page", kept(gone="A question that was taken away", line="x"), notice)
    assert "<b>True ['A question that was taken away']</b>" in html
    elsewhere = filled(FORM, "/page", kept("/other", body="All of it", key="k" * 22), notice)
    assert elsewhere.startswith('<main id="main" tabindex="-1"><b>False [\'All of it\']</b>')


@pytest.mark.parametrize("at", ["first", "second"])
def test_law_16_of_forms_with_one_address_it_is_the_one_that_was_sent(at: str) -> None:
    hidden = '<input type="hidden" name="to" value="{0}">'
    one = f'<form action="/send" method="post">{hidden}<input name="x"></form>'
    html = filled(one.format("first") + one.format("second"), "/page", kept(to=at, x="mine"), notice)
    before, _between, after = html.partition('value="mine"')
    assert f'value="{at}"' in before.rsplit("<form", 1)[1] + after.partition("</form>")[0]
    assert html.count('value="mine"') == 1


def test_law_16_a_draft_and_the_form_itself_fill_it_in_once() -> None:
    form = '<form method="post" data-draft="/keep"><textarea name="body"></textarea></form>'
    newest = filled(form, "/page", kept("/page", body="the newest"), notice)
    assert filled(newest, "/page", kept("/keep", body="older"), notice) == newest
    assert "the newest" in newest
