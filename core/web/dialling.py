"""Phone numbers in words, as links that a phone dials when they are touched (RFC 3966)."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

# In a sentence only what can't be an hour, a house or a post code: a wrong number is worse than no link.
NUMBER = re.compile(
    r"""(?<![\w+.-])(?:
        \+[1-9][0-9 ().-]{6,20}[0-9]                                # with its country
        | (?:1[ .-])?(?:\([0-9]{3}\)[ ]?|[0-9]{3}[ .-]?)[0-9]{3}[ .-]?[0-9]{4}  # in North America
        | 116[ ]?[0-9]{3}                                           # for help, all over Europe
        | [0-9]{3}                                                  # for emergencies: 911, 988, 112
    )(?![\w:-]|\.[0-9]|/[0-9]{1,2}\b)""",
    re.VERBOSE,
)
NUMBER_ALONE = re.compile(r"\+?(?:[ ().-]*[0-9]){7,15}[ .-]*")
NOT_DIGITS = re.compile(r"[^0-9]")


def dialled(words: str) -> Markup:
    """The words, escaped, with each phone number a link; words that are one number are a link as a whole."""
    if NUMBER_ALONE.fullmatch(words):
        return _link(words)
    made, at = Markup(), 0
    for found in NUMBER.finditer(words):
        made += escape(words[at : found.start()]) + _link(found[0])
        at = found.end()
    return made + escape(words[at:])


def _link(number: str) -> Markup:
    sign = "+" if number.startswith("+") else ""
    return Markup('<a href="tel:{}{}">{}</a>').format(sign, NOT_DIGITS.sub("", number), number)
