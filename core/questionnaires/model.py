"""What a questionnaire is here: FHIR R4's Questionnaire, as values that never change.

https://hl7.org/fhir/R4/questionnaire.html
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from core.questionnaires.items import Expression, Item, Kept
from core.questionnaires.sections import Section, sections_of
from core.questionnaires.values import Coding

Status = Literal["draft", "active", "retired"]
STATUSES: tuple[Status, ...] = ("draft", "active", "retired")


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionnaire:
    """A form in one version; responses are bound to `canonical`."""

    url: str
    version: str
    title: str
    status: Status = "draft"
    description: str = ""
    codes: tuple[Coding, ...] = ()
    signature: bool = False
    variables: tuple[Expression, ...] = ()
    items: tuple[Item, ...] = ()
    kept: Kept = field(default_factory=dict, hash=False)
    # What follows from the rest and is asked for again and again.
    known: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def canonical(self) -> str:
        """url|version, as FHIR writes a reference to one version."""
        return f"{self.url}|{self.version}" if self.version else self.url

    def walk(self) -> Iterator[Item]:
        """All items in the order of the page, groups before what is in them."""
        for item in self.items:
            yield from item.walk()

    @property
    def questions(self) -> tuple[Item, ...]:
        """The items that ask for an answer, in the order of the page."""
        return tuple(item for item in self.walk() if item.is_question)

    @property
    def by_link_id(self) -> dict[str, Item]:
        """Each item by its linkId."""
        if "by_link_id" not in self.known:
            self.known["by_link_id"] = {item.link_id: item for item in self.walk()}
        found: dict[str, Item] = self.known["by_link_id"]
        return found

    def item(self, link_id: str) -> Item | None:
        """The item with this linkId."""
        return self.by_link_id.get(link_id)

    @property
    def parents(self) -> dict[str, Item]:
        """The item that each one stands below, by the linkId of the lower."""
        if "parents" not in self.known:
            self.known["parents"] = {inner.link_id: item for item in self.walk() for inner in item.items}
        found: dict[str, Item] = self.known["parents"]
        return found

    def above(self, link_id: str) -> tuple[Item, ...]:
        """The items that one stands in, from the outermost in."""
        chain: list[Item] = []
        item = self.parents.get(link_id)
        while item is not None:
            chain.append(item)
            item = self.parents.get(item.link_id)
        return tuple(reversed(chain))

    @property
    def sections(self) -> tuple[Section, ...]:
        """What is asked page by page."""
        if "sections" not in self.known:
            self.known["sections"] = sections_of(self.title, self.items)
        found: tuple[Section, ...] = self.known["sections"]
        return found

    def section_of(self, link_id: str) -> Section | None:
        """The section that an item stands in."""
        for section in self.sections:
            if any(item.link_id == link_id for item in section.walk()):
                return section
        return None
