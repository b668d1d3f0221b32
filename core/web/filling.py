"""Fills a page's form in again, in its HTML: so it works for every form, whoever wrote its view."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from core.tenancy.kept import Kept

# What the page says of itself, what is pressed, and what is secret.
UNFILLED = frozenset({"hidden", "submit", "button", "image", "reset", "password", "file"})
TICKED = frozenset({"checkbox", "radio"})
MARK = "data-kept"
MAIN = '<main id="main"'
# Ids and keys that a page carries along: no words of a person.
MACHINE = re.compile(r"[\w-]{16,}")

Attributes = list[tuple[str, str | None]]
Notice = Callable[..., str]


@dataclass
class _Control:
    """A field in the source of a page: its tag, or what stands between its tags, from `start` to `end`."""

    kind: str
    name: str
    attributes: Attributes
    start: int
    end: int
    value: str = ""


@dataclass
class _Form:
    """A form in the source of a page."""

    start: int
    inside: int
    addresses: frozenset[str]
    is_filled: bool
    controls: list[_Control] = field(default_factory=list)


def filled(html: str, page: str, kept: Kept, notice: Notice) -> str:
    """The page with the form of this address filled in, and a word on it before the form.

    What has no field there any more is shown to be copied. A form that was filled in
    already stays as it is.
    """
    asked = [form for form in _forms_of(html, page) if kept.typed.action in form.addresses]
    if not asked:
        return _shown_alone(html, kept, notice)
    form = max(asked, key=lambda one: _likeness(one, kept.typed.fields))
    if form.is_filled:
        return html
    edits = _edits(form, kept.typed.fields)
    names = {control.name for control in form.controls}
    texts = words_of([pair for pair in kept.typed.fields if pair[0] not in names])
    word = notice(kept=kept, is_filled=_is_typed(form, kept.typed.fields), texts=texts)
    marks = f'<input type="hidden" name="kept_form" value="{kept.id}">'
    opening = html[form.start : form.inside]
    edits.append((form.start, form.inside, f"{word}{opening[:-1]} {MARK}>{marks}"))
    for start, end, text in sorted(edits, reverse=True):
        html = html[:start] + text + html[end:]
    return html


def _shown_alone(html: str, kept: Kept, notice: Notice) -> str:
    texts = words_of(kept.typed.fields)
    at = html.find(MAIN)
    if at < 0 or not texts:
        return html
    at = html.index(">", at) + 1
    return html[:at] + notice(kept=kept, is_filled=False, texts=texts) + html[at:]


def words_of(fields: Sequence[tuple[str, str]]) -> list[str]:
    """What a person can have written among the values of a form."""
    return [value for _name, value in fields if value.strip() and not MACHINE.fullmatch(value)]


def _likeness(form: _Form, fields: Sequence[tuple[str, str]]) -> int:
    """How much a form is the one that was sent, where several of a page go to one address."""
    names = {control.name for control in form.controls}
    hidden = {(control.name, control.value) for control in form.controls if control.kind == "hidden"}
    return sum(name in names for name, _value in fields) + 10 * len(hidden.intersection(fields))


def _is_typed(form: _Form, fields: Sequence[tuple[str, str]]) -> bool:
    """Whether anything was typed or chosen, and not only pressed."""
    open_names = {control.name for control in form.controls if control.kind not in UNFILLED}
    return any(name in open_names and value.strip() for name, value in fields)


def _edits(form: _Form, fields: Sequence[tuple[str, str]]) -> list[tuple[int, int, str]]:
    """What changes in the source: (from, to, text)."""
    left: dict[str, list[str]] = {}
    for name, value in fields:
        left.setdefault(name, []).append(value)
    edits = []
    for control in form.controls:
        typed = left.get(control.name, [])
        if control.kind in TICKED:
            edits.append(_tag(control, "input", "checked", is_on=control.value in typed))
        elif control.kind == "option" and typed:
            edits.append(_tag(control, "option", "selected", is_on=control.value in typed))
        elif control.kind == "textarea" and typed:
            # The first line end after the tag is dropped by browsers.
            edits.append((control.start, control.end, "\n" + escape(typed.pop(0))))
        elif control.kind not in (*UNFILLED, "option", "textarea") and typed:
            kept = [pair for pair in control.attributes if pair[0] != "value"]
            edits.append((control.start, control.end, _written("input", [*kept, ("value", typed.pop(0))])))
    return edits


def _tag(control: _Control, tag: str, truth: str, *, is_on: bool) -> tuple[int, int, str]:
    kept = [pair for pair in control.attributes if pair[0] != truth]
    return control.start, control.end, _written(tag, [*kept, (truth, None)] if is_on else kept)


def _written(tag: str, attributes: Attributes) -> str:
    parts = [name if value is None else f'{name}="{escape(value)}"' for name, value in attributes]
    return f"<{' '.join([tag, *parts])}>"


def _forms_of(html: str, page: str) -> list[_Form]:
    reader = _Reader(html, page)
    reader.feed(html)
    reader.close()
    return reader.forms


class _Reader(HTMLParser):
    """Walks over a page once and notes where its posted forms and their controls stand."""

    def __init__(self, html: str, page: str) -> None:
        super().__init__()
        self.forms: list[_Form] = []
        self._page = page
        self._starts = [0, *(found.end() for found in re.finditer("\n", html))]
        self._form: _Form | None = None
        self._select = ""
        self._text: _Control | None = None

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        told = {name: value or "" for name, value in attrs}
        start = self._at()
        end = start + len(self.get_starttag_text() or "")
        if tag == "form":
            self._form = self._opened(told, start, end)
        elif self._form is None:
            return
        elif tag == "select":
            self._select = told.get("name", "")
        elif tag == "option":
            self._form.controls.append(_Control(tag, self._select, attrs, start, end, told.get("value", "")))
        elif tag == "textarea":
            self._text = _Control(tag, told.get("name", ""), attrs, end, end)
        elif tag == "button":
            self._form.controls.append(_Control(tag, told.get("name", ""), attrs, start, end))
        elif tag == "input":
            kind = told.get("type", "text").lower()
            value = told.get("value", "on" if kind in TICKED else "")
            self._form.controls.append(_Control(kind, told.get("name", ""), attrs, start, end, value))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea" and self._text is not None and self._form is not None:
            self._text.end = self._at()
            self._form.controls.append(self._text)
            self._text = None

    def _opened(self, told: dict[str, str], start: int, end: int) -> _Form | None:
        if told.get("method", "get").lower() != "post":
            return None
        # What is typed goes to the form's address, and as a draft to another.
        asked = [urljoin(self._page, told.get("action", ""))]
        asked += [told["data-draft"]] if "data-draft" in told else []
        addresses = frozenset(urlsplit(address).path for address in asked)
        form = _Form(start, end, addresses, MARK in told)
        self.forms.append(form)
        return form

    def _at(self) -> int:
        line, column = self.getpos()
        return self._starts[line - 1] + column
