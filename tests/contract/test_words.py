"""Every word for screens is translated, with the same values filled in."""

import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from core import i18n
from tests.support.house import House
from tools import messages

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w*\}")
SPANISH = {
    "/inbox/": "Hace falta antes de que pueda reservar.",
    "/appointments/": "Buscar citas",
    "/appointments/search": "Antes de reservar, envíe su cuestionario inicial.",
    "/settings/": "Zona horaria",
}
CATALOGS = [
    pytest.param(folder, places, locale, id=f"{folder.parent.name}-{locale}")
    for folder, places in messages.catalogs().items()
    for locale in messages.LOCALES
]


def forms(words: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [words or ""] if words is None or isinstance(words, str) else list(words)


def values(words: str) -> Counter[str]:
    return Counter(PLACEHOLDER.findall(words))


def read(folder: Path, places: list[Path], locale: str) -> tuple[Catalog, Catalog]:
    return messages.found_in(places), messages.read(messages.po_file(folder, locale), locale)


@pytest.mark.parametrize(("folder", "places", "locale"), CATALOGS)
def test_the_po_file_has_the_words_of_the_source(folder: Path, places: list[Path], locale: str) -> None:
    found, known = read(folder, places, locale)
    in_source = {str(one.id) for one in found if one.id}
    in_file = {str(one.id) for one in known if one.id}
    assert in_source == in_file, "Run `make messages`, then translate what is new."


@pytest.mark.parametrize(("folder", "places", "locale"), CATALOGS)
def test_each_message_is_translated_with_its_values(folder: Path, places: list[Path], locale: str) -> None:
    _found, known = read(folder, places, locale)
    for message in known:
        if not message.id:
            continue
        translated = forms(message.string)
        assert all(translated), f"not translated: {message.id}"
        assert not message.fuzzy, message.id
        for original, words in zip(forms(message.id), translated, strict=True):
            assert values(original) == values(words), f"other values: {original}"


def test_somebody_who_chooses_spanish_reads_spanish(house: House) -> None:
    """Core's words, a plugin's, dates, and the page's own language, at the next click."""
    assert i18n.LOCALES.keys() - {"en"} == set(messages.LOCALES)
    browser = house.browser("newclient@demo.test")
    assert browser.post("/settings/", {"name": "Ana", "locale": "es", "zone": ""}).status_code == 303
    for path, words in SPANISH.items():
        shown = browser.get(path).get_data(as_text=True)
        assert '<html lang="es"' in shown, path
        assert words in shown, path
