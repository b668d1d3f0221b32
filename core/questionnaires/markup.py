"""Texts with emphasis and lists (FHIR's rendering-xhtml), made safe: only what is known as harmless stays."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from core.forms import clean_text
from core.questionnaires import extensions as ext
from core.questionnaires.items import Item
from core.questionnaires.refusals import MOST_DISPLAY

TAGS = frozenset("p br b i u em strong sub sup ul ol li a blockquote".split())
ALONE = frozenset({"br"})
SWALLOWED = frozenset("script style template iframe object svg math noscript title textarea".split())
SCHEMES = frozenset({"https", "http", "mailto", "tel"})
MOST_OPEN = 50


def markup_of(item: Item) -> Markup | None:
    """The item's text with its markup, None where it has none."""
    raw = item.kept.get("_text")
    source = ext.value_of(ext.extensions_of(raw), ext.XHTML)
    return clean_markup(source) if isinstance(source, str) else None


def clean_markup(source: str) -> Markup | None:
    """Markup of a few plain tags, None when nothing readable is left."""
    try:
        text = clean_text(source, MOST_DISPLAY, lines=True)
    except ValueError:
        return None
    cleaner = Cleaner()
    cleaner.feed(text)
    cleaner.close()
    return Markup("").join([*cleaner.written, *cleaner.ends()]) if cleaner.has_text else None


class Cleaner(HTMLParser):
    """Writes anew what it reads, so that nothing of the source's own form is left."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.written: list[Markup] = []
        self.open: list[str] = []
        self.swallowing = 0
        self.has_text = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SWALLOWED:
            self.swallowing += 1
        if self.swallowing or tag not in TAGS or len(self.open) >= MOST_OPEN:
            return
        if tag == "a":
            address = safe_address(dict(attrs).get("href") or "")
            if not address:
                return
            self.written.append(Markup('<a href="{}" rel="noreferrer">').format(address))
        else:
            self.written.append(Markup("<{}>").format(tag))
        if tag not in ALONE:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in SWALLOWED:
            self.swallowing = max(0, self.swallowing - 1)
        if tag not in self.open:
            return
        while True:
            last = self.open.pop()
            self.written.append(Markup("</{}>").format(last))
            if last == tag:
                return

    def handle_data(self, data: str) -> None:
        if not self.swallowing:
            self.written.append(escape(data))
            self.has_text = self.has_text or bool(data.strip())

    def ends(self) -> list[Markup]:
        """The ends of what was left open."""
        return [Markup("</{}>").format(tag) for tag in reversed(self.open)]


def safe_address(address: str) -> str:
    """An address that opens a page or writes to somebody; empty for any other, as a script."""
    text = "".join(address.split())
    try:
        scheme = urlsplit(text).scheme.lower()
    except ValueError:
        return ""
    return text if scheme in SCHEMES else ""
