"""A questionnaire page by page: each group is a section, and a long one is several pages."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.questionnaires.items import Item

MOST_ON_PAGE = 20  # questions; a page of more is tiring on a phone
Run = tuple[str, tuple[Item, ...], tuple[Item, ...]]  # title, items, groups around them


@dataclass(frozen=True, slots=True)
class Section:
    """What is asked on one page; `number` counts from 1, `groups` are the groups around it."""

    number: int
    title: str
    items: tuple[Item, ...]
    groups: tuple[Item, ...] = ()

    def walk(self) -> Iterator[Item]:
        """All that stands on the page."""
        for item in self.items:
            yield from item.walk()

    @property
    def questions(self) -> tuple[Item, ...]:
        """The items that ask for an answer, those below others too."""
        return tuple(item for item in self.walk() if item.is_question)

    @property
    def texts(self) -> tuple[str, ...]:
        """What is only read on the page, without what helps with a question."""
        return tuple(_texts(self.items))


def _texts(items: tuple[Item, ...]) -> Iterator[str]:
    for item in items:
        if item.kind == "display" and not item.hidden:
            yield item.text
        elif item.kind == "group":
            yield from _texts(item.items)


def sections_of(title: str, items: tuple[Item, ...]) -> tuple[Section, ...]:
    """All sections in order, those that may turn out not to be asked too."""
    runs = [page for run in runs_of(title, items) for page in pages_of(run)]
    full = [run for run in runs if any(_shows(item) for item in run[1])]
    return tuple(Section(number, *run) for number, run in enumerate(full, 1))


def runs_of(title: str, items: tuple[Item, ...]) -> Iterator[Run]:
    """Each group as it stands; questions that stand between groups share a run."""
    loose: list[Item] = []
    for item in items:
        if item.kind == "group" and not item.repeats:
            if loose:
                yield title, tuple(loose), ()
            loose = []
            yield item.label or title, item.items, (item,)
        else:
            loose.append(item)
    if loose:
        yield title, tuple(loose), ()


def pages_of(run: Run) -> Iterator[Run]:
    """A run cut where it gets too long for a page, groups within it too."""
    title, items, groups = run
    if sum(_count(item) for item in items) <= MOST_ON_PAGE and not any(_is_page(item) for item in items):
        yield run
        return
    held: list[Item] = []
    for item in items:
        is_full = held and sum(map(_count, held)) + _count(item) > MOST_ON_PAGE
        if is_full or (held and _is_page(item)):
            yield title, tuple(held), groups
            held = []
        is_cut = item.kind == "group" and not item.repeats and item.items
        if is_cut and (_count(item) > MOST_ON_PAGE or _is_page(item)):
            yield from pages_of((item.label or title, item.items, (*groups, item)))
        else:
            held.append(item)
    if held:
        yield title, tuple(held), groups


def _is_page(item: Item) -> bool:
    return item.kind == "group" and item.control == "page"


def _count(item: Item) -> int:
    return sum(1 for inner in item.walk() if inner.is_question)


def _shows(item: Item) -> bool:
    return any(inner.is_question or inner.kind == "display" for inner in item.walk() if not inner.hidden)
