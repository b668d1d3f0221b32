"""Files as answers: what they are is read from their first bytes, whatever they say of themselves."""

import base64
import binascii
from typing import Literal

from core.questionnaires.pictures import bare
from core.questionnaires.values import Attachment

MOST_FILE = 5 * 1024 * 1024
FileFault = Literal["file_kind", "file_large"]
# Pictures and PDFs only: they can't run in the browser of whoever opens them.
KINDS: tuple[tuple[str, int, bytes], ...] = (
    ("image/png", 0, b"\x89PNG\r\n\x1a\n"),
    ("image/jpeg", 0, b"\xff\xd8\xff"),
    ("image/gif", 0, b"GIF8"),
    ("image/webp", 8, b"WEBP"),
    ("image/heic", 4, b"ftypheic"),
    ("application/pdf", 0, b"%PDF-"),
)
ENDINGS = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/heic": ".heic",
    "application/pdf": ".pdf",
}
HEAD = 24


def kind_of(head: bytes) -> str:
    """The media type of a file by its first bytes, empty for what we do not take."""
    return next((kind for kind, at, mark in KINDS if head[at : at + len(mark)] == mark), "")


def taken(media_types: tuple[str, ...]) -> tuple[str, ...]:
    """The media types that are taken, where the question names some (`image/*` is any picture)."""
    if not media_types:
        return tuple(ENDINGS)
    return tuple(
        kind
        for kind in ENDINGS
        if any(kind == one or one == f"{kind.split('/')[0]}/*" for one in media_types)
    )


def attach(name: str, content: bytes) -> Attachment:
    """A file as an answer, under its own name with the ending of what it is."""
    kind = kind_of(content[:HEAD])
    stem = "".join(mark for mark in name.replace("\\", "/").rpartition("/")[2] if mark.isprintable())
    stem = stem.rpartition(".")[0] or stem or "file"
    title = f"{stem[:80].strip()}{ENDINGS.get(kind, '')}"
    return Attachment(kind, title, len(content), base64.b64encode(content).decode())


def without_traces(file: Attachment) -> Attachment:
    """A picture without where, when and with what it was taken; any other file as it is.

    Raises SpoiledPicture for what only begins as a picture.
    """
    content = bare(file.content_type, content_of(file))
    return Attachment(file.content_type, file.title, len(content), base64.b64encode(content).decode())


def content_of(file: Attachment) -> bytes:
    """The bytes of a file; empty when they were spoiled."""
    try:
        return base64.b64decode(file.data, validate=True)
    except binascii.Error:
        return b""


def judge_file(file: Attachment, media_types: tuple[str, ...], max_bytes: int | None) -> FileFault | None:
    """What is wrong with a file as an answer, None for nothing."""
    if not 0 < file.size <= min(max_bytes or MOST_FILE, MOST_FILE) or len(file.data) > MOST_FILE * 3 // 2:
        return "file_large"
    head = content_of(Attachment("", "", 0, file.data[:32]))
    if not head or kind_of(head) != file.content_type or file.content_type not in taken(media_types):
        return "file_kind"
    return None
