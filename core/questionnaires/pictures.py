"""Pictures without what a camera wrote beside them: where and when they were taken, and with what.

Kept are the points, their colours and which way is up. No point is decoded, so that no picture can grow in
memory or break a decoder here: pieces are walked by the lengths that stand before them. Sources: JPEG
(ITU T.81, annex B), Exif (CIPA DC-008, the orientation of 4.6.4), PNG (W3C, third edition, 5 and 11), GIF89a,
WebP (RFC 9649); HEIC stands beside this.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Literal

from core.questionnaires.heic import bare_heic
from core.questionnaires.pieces import Cut, Pieces

# From the entropy-coded points of a JPEG to what follows them; FF00 is a point, D0 to D7 restart the decoder.
AFTER_POINTS = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
START_OF_POINTS, END_OF_IMAGE, APP0, APP1, APP2, APP14, COMMENT = 0xDA, 0xD9, 0xE0, 0xE1, 0xE2, 0xEE, 0xFE
APPS = range(0xE0, 0xF0)
EXIF, COLOURS = b"Exif\0\0", b"ICC_PROFILE\0"
ORIENTATION = 0x0112
ORDERS: Mapping[bytes, Literal["little", "big"]] = {b"II*\0": "little", b"MM\0*": "big"}
# What draws a PNG, moving ones too; whatever else is words, a clock or Exif.
PNG_HEAD = b"\x89PNG\r\n\x1a\n"
DRAWS_PNG = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT "
    b"acTL fcTL fdAT".split()
)
DRAWS_WEBP = frozenset((b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
HAS_EXIF, HAS_XMP = 0x08, 0x04
GIF_PICTURE, GIF_EXTENSION, GIF_END = 0x2C, 0x21, 0x3B
GIF_CONTROL, GIF_WORDS, GIF_APPLICATION = 0xF9, 0x01, 0xFF
GIF_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


class SpoiledPicture(Exception):
    """The file begins as a picture and doesn't go on as one."""


def bare(kind: str, content: bytes) -> bytes:
    """The picture alone, as a file of the same media type; what is no picture is given back as it is.

    Raises SpoiledPicture where its pieces don't fit together.
    """
    try:
        return WAYS[kind](content) if kind in WAYS else content
    except Cut as error:
        raise SpoiledPicture(kind) from error


def _bare_jpeg(content: bytes) -> bytes:
    return b"\xff\xd8" + b"".join(_jpeg_pieces(Pieces(content, 2))) + b"\xff\xd9"


def _jpeg_pieces(pieces: Pieces) -> Iterator[bytes]:
    """Segments up to the end of the first image: phones append a second one with Exif of its own."""
    while (marker := _marker(pieces)) != END_OF_IMAGE:
        length = pieces.take(2)
        body = pieces.take(int.from_bytes(length) - 2)
        kept = _jpeg_segment(marker, body)
        if kept is not None:
            yield b"\xff" + bytes([marker]) + (len(kept) + 2).to_bytes(2) + kept
        if marker == START_OF_POINTS:
            yield pieces.up_to(AFTER_POINTS)
            # A picture that was cut short in its points is still seen as far as it goes.
            if pieces.is_at_end:
                return


def _marker(pieces: Pieces) -> int:
    if pieces.take(1) != b"\xff":
        raise Cut
    while (sign := pieces.take(1)) == b"\xff":
        pass
    return sign[0]


def _jpeg_segment(marker: int, body: bytes) -> bytes | None:
    """What of a segment is kept: None for nothing."""
    if marker == APP1 and body.startswith(EXIF):
        upright = _orientation_alone(body[len(EXIF) :])
        return EXIF + upright if upright else None
    if marker == APP2:
        return body if body.startswith(COLOURS) else None
    if marker == APP0:
        # Without its thumbnail, which can show what was cut away.
        return body[:12] + bytes(2) if body.startswith(b"JFIF\0") else None
    return None if marker == COMMENT or (marker in APPS and marker != APP14) else body


def _orientation_alone(tiff: bytes) -> bytes:
    """Exif that says which way is up and nothing else; empty where the picture stands upright."""
    turned = _orientation_of(tiff)
    if not 2 <= turned <= 8:
        return b""
    entry = ORIENTATION.to_bytes(2) + b"\x00\x03" + (1).to_bytes(4) + turned.to_bytes(2) + bytes(2)
    return b"MM\x00\x2a" + (8).to_bytes(4) + (1).to_bytes(2) + entry + bytes(4)


def _orientation_of(tiff: bytes) -> int:
    """The orientation in the first directory of Exif, 0 where it isn't told in a way that can be read."""
    order = ORDERS.get(tiff[:4])
    if order is None:
        return 0

    def number(at: int, size: int) -> int:
        return int.from_bytes(tiff[at : at + size], order)

    start = number(4, 4)
    entries = range(start + 2, start + 2 + 12 * min(number(start, 2), 200), 12)
    return next((number(at + 8, 2) for at in entries if number(at, 2) == ORIENTATION), 0)


def _bare_png(content: bytes) -> bytes:
    return PNG_HEAD + b"".join(_png_pieces(Pieces(content, len(PNG_HEAD))))


def _png_pieces(pieces: Pieces) -> Iterator[bytes]:
    name = b""
    while name != b"IEND":
        length = int.from_bytes(pieces.take(4))
        name = pieces.take(4)
        body, check = pieces.take(length), pieces.take(4)
        if name in DRAWS_PNG:
            yield length.to_bytes(4) + name + body + check
        elif name == b"eXIf" and (upright := _orientation_alone(body)):
            check = zlib.crc32(name + upright).to_bytes(4)
            yield len(upright).to_bytes(4) + name + upright + check


def _bare_webp(content: bytes) -> bytes:
    chunks = [(name, kept) for name, body in _webp_chunks(content) if (kept := _webp_chunk(name, body))]
    is_turned = any(name == b"EXIF" for name, _body in chunks)
    told = b"WEBP" + b"".join(_written(name, body, is_turned=is_turned) for name, body in chunks)
    return b"RIFF" + len(told).to_bytes(4, "little") + told


def _written(name: bytes, body: bytes, *, is_turned: bool) -> bytes:
    if name == b"VP8X":
        flags = body[0] & ~HAS_XMP & ~HAS_EXIF | (HAS_EXIF if is_turned else 0)
        body = bytes([flags]) + body[1:]
    return name + len(body).to_bytes(4, "little") + body + bytes(len(body) % 2)


def _webp_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    # What stands behind the length that the file gives itself is no part of the picture.
    pieces = Pieces(content, 12, int.from_bytes(content[4:8], "little") + 8)
    while not pieces.is_at_end:
        name = pieces.take(4)
        length = int.from_bytes(pieces.take(4), "little")
        yield name, pieces.take(length)
        if length % 2 and not pieces.is_at_end:
            pieces.take(1)


def _webp_chunk(name: bytes, body: bytes) -> bytes:
    if name == b"EXIF":
        return _orientation_alone(body.removeprefix(EXIF))
    return body if name in DRAWS_WEBP else b""


def _bare_gif(content: bytes) -> bytes:
    pieces = Pieces(content)
    head = pieces.take(13)
    return head + pieces.take(_gif_colours(head[10])) + b"".join(_gif_blocks(pieces)) + bytes([GIF_END])


def _gif_blocks(pieces: Pieces) -> Iterator[bytes]:
    while (sign := pieces.take(1)[0]) != GIF_END:
        if sign == GIF_PICTURE:
            place = pieces.take(9)
            yield bytes([sign]) + place + pieces.take(_gif_colours(place[8])) + pieces.take(1)
            yield _gif_data(pieces)
        elif sign == GIF_EXTENSION:
            label = pieces.take(1)[0]
            data = _gif_data(pieces)
            loops = label == GIF_APPLICATION and data[1:12] in GIF_LOOPS
            if label in (GIF_CONTROL, GIF_WORDS) or loops:
                yield bytes([sign, label]) + data
        else:
            raise Cut


def _gif_colours(flags: int) -> int:
    """How many bytes of a table of colours follow."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _gif_data(pieces: Pieces) -> bytes:
    found = []
    while size := pieces.take(1)[0]:
        found.append(bytes([size]) + pieces.take(size))
    return b"".join(found) + b"\0"


WAYS: Mapping[str, Callable[[bytes], bytes]] = {
    "image/jpeg": _bare_jpeg,
    "image/png": _bare_png,
    "image/webp": _bare_webp,
    "image/gif": _bare_gif,
    "image/heic": bare_heic,
}
