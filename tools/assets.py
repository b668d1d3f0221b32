"""Copies a fixed list of front-end files into static/vendor, and cuts the font to what is read."""

import hashlib
import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from tools.telling import ROOT

MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
FONT = "@fontsource/atkinson-hyperlegible-next"
LATIN = FONT + "/files/atkinson-hyperlegible-next-latin-{}-normal.woff2"
LATIN_EXT = FONT + "/files/atkinson-hyperlegible-next-latin-ext-{}-normal.woff2"

# Each file we take, by its SHA-256: a changed package is noticed before a browser gets it.
TAKEN = {
    "htmx.org/dist/htmx.min.js": "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717",
    f"{FONT}/LICENSE": "474a034e99845062f661855caaa505880d0e9009deddc2727a92795eab374955",
    LATIN.format(400): "5cb240a4d99ab7e6fc3a4d4e6d11d89789fdffe9c86a8384000d662c53283f6f",
    LATIN.format(700): "0dbe07ed7679407db9d90f747d5ca3bd1b2bb7ccbcbe41c8246cfc6d2c7bc3bc",
    LATIN_EXT.format(400): "0f9e442184b58992113a9b26c0b85c380410a60e5f8f3ddc03c54fe80f81bbe8",
    LATIN_EXT.format(700): "acd5d0771650ceddafa2beb172dc7ada45581f7641db03a70f4a13677ce799d1",
}
COPIED = {"htmx.org/dist/htmx.min.js": "htmx.min.js", f"{FONT}/LICENSE": "fonts/LICENSE.txt"}

# What English and Spanish are written with; the rest of Latin loads only when a name needs it.
ENGLISH_AND_SPANISH = frozenset(map(ord, "áéíóúüñÁÉÍÓÚÜÑ¿¡ªº«»°·©–—‘’“”…•€‹›\u00a0")) | frozenset(
    range(0x20, 0x7F)
)
WESTERN = frozenset(range(0xA0, 0x100)) - ENGLISH_AND_SPANISH
CENTRAL = frozenset(range(0x100, 0x180)) | frozenset(range(0x218, 0x21C)) | frozenset(range(0x1E80, 0x1E9F))
CUTS = (("", LATIN, ENGLISH_AND_SPANISH), ("-western", LATIN, WESTERN), ("-central", LATIN_EXT, CENTRAL))

FACE = """@font-face {{
  font-family: "Atkinson Hyperlegible Next";
  font-style: normal;
  font-weight: {weight};
  font-display: swap;
  src: url("{file}") format("woff2");
  unicode-range: {characters};
}}
"""


def main() -> int:
    """Fill static/vendor anew; it appears whole or not at all."""
    changed = [name for name, expected in TAKEN.items() if _sha256(MODULES / name) != expected]
    if changed:
        print(f"{changed[0]} is missing or not the file that was chosen; run: npm ci --ignore-scripts")
        return 1
    VENDOR.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=VENDOR.parent, prefix=".vendor-") as made:
        folder = Path(made) / "vendor"
        (folder / "fonts").mkdir(parents=True)
        for source, name in COPIED.items():
            shutil.copyfile(MODULES / source, folder / name)
        faces = [
            _cut(folder / "fonts", part, source, wanted, weight)
            for part, source, wanted in CUTS
            for weight in (400, 700)
        ]
        (folder / "fonts" / "atkinson.css").write_text("".join(faces), encoding="ascii")
        shutil.rmtree(VENDOR, ignore_errors=True)
        folder.rename(VENDOR)
    return 0


def _cut(folder: Path, part: str, source: str, wanted: Iterable[int], weight: int) -> str:
    """Write one font file with the wanted characters that the font has; returns its @font-face rule."""
    options = subset.Options(flavor="woff2", hinting=False)
    options.layout_features = ["ccmp", "kern", "locl", "mark", "mkmk", "tnum"]
    font = TTFont(MODULES / source.format(weight), recalcTimestamp=False)
    characters = sorted(set(wanted) & set(font.getBestCmap()))
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters)
    cutter.subset(font)
    font.flavor = "woff2"
    file = f"atkinson{part}-{weight}.woff2"
    font.save(folder / file)
    return FACE.format(weight=weight, file=file, characters=_ranges(characters))


def _ranges(characters: list[int]) -> str:
    """`[0x20, 0x21, 0x41]` as CSS writes it: `U+20-21, U+41`."""
    spans: list[list[int]] = []
    for character in characters:
        if spans and character == spans[-1][1] + 1:
            spans[-1][1] = character
        else:
            spans.append([character, character])
    return ", ".join(f"U+{first:X}" + (f"-{last:X}" if last > first else "") for first, last in spans)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


if __name__ == "__main__":
    sys.exit(main())
