"""What a calculation needs, and whether we can do it: judged before anything is calculated."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.questionnaires.expressions import Node, NotRead, parse
from core.questionnaires.functions import FUNCTIONS
from core.questionnaires.items import Expression, Item
from core.questionnaires.model import Questionnaire

LANGUAGE = "text/fhirpath"
OURS = frozenset({"resource", "questionnaire"})
LAMBDAS = frozenset({"where", "select", "exists", "all", "repeat"})


@dataclass(frozen=True, slots=True)
class Program:
    """A calculation ready to be done: its tree, and those of the variables it can see."""

    tree: Node
    variables: dict[str, Node]


def program_of(questionnaire: Questionnaire, item: Item) -> Program | str:
    """The item's calculation; else, in a word, what of it we can't do."""
    known = questionnaire.known.setdefault("programs", {})
    if item.link_id not in known:
        known[item.link_id] = _program_of(questionnaire, item)
    found: Program | str = known[item.link_id]
    return found


def is_calculable(questionnaire: Questionnaire, item: Item) -> bool:
    """Whether its answer is worked out here."""
    return item.calculation is not None and isinstance(program_of(questionnaire, item), Program)


def _program_of(questionnaire: Questionnaire, item: Item) -> Program | str:
    assert item.calculation is not None
    above = questionnaire.above(item.link_id)
    if item.repeats or any(group.repeats for group in above):
        return "repeats"
    seen: dict[str, tuple[Expression, bool]] = {}
    for one in questionnaire.variables:
        seen[one.name] = (one, True)
    for one in (one for holder in (*above, item) for one in holder.variables):
        seen[one.name] = (one, False)
    variables: dict[str, Node] = {}
    try:
        tree = _read(item.calculation)
        _gather(tree, seen, variables, (), is_root=False)
    except NotRead as error:
        return str(error)[:80]
    return Program(tree, variables)


def _read(expression: Expression) -> Node:
    if expression.kept.get("language", LANGUAGE) != LANGUAGE:
        raise NotRead(str(expression.kept["language"])[:40])
    return parse(expression.text)


def _gather(
    tree: Node,
    seen: dict[str, tuple[Expression, bool]],
    variables: dict[str, Node],
    inside: tuple[str, ...],
    *,
    is_root: bool,
) -> None:
    """Judge a tree and, into `variables`, all that it refers to."""
    for problem in problems(tree, is_root=is_root):
        raise NotRead(problem)
    for name in {node.name for node in tree.walk() if node.sort == "variable"} - OURS:
        if name not in seen or name in inside:
            raise NotRead(f"%{name}")
        if name not in variables:
            expression, at_root = seen[name]
            found = _read(expression)
            _gather(found, seen, variables, (*inside, name), is_root=at_root)
            variables[name] = found


def problems(node: Node, *, is_root: bool, is_inner: bool = False) -> Iterator[str]:
    """Functions we don't have, and paths whose beginning is not certain."""
    if node.sort == "call" and len(node.parts) not in FUNCTIONS.get(node.name, ()):
        yield f"{node.name}()"
    needs_context = node.of is None and (node.sort == "path" or (node.sort == "call" and node.name != "iif"))
    if (needs_context or node.sort == "this") and not (is_root or is_inner):
        yield node.name or "$this"
    if node.of is not None:
        yield from problems(node.of, is_root=is_root, is_inner=is_inner)
    is_lambda = node.sort == "call" and node.name in LAMBDAS
    for part in node.parts:
        yield from problems(part, is_root=is_root, is_inner=is_inner or is_lambda)


def mentions(questionnaire: Questionnaire, item: Item) -> list[str]:
    """The items whose answers the calculation looks at; where it looks at all, all others."""
    program = program_of(questionnaire, item)
    assert isinstance(program, Program)
    found: set[str] = set()
    for tree in (program.tree, *program.variables.values()):
        for chain in chains(tree):
            if not starts_in_answers(chain[0], program):
                continue
            words = {
                str(inner.value)
                for node in chain
                for part in node.parts
                for inner in part.walk()
                if inner.sort == "value"
            }
            named = words & set(questionnaire.by_link_id)
            looks = {node.name for node in chain} & {"answer", "descendants", "repeat"}
            if named:
                found |= named
            elif looks:
                found |= set(questionnaire.by_link_id) - {item.link_id}
    return [link_id for link_id in questionnaire.by_link_id if link_id in found]


def chains(tree: Node) -> Iterator[list[Node]]:
    """Each path from its beginning to its end."""
    inner = {id(node.of) for node in tree.walk() if node.of is not None}
    for node in tree.walk():
        if node.of is None or id(node) in inner:
            continue
        chain = [node]
        while chain[0].of is not None:
            chain.insert(0, chain[0].of)
        yield chain


def starts_in_answers(first: Node, program: Program) -> bool:
    """Whether a path begins in the response, perhaps by way of variables."""
    while first.sort == "variable" and first.name in program.variables:
        first = program.variables[first.name]
        while first.of is not None:
            first = first.of
    return first.name != "questionnaire" or first.sort != "variable"


def in_order(questionnaire: Questionnaire) -> tuple[tuple[Item, Program], ...]:
    """All calculations, each after those that it needs; those that are circular are left out."""
    if "calculations" not in questionnaire.known:
        waiting = {item.link_id: item for item in questionnaire.walk() if is_calculable(questionnaire, item)}
        needs = {name: set(mentions(questionnaire, item)) & set(waiting) for name, item in waiting.items()}
        ordered: list[tuple[Item, Program]] = []
        while ready := [name for name in waiting if not needs[name] & set(waiting)]:
            for name in ready:
                item = waiting.pop(name)
                program = program_of(questionnaire, item)
                assert isinstance(program, Program)
                ordered.append((item, program))
        questionnaire.known["calculations"] = tuple(ordered)
    found: tuple[tuple[Item, Program], ...] = questionnaire.known["calculations"]
    return found
