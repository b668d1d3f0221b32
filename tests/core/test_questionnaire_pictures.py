"""What a camera writes beside a picture stays with the person who took it."""

import base64
import contextlib
from collections.abc import Iterator
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps
from PIL.PngImagePlugin import PngInfo
from werkzeug.datastructures import FileStorage

from core.questionnaires import Place, content_of, given_in, pictures
from core.questionnaires.files import HEAD, MOST_FILE, kind_of
from core.questionnaires.values import Attachment
from tests.core.questionnaire_samples import PNG, every_kind, typed, unhurried

PLANTED = b"planted-in-a-picture"
ON_ITS_SIDE, DATE_OF_PLACE, MAKER, PLACE = 6, 29, 0x010F, 0x8825
# 16 x 16 points with Exif and XMP, as heif-enc of libheif 1.15 writes them.
HEIC = base64.b64decode(
    """
AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAi1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA
AA5waXRtAAAAAAACAAAAEGlkYXQAAAAAABAAEAAAAGBpbG9jAQAAAERAAAQAAQAAAAAAAAJRAAEAAAAAAAAAJAACAAEAAAAAAAAA
AQAAAAAAAAAIAAMAAAAAAAACdQABAAAAAAAAAF4ABAAAAAAAAALTAAEAAAAAAAAAKwAAAHdpaW5mAAAAAAAEAAAAFWluZmUCAAAB
AAEAAGh2YzEAAAAAFWluZmUCAAAAAAIAAGdyaWQAAAAAFWluZmUCAAABAAMAAEV4aWYAAAAAKmluZmUCAAABAAQAAG1pbWUAYXBw
bGljYXRpb24vcmRmK3htbAAAAAAA1WlwcnAAAACzaXBjbwAAAHNodmNDAQNwAAAAAAAAAAAAHvAA/P34+AAADwMgAAEAGEABDAH/
/wNwAAADAJAAAAMAAAMAHroCQCEAAQAnQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbqrprmwIAAAAMAgAAAAwCEIgABAAZEAcFzwYkA
AAAUaXNwZQAAAAAAAABAAAAAQAAAABRpc3BlAAAAAAAAABAAAAAQAAAAEHBpeGkAAAAAAwgICAAAABppcG1hAAAAAAAAAAIAAQKB
AgACAgOEAAAANmlyZWYAAAAAAAAADmRpbWcAAgABAAEAAAAOY2RzYwADAAEAAgAAAA5jZHNjAAQAAQACAAAAtW1kYXQAAAAgKAGv
BJISzOD5WJvb39hKfVFMYZCsVoHOoAks8JMYqEAAAAAATU0AKgAAAAgAAgEPAAIAAAAVAAAAJoglAAQAAAABAAAAPAAAAABwbGFu
dGVkLWluLWEtcGljdHVyZQAAAAEAHQACAAAACwAAAE4AAAAAMjAyNjoxMToyNgAAPHg6eG1wbWV0YT5wbGFudGVkLWluLWEtcGlj
dHVyZTwveDp4bXBtZXRhPg==
"""
)
HEIC_POINTS = bytes.fromhex("2801af049212cce0f9589bdbdfd84a7d514c6190ac5681cea0092cf09318a840")


def points() -> Image.Image:
    """A picture whose corners differ, so that one on its side is seen."""
    picture = Image.linear_gradient("L").resize((24, 16))
    return Image.merge("RGB", (picture, picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT), picture))


def told() -> Image.Exif:
    """Exif with a place, a maker, and a picture on its side."""
    exif = Image.Exif()
    exif[0x0112] = ON_ITS_SIDE
    exif[MAKER] = PLANTED.decode()
    exif.get_ifd(PLACE)[DATE_OF_PLACE] = PLANTED.decode()
    return exif


def taken(form: str, **more: object) -> bytes:
    """A picture as a camera writes it, in one of Pillow's formats."""
    made = BytesIO()
    points().save(made, form, **more)
    return made.getvalue()


def words() -> PngInfo:
    """Words as programs leave them in a PNG."""
    info = PngInfo()
    info.add_text("Comment", PLANTED.decode())
    info.add_itxt("Location", PLANTED.decode(), zip=False)
    return info


def moving() -> bytes:
    """A GIF of two pictures, for ever."""
    made = BytesIO()
    frames = [points().convert("P"), points().rotate(180).convert("P")]
    frames[0].save(made, "GIF", save_all=True, append_images=frames[1:], loop=0, comment=PLANTED)
    return made.getvalue()


def cameras() -> Iterator[tuple[str, bytes]]:
    """Pictures that tell of where they were taken, by what is special about them."""
    exif, xmp = told(), b"<x:xmpmeta>" + PLANTED + b"</x:xmpmeta>"
    jpeg = taken("JPEG", exif=exif, xmp=xmp, comment=PLANTED, icc_profile=b"colours" * 9)
    yield "jpeg", jpeg
    yield "jpeg of several passes", taken("JPEG", exif=exif, progressive=True)
    yield "jpeg with another behind it", taken("JPEG", exif=exif) + jpeg
    yield "jpeg with words behind it", jpeg + PLANTED
    yield "png", taken("PNG", exif=exif, pnginfo=words()) + PLANTED
    yield "webp", taken("WEBP", exif=exif, xmp=xmp, lossless=True) + PLANTED
    yield "webp of points alone", taken("WEBP", lossless=True)
    yield "gif", taken("GIF", comment=PLANTED) + PLANTED
    yield "gif that moves", moving()
    yield "heic", HEIC


CAMERAS = dict(cameras())


@pytest.mark.parametrize("name", sorted(CAMERAS))
def test_A48_a_picture_tells_nothing_of_where_it_was_taken(name: str) -> None:
    content = CAMERAS[name]
    kind = kind_of(content[:HEAD])
    bare = pictures.bare(kind, content)
    assert kind_of(bare[:HEAD]) == kind
    assert PLANTED in content or "alone" in name
    assert PLANTED not in bare
    assert pictures.bare(kind, bare) == bare


@pytest.mark.parametrize("name", sorted(CAMERAS.keys() - {"heic"}))
def test_a_bare_picture_looks_as_it_did_and_stands_upright(name: str) -> None:
    content = CAMERAS[name]
    before = Image.open(BytesIO(content))
    after = Image.open(BytesIO(pictures.bare(kind_of(content[:HEAD]), content)))
    assert getattr(after, "n_frames", 1) == (1 if "behind" in name else getattr(before, "n_frames", 1))
    assert after.info.get("loop") == before.info.get("loop")
    assert after.info.get("icc_profile") == before.info.get("icc_profile")
    upright, expected = ImageOps.exif_transpose(after), ImageOps.exif_transpose(before)
    assert (upright.size, upright.tobytes()) == (expected.size, expected.tobytes())
    assert after.getexif().get(0x0112) == before.getexif().get(0x0112)
    assert set(after.getexif()) <= {0x0112}


def test_a_bare_heic_has_its_points_where_they_were() -> None:
    bare = pictures.bare("image/heic", HEIC)
    assert len(bare) == len(HEIC)
    assert bare.index(HEIC_POINTS) == HEIC.index(HEIC_POINTS)
    assert b"2026:11:26" in HEIC
    assert b"2026:11:26" not in bare


@pytest.mark.parametrize("name", sorted(CAMERAS))
@unhurried
@given(st.data())
def test_A48_a_damaged_picture_is_refused_and_breaks_nothing(name: str, data: st.DataObject) -> None:
    content = bytearray(CAMERAS[name])
    for _time in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(HEAD, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(content[: data.draw(st.integers(HEAD, len(content)))])
    for damaged in (bytes(content), cut):
        with contextlib.suppress(pictures.SpoiledPicture):
            pictures.bare(kind_of(damaged[:HEAD]), damaged)


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xd8" + b"\xff\xc4\x00\x02" * (MOST_FILE // 4),
        b"\x89PNG\r\n\x1a\n" + (bytes(4) + b"tRNS" + bytes(4)) * (MOST_FILE // 12),
        b"RIFF\xff\xff\xff\xffWEBP" + b"VP8 \x02\0\0\0\0\0" * (MOST_FILE // 10),
        b"GIF89a" + bytes(7) + b"\x21\xf9" + b"\x01\x00" * (MOST_FILE // 2),
        HEIC[:0x1C] + b"\x00\x00\x00\x09junk\x01" * (MOST_FILE // 9),
    ],
    ids=["jpeg", "png", "webp", "gif", "heic"],
)
def test_A48_a_picture_of_no_end_of_pieces_holds_nobody_up(content: bytes) -> None:
    with pytest.raises(pictures.SpoiledPicture):
        pictures.bare(kind_of(content[:HEAD]), content)


def test_A48_points_that_look_like_the_end_of_points_are_searched_once() -> None:
    signs = b"\xff" * MOST_FILE
    assert pictures.bare("image/jpeg", b"\xff\xd8\xff\xda\x00\x02" + signs).count(signs) == 1


def test_A48_what_a_form_keeps_of_a_photo_is_the_picture() -> None:
    questionnaire, photo = every_kind(), FileStorage(BytesIO(CAMERAS["jpeg"]), "kitchen.jpeg")
    form = typed(questionnaire, 3, {"consent.sign": "A", "file": photo})
    assert form.errors == {}
    [file] = given_in(questionnaire, form.response()).values[Place("file")]
    assert isinstance(file, Attachment)
    assert PLANTED not in content_of(file)
    assert Image.open(BytesIO(content_of(file))).size == (24, 16)
    assert file.size == len(content_of(file))


def test_a_damaged_picture_is_an_error_beside_its_question() -> None:
    photo = FileStorage(BytesIO(PNG[:40]), "card.png")
    form = typed(every_kind(), 3, {"consent.sign": "A", "file": photo})
    assert [str(error) for error in form.errors["a-file"]] == [
        "This picture is damaged. Take it again, or choose another."
    ]
