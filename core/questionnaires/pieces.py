"""Bytes that are taken piece by piece, by the lengths that stand before them."""

import re

# What takes apart a file of the greatest size needs fewer; one made to take long needs more.
MOST_PIECES = 200_000


class Cut(Exception):
    """A piece is shorter than was said of it, or isn't what has to stand there."""


class Pieces:
    """What is left of some bytes, from a place on, up to another or their end."""

    def __init__(self, content: bytes, at: int = 0, end: int | None = None) -> None:
        self._content, self._at, self._left = content, at, MOST_PIECES
        self._end = len(content) if end is None else min(end, len(content))

    @property
    def is_at_end(self) -> bool:
        """Whether everything was taken."""
        return self._at >= self._end

    @property
    def at(self) -> int:
        """The place of what is taken next, from the beginning of the bytes."""
        return self._at

    def take(self, size: int) -> bytes:
        """The next bytes. Raises Cut where there are fewer, or no end of pieces."""
        start, stop = self._at, self._at + size
        self._left -= 1
        if not start <= stop <= self._end or not self._left:
            raise Cut
        self._at = stop
        return self._content[start:stop]

    def number(self, size: int) -> int:
        """The next bytes as a number, the greatest part first. Raises Cut where there are fewer."""
        return int.from_bytes(self.take(size))

    def up_to(self, pattern: re.Pattern[bytes]) -> bytes:
        """What stands before the next match; everything where there is none."""
        found = pattern.search(self._content, self._at, self._end)
        return self.take((found.start() if found else self._end) - self._at)
