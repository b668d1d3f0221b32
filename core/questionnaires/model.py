"""What a questionnaire is here: a small part of FHIR R4's Questionnaire, as values that never change.

https://hl7.org/fhir/R4/questionnaire.html
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

Kind = Literal["string", "text", "integer", "decimal", "date", "choice", "boolean", "group", "display"]
Status = Literal["draft", "active", "retired"]

KINDS: tuple[Kind, ...] = (
    "string",
    "text",
    "integer",
    "decimal",
    "date",
    "choice",
    "boolean",
    "group",
    "display",
)
STATUSES: tuple[Status, ...] = ("draft", "active", "retired")
WORDED = frozenset({"string", "text"})


@dataclass(frozen=True, slots=True)
class Option:
    """An answer that is offered: a coding, or plain words when it has no `code`."""

    display: str
    code: str = ""
    system: str = ""

    @property
    def key(self) -> str:
        """What a page sends for it, and what makes two options the same."""
        return key_of(self.answer)

    @property
    def answer(self) -> "Option | str":
        """How it stands in a response: itself (valueCoding), or its words (valueString)."""
        return self if self.code else self.display


Value: TypeAlias = str | int | Decimal | date | bool | Option


def key_of(value: Value) -> str:
    """The key of an answer to a choice; the words of a coding don't count."""
    if isinstance(value, Option):
        return f"{value.system}|{value.code}"
    return str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A question, a text that is only shown, or a group of both that is a section.

    `repeats` belongs to choices only: several may be picked. `definition` says which element of
    a FHIR resource the answer is (Questionnaire.item.definition).
    """

    link_id: str
    kind: Kind
    text: str = ""
    required: bool = False
    repeats: bool = False
    max_length: int | None = None
    options: tuple[Option, ...] = ()
    items: tuple["Item", ...] = ()
    definition: str = ""

    @property
    def is_question(self) -> bool:
        """Whether it asks for an answer."""
        return self.kind not in {"group", "display"}

    def option(self, key: str) -> Option | None:
        """The option with this key."""
        return next((option for option in self.options if option.key == key), None)


@dataclass(frozen=True, slots=True)
class Section:
    """What is asked on one page; `number` counts from 1."""

    number: int
    title: str
    items: tuple[Item, ...]

    @property
    def questions(self) -> tuple[Item, ...]:
        """The items that ask for an answer."""
        return tuple(item for item in self.items if item.is_question)


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionnaire:
    """A form in one version; responses are bound to `canonical`."""

    url: str
    version: str
    title: str
    status: Status = "draft"
    description: str = ""
    items: tuple[Item, ...] = ()

    @property
    def canonical(self) -> str:
        """url|version, as FHIR writes a reference to one version."""
        return f"{self.url}|{self.version}" if self.version else self.url

    def walk(self) -> Iterator[Item]:
        """All items in the order of the page, groups before what is in them."""
        for item in self.items:
            yield item
            yield from item.items

    @property
    def questions(self) -> tuple[Item, ...]:
        """The items that ask for an answer, in the order of the page."""
        return tuple(item for item in self.walk() if item.is_question)

    def item(self, link_id: str) -> Item | None:
        """The item with this linkId."""
        return next((item for item in self.walk() if item.link_id == link_id), None)

    @property
    def sections(self) -> tuple[Section, ...]:
        """Each group is a section; questions that stand between groups share one."""
        runs: list[tuple[str, list[Item]]] = []
        is_loose = False
        for item in self.items:
            if item.kind == "group":
                runs.append((item.text or self.title, list(item.items)))
            elif is_loose:
                runs[-1][1].append(item)
            else:
                runs.append((self.title, [item]))
            is_loose = item.kind != "group"
        full = [(title, items) for title, items in runs if items]
        return tuple(Section(number, title, tuple(items)) for number, (title, items) in enumerate(full, 1))

    def section_of(self, link_id: str) -> Section | None:
        """The section that an item stands in."""
        for section in self.sections:
            if any(item.link_id == link_id for item in section.items):
                return section
        return None
