"""Finds the words for screens in core and each plugin, and brings their .po files in line with them."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import read_po, write_po

from tools.telling import ROOT

LOCALES = ("es",)
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy": None, "_n": (1, 2)}
OWN = ("core", "templates", "vestibule")
JINJA = {"extensions": "jinja2.ext.do", "silent": "false"}
WIDTH = 110

# Babel's own header has dates, which would change with each run.
HEADER = """\
msgid ""
msgstr ""
"Language: {locale}\\n"
"Plural-Forms: {plurals}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def catalogs() -> dict[Path, list[Path]]:
    """The folder of translations of the house and of each plugin, with where its words stand."""
    plugins = sorted(
        manifest.parent
        for pattern in ("plugins/*/plugin.toml", "examples/*/*/plugin.toml")
        for manifest in ROOT.glob(pattern)
    )
    own = {ROOT / "translations": [ROOT / name for name in OWN]}
    return own | {plugin / "translations": [plugin] for plugin in plugins}


def po_file(folder: Path, locale: str) -> Path:
    return folder / locale / "LC_MESSAGES" / "messages.po"


def found_in(places: list[Path]) -> Catalog:
    """The words in these folders, each with the files that use it."""
    found = Catalog()
    for file in _files(places):
        method = "python" if file.suffix == ".py" else "jinja2"
        options = {} if method == "python" else JINJA
        for _line, message, _comments, _context in extract_from_file(method, file, KEYWORDS, options=options):
            found.add(message, locations=[(str(file.relative_to(ROOT)), 0)])
    return found


def main() -> None:
    """Add new words to each .po file, without a translation yet, and drop those that are gone."""
    for folder, places in catalogs().items():
        found = found_in(places)
        for locale in LOCALES if len(found) else ():
            file = po_file(folder, locale)
            known = read(file, locale)
            known.update(found, no_fuzzy_matching=True)
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("wb") as target:
                target.write(HEADER.format(locale=locale, plurals=known.plural_forms).encode())
                write_po(target, known, WIDTH, omit_header=True, ignore_obsolete=True, include_lineno=False)
            missing = sum(1 for message in known if message.id and not message.string)
            print(f"{file.relative_to(ROOT)}: {len(known)} messages, {missing} without a translation")


def _files(places: list[Path]) -> Iterator[Path]:
    for place in places:
        for file in sorted(place.rglob("*")):
            if file.suffix in (".py", ".html", ".txt") and file.name != "common_passwords.txt":
                yield file


def read(file: Path, locale: str) -> Catalog:
    """What a .po file holds; nothing if there is none yet."""
    if not file.exists():
        return Catalog(locale=locale)
    with file.open("rb") as source:
        return read_po(source, locale)


if __name__ == "__main__":
    main()
