"""A signature drawn with a finger or a mouse: lines of whole numbers, and nothing else."""

import re

SVG = "image/svg+xml"
WIDTH, HEIGHT = 600, 200
MOST_DRAWN = 20_000
LINES = re.compile(r"(?:M\d{1,3} \d{1,3}(?:L\d{1,3} \d{1,3})+)+")


def is_drawing(text: str) -> bool:
    """Whether a text is lines and nothing else, as an SVG path of `WIDTH` by `HEIGHT`."""
    return len(text) <= MOST_DRAWN and LINES.fullmatch(text) is not None
