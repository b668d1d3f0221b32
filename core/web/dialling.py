"""Phone numbers in words, as links that a phone dials when they are touched (RFC 3966)."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

# What may be a number: each sign is looked at once, however long the words are.
CANDIDATE = re.compile(r"(?<![\w+])[+(]?[0-9][0-9 ().-]*+")
NOT_DIGITS = re.compile(r"[^0-9]")
SHORT, EUROPE_WIDE = 3, "116"  # 911, 988, 112; and 116 123 with its like, of six digits
FULL = range(7, 16)


def dialled(words: str) -> Markup:
    """The words, escaped, with each phone number a link: full ones, and short ones such as 911 and 988.

    A number that is neither (a house, a post code, an hour, a code for text messages) stays as it is.
    """
    made, at = Markup(), 0
    for found in CANDIDATE.finditer(words):
        made += escape(words[at : found.start()]) + _linked(found[0])
        at = found.end()
    return made + escape(words[at:])


def _linked(candidate: str) -> Markup:
    """All of it as one number, else each part between spaces as one."""
    if whole := _number(candidate):
        return whole
    return Markup(" ").join([_number(part) or part for part in candidate.split(" ")])


def _number(text: str) -> Markup | None:
    shown = text.strip(" .-").removesuffix("(").rstrip()
    if shown.count("(") != shown.count(")"):
        shown = shown.strip("()")
    digits = NOT_DIGITS.sub("", shown)
    is_short = len(digits) == SHORT and shown.strip("()") == digits
    is_wide = len(digits) == SHORT * 2 and digits.startswith(EUROPE_WIDE)
    if not (is_short or is_wide or len(digits) in FULL):
        return None
    before, _found, after = text.partition(shown)
    link = Markup('<a href="tel:{}{}">{}</a>').format("+" if shown[0] == "+" else "", digits, shown)
    return escape(before) + link + escape(after)
