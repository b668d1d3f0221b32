"""HEIC, the pictures of iPhones, with everything blanked that is no part of the picture.

A HEIC file (ISO 14496-12 and 23008-12) has a table of its items and of the places in the file where their
bytes stand. Exif and XMP are items too: their bytes become zeros and nothing moves, so that each place stays
right. Which way is up is a property of the picture (`irot`, `imir`) and isn't read from Exif, so it stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from core.questionnaires.pieces import Cut, Pieces

# Boxes that make a picture at the top of a file; another one becomes free room.
PICTURE_BOXES = (b"ftyp", b"meta", b"mdat", b"free", b"skip")
# Items that tell of the picture: Exif, and others by their media type (XMP) or address.
TELLING_ITEMS = (b"Exif", b"mime", b"uri ")
NAME, FULL_BOX = 4, 4
IN_FILE, IN_ITEM_DATA = 0, 1


class Box(NamedTuple):
    """A box: its name, and where in the file its body begins and ends."""

    name: bytes
    start: int
    end: int


class Item(NamedTuple):
    """Where an item's bytes stand: in what, and each piece's beginning and length there."""

    number: int
    kept_in: int
    extents: list[tuple[int, int]]


def bare_heic(content: bytes) -> bytes:
    """The same file, of the same length. Raises Cut where its boxes don't fit together."""
    blank = bytearray(content)
    for start, end in list(_telling(content)):
        blank[start:end] = bytes(end - start)
    return bytes(blank)


def _telling(content: bytes) -> Iterator[tuple[int, int]]:
    """Where what isn't the picture begins and ends; never more than the file in all."""
    left = len(content)
    for start, end in _told(content):
        left -= end - start
        # Of length 0 is what goes on to the end of the file, and no Exif does.
        if not start < end <= len(content) or left < 0:
            raise Cut
        yield start, end


def _told(content: bytes) -> Iterator[tuple[int, int]]:
    for box in _boxes(content, 0, len(content)):
        if box.name == b"meta":
            yield from _told_items(content, box)
        elif box.name not in PICTURE_BOXES and box.start < box.end:
            yield box.start, box.end


def _told_items(content: bytes, meta: Box) -> Iterator[tuple[int, int]]:
    boxes = {box.name: box for box in _boxes(content, meta.start + FULL_BOX, meta.end)}
    if not boxes.keys() >= {b"iinf", b"iloc"}:
        raise Cut
    telling = set(_telling_numbers(content, boxes[b"iinf"]))
    for item in _items(Pieces(content, boxes[b"iloc"].start, boxes[b"iloc"].end)):
        if item.number in telling:
            if item.kept_in not in (IN_FILE, IN_ITEM_DATA) or (item.kept_in and b"idat" not in boxes):
                raise Cut
            base = boxes[b"idat"].start if item.kept_in == IN_ITEM_DATA else 0
            for start, length in item.extents:
                yield base + start, base + start + length


def _telling_numbers(content: bytes, table: Box) -> Iterator[int]:
    pieces = Pieces(content, table.start, table.end)
    pieces.number(2 if pieces.number(FULL_BOX) >> 24 == 0 else 4)
    for box in _boxes(content, pieces.at, table.end):
        entry = Pieces(content, box.start, box.end)
        version = entry.number(FULL_BOX) >> 24
        if version not in (2, 3):
            raise Cut
        number, _protection = entry.number(2 * version - 2), entry.number(2)
        if entry.take(NAME) in TELLING_ITEMS:
            yield number


def _items(pieces: Pieces) -> Iterator[Item]:
    version = pieces.number(FULL_BOX) >> 24
    sizes = pieces.number(2)
    of_offset, of_length, of_base, of_index = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    for _item in range(pieces.number(4 if version == 2 else 2)):
        number = pieces.number(4 if version == 2 else 2)
        kept_in = pieces.number(2) & 15 if version else IN_FILE
        _elsewhere, base = pieces.number(2), pieces.number(of_base)
        extents = []
        for _extent in range(pieces.number(2)):
            pieces.number(of_index if version else 0)
            offset, length = pieces.number(of_offset), pieces.number(of_length)
            extents.append((base + offset, length))
        yield Item(number, kept_in, extents)


def _boxes(content: bytes, start: int, end: int) -> Iterator[Box]:
    pieces = Pieces(content, start, end)
    while not pieces.is_at_end:
        box_at = pieces.at
        size, name = pieces.number(4), pieces.take(NAME)
        if size == 1:
            size = pieces.number(8)
        body_at = pieces.at
        stop = box_at + size if size else end
        pieces.take(stop - body_at)
        yield Box(name, body_at, stop)
