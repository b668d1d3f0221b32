"""What a person sees of an answer: words, links and forms, read from its HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from werkzeug.test import TestResponse

SILENT = frozenset({"script", "style", "head", "template"})
VOID = frozenset({"input", "br", "hr", "img", "link", "meta", "wbr", "source"})
PRESSED = frozenset({"submit", "image"})


@dataclass
class PageForm:
    """A form as it would be sent untouched: `buttons` are (words, name, value)."""

    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass
class Page:
    """An answer as it is read; `text` is what stands in it, blanks in a row counted as one."""

    status: int
    path: str
    text: str = ""
    heading: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)
    forms: list[PageForm] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    html: str = field(default="", repr=False)

    def has(self, words: str) -> bool:
        """Whether these words stand on the page."""
        return " ".join(words.split()) in self.text

    def link(self, words: str) -> str:
        """Where the first link with these words leads. Raises AssertionError if there is none."""
        found = [href for said, href in self.links if said.startswith(words)]
        if not found:
            raise AssertionError(f"No link {words!r} on {self.path}, but {[said for said, _ in self.links]}")
        return found[0]

    def form_with(self, button: str) -> tuple[PageForm, str, str]:
        """The first form with this button, and the button's own name and value."""
        for form in self.forms:
            for words, name, value in form.buttons:
                if words.startswith(button):
                    return form, name, value
        said = [words for form in self.forms for words, _name, _value in form.buttons]
        raise AssertionError(f"No button {button!r} on {self.path}, but {said}")

    def name_of(self, field: str) -> str:
        """The name of the field whose label begins so; a name stands for itself."""
        begun = [name for label, name in self.labels.items() if label.startswith(field)]
        return self.labels.get(field) or (begun[0] if begun else field)


def read_page(answer: TestResponse, path: str) -> Page:
    """Read an answer that was asked for at `path`."""
    html = answer.get_data(as_text=True)
    reader = _Reader(Page(answer.status_code, path, html=html))
    reader.feed(html)
    reader.close()
    return reader.finished()


class _Reader(HTMLParser):
    """Walks over the elements once; words belong to the link, button, label or option around them."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page
        self._words: list[str] = []
        self._open: list[tuple[str, dict[str, str], int]] = []
        self._form: PageForm | None = None
        self._select = ""
        self._labels: dict[str, str] = {}
        self._names: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = PageForm(
                told.get("action", "") or self._page.path, told.get("method", "get").lower()
            )
            self._page.forms.append(self._form)
        elif tag == "input":
            self._take_input(told)
        elif tag == "select":
            self._select = told.get("name", "")
        if told.get("name") and told.get("id"):
            self._names[told["id"]] = told["name"]
        if tag not in VOID:
            self._open.append((tag, told, len(self._words)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in {name for name, _told, _at in self._open}:
            return
        while self._open:
            name, told, at = self._open.pop()
            self._end(name, told, at)
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        if not SILENT & {tag for tag, _told, _at in self._open}:
            self._words.append(data)

    def finished(self) -> Page:
        self._page.text = " ".join("".join(self._words).split())
        self._page.labels = {
            words: self._names[of] for words, of in self._labels.items() if of in self._names
        }
        return self._page

    def _end(self, tag: str, told: dict[str, str], at: int) -> None:
        typed = "".join(self._words[at:])
        words = " ".join(typed.split())
        if tag == "a" and "href" in told:
            self._page.links.append((words, told["href"]))
        elif tag == "label" and "for" in told:
            self._labels[words] = told["for"]
        elif tag == "h1":
            self._page.heading = words
        elif tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif self._form is not None:
            self._end_in_form(self._form, tag, told, typed if tag == "textarea" else words)
        if tag in {"p", "li", "h1", "h2", "h3", "td", "th", "dt", "dd", "a", "button", "label"}:
            self._words.append(" ")

    def _end_in_form(self, form: PageForm, tag: str, told: dict[str, str], words: str) -> None:
        if tag == "button" and told.get("type", "submit") in PRESSED:
            form.buttons.append((words, told.get("name", ""), told.get("value", "")))
        elif tag == "textarea" and told.get("name"):
            form.values[told["name"]] = [words.removeprefix("\r").removeprefix("\n")]
        elif tag == "option" and self._select and ("selected" in told or self._select not in form.values):
            form.values[self._select] = [told.get("value", words)]

    def _take_input(self, told: dict[str, str]) -> None:
        form, name, kind = self._form, told.get("name", ""), told.get("type", "text")
        if form is None:
            return
        if kind in PRESSED:
            form.buttons.append((re.sub(r"\s+", " ", told.get("value", "")), name, told.get("value", "")))
        elif name and (kind not in {"checkbox", "radio"} or "checked" in told):
            form.values.setdefault(name, []).append(told.get("value", "on"))
