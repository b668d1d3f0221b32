"""Reads the tutorial as a program: files to write, text to add, commands to run, and what they print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.settings import CHECKOUT

TUTORIAL = CHECKOUT / "docs" / "tutorial" / "README.md"
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"(Add to )?`([\w./-]+)`:\s*$")
WORDS_A_MINUTE = 200
SIGNS_A_MINUTE = 200


@dataclass(frozen=True)
class Step:
    """One block: `kind` is `write`, `add`, `run` or `see`; `file` is empty for the last two."""

    kind: str
    file: str
    text: str


def steps() -> Iterator[Step]:
    """The blocks in their order. Raises AssertionError for one of which nobody knows what it is for."""
    told = TUTORIAL.read_text(encoding="utf-8")
    end_of_last = 0
    for block in FENCE.finditer(told):
        named = NAMED.search(told[end_of_last : block.start()])
        end_of_last = block.end()
        language, text = block[1], block[2]
        if language == "sh":
            yield Step("run", "", text)
        elif language == "text":
            yield Step("see", "", text)
        else:
            assert named, f"No file is named before:\n{text}"
            yield Step("add" if named[1] else "write", named[2], text)


def apply(step: Step, folder: Path) -> None:
    """Write a file, or add to one as an author would: two empty lines, then the text."""
    file = folder / step.file
    if step.kind == "write":
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(step.text, encoding="utf-8")
    else:
        before = file.read_text(encoding="utf-8").rstrip("\n")
        file.write_text(f"{before}\n\n\n{step.text}", encoding="utf-8")


def minutes() -> int:
    """How long a reader who types everything needs: words read and signs typed, each at 200 a minute."""
    told = TUTORIAL.read_text(encoding="utf-8")
    words = len(FENCE.sub("", told).split())
    signs = sum(len(re.sub(r"\s+", " ", step.text)) for step in steps() if step.kind != "see")
    return round(words / WORDS_A_MINUTE + signs / SIGNS_A_MINUTE)
