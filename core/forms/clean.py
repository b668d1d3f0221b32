"""Text as people may send it: made uniform, or refused with a sentence when it hides something."""

import unicodedata

from core.i18n import gettext as _

# Embeddings, overrides and isolates can make a text read as another one (Unicode TR 36).
DIRECTION_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Left behind by copying; they show nothing and would make equal texts unequal.
LEFT_BEHIND = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
LINE_ENDS = {ord("\u0085"): "\n", ord("\u2028"): "\n", ord("\u2029"): "\n"}
MOST_STACKED_MARKS = 8
# What is longer than this many times the limit is refused before any work is done on it.
FAR_TOO_LONG = 4


def clean_text(text: str, max_length: int, *, lines: bool = False) -> str:
    """`text` in Unicode's composed form, without outer space; ValueError says why it is refused.

    Lengths are counted in code points, as both databases count them. With `lines` line ends are
    kept, as a single line feed each.
    """
    if len(text) > FAR_TOO_LONG * max_length + 100:
        raise ValueError(too_long(max_length))
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(LINE_ENDS)
    text = text if lines else text.replace("\t", " ")
    refuse_unreadable(text, allowed="\n\t" if lines else "")
    text = unicodedata.normalize("NFC", text.translate(LEFT_BEHIND)).strip()
    if not shows_something(text):
        return ""
    if len(text) > max_length:
        raise ValueError(too_long(max_length))
    return text


def refuse_unreadable(text: str, allowed: str = "") -> None:
    """Raise ValueError for characters that a database refuses or that a reader can't see."""
    if text.isascii() and text.isprintable():
        return
    stacked = 0
    for character in text:
        kind = unicodedata.category(character)
        stacked = stacked + 1 if kind in {"Mn", "Me"} else 0
        if character == "\n" and "\n" not in allowed:
            raise ValueError(_("Write this on one line."))
        if kind in {"Cc", "Cs"} and character not in allowed:
            raise ValueError(_("Remove the characters that can't be shown, then try again."))
        if character in DIRECTION_CONTROLS or ord(character) & 0xFFFE == 0xFFFE:
            raise ValueError(_("Remove the characters that can't be shown, then try again."))
        if stacked > MOST_STACKED_MARKS:
            raise ValueError(_("Remove the accents that are stacked on one letter."))


def shows_something(text: str) -> bool:
    """Whether a reader would see anything: joiners and marks of direction alone are nothing."""
    return any(unicodedata.category(character)[0] not in "CZ" for character in text)


def presentable(text: str) -> str:
    """`text` as a page can show it again after it was refused."""
    return "".join(
        character
        for character in text
        if character in "\n\t" or unicodedata.category(character) not in {"Cc", "Cs"}
    )


def too_long(max_length: int) -> str:
    """The sentence for a text over its limit."""
    return _("Shorten this to %(most)d characters.") % {"most": max_length}
