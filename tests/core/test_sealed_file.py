"""Files sealed for one recipient: whole or not at all, at every length."""

import io
import os
from pathlib import Path

import pytest

from core.vault import sealed_file

SIZES = [0, 1, sealed_file.CHUNK - 1, sealed_file.CHUNK, sealed_file.CHUNK + 1, 2 * sealed_file.CHUNK]


@pytest.mark.parametrize("size", SIZES)
def test_a_sealed_file_of_any_length_opens_whole_or_not_at_all(tmp_path: Path, size: int) -> None:
    sealed_file.make_pair(tmp_path / "private", tmp_path / "public")
    key, recipient = (
        sealed_file.private_from(tmp_path / "private"),
        sealed_file.public_from(tmp_path / "public"),
    )
    text = os.urandom(size)
    made = io.BytesIO()
    sealed_file.seal(made, recipient, {"a": 1}, [text[:3], text[3:]])
    whole = made.getvalue()
    assert b"".join(sealed_file.opened(io.BytesIO(whole), key)) == text
    chunk = sealed_file.CHUNK + sealed_file.TAG
    head = len(whole) - max(1, -(-size // sealed_file.CHUNK)) * sealed_file.TAG - size
    body = [whole[head:][at : at + chunk] for at in range(0, len(whole) - head, chunk)]
    spoiled = [whole[:-1], whole + b"\0"]
    if len(body) > 1:
        spoiled += [
            whole[:head] + b"".join(body[:-1]),
            whole[:head] + b"".join([*body[1:], body[0]]),
            whole[:head] + b"".join([body[0], *body]),
        ]
    for spoilt in spoiled:
        with pytest.raises(sealed_file.SealedFileRefused):
            list(sealed_file.opened(io.BytesIO(spoilt), key))


def test_keys_of_a_pair_are_made_once(tmp_path: Path) -> None:
    sealed_file.make_pair(tmp_path / "private", tmp_path / "public")
    with pytest.raises(FileExistsError):
        sealed_file.make_pair(tmp_path / "private", tmp_path / "other")
    with pytest.raises(sealed_file.SealedFileRefused, match="holds no key"):
        sealed_file.private_from(tmp_path / "public")
