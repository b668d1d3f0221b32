"""What FHIRPath's functions and operators do to collections; those that are not here are not had."""

from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

from core.questionnaires import extensions as ext

MOST_POWER = 20
MOST_PLACES = 12
MOST_DISTINCT = 1000
Collection = list[Any]


class NotCalculated(Exception):
    """There is no result, or none that could be trusted."""


def arithmetic(name: str, first: Any, second: Any) -> Collection:
    """Numbers compared and counted with; words only compared and joined."""
    if isinstance(first, str) and isinstance(second, str):
        if name == "+":
            return [first + second]
        return [WORDS[name](first, second)] if name in WORDS else _refuse(name)
    one, other = number(first), number(second)
    if one is None or other is None:
        return _refuse(name)
    if name in WORDS:
        return [WORDS[name](one, other)]
    if name in {"/", "div", "mod"} and other == 0:
        return []
    return [NUMBERS[name](one, other)]


def _refuse(name: str) -> Collection:
    raise NotCalculated(name)


def plain(value: Any) -> Any:
    """JSON numbers as decimals; a float's digits are those that were written."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return Decimal(str(value))


def number(value: Any) -> Decimal | None:
    """A number, None for nothing or anything else."""
    return value if isinstance(value, Decimal) else None


def single(found: Collection) -> Any:
    """The one element, None for none; more than one is an error of the expression."""
    if len(found) > 1:
        raise NotCalculated("more than one")
    return found[0] if found else None


def truth(found: Collection) -> bool | None:
    """A condition's result; a single element that is no truth counts as true."""
    one = single(found)
    return one if one is None or isinstance(one, bool) else True


def same(one: Any, other: Any) -> bool:
    """Whether two elements are equal; a truth is never a number."""
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def distinct(found: Collection) -> Collection:
    """Each element once; for as many as a form has answers."""
    if len(found) > MOST_DISTINCT:
        raise NotCalculated("too many")
    kept: Collection = []
    for one in found:
        if not any(same(one, other) for other in kept):
            kept.append(one)
    return kept


def descendants(base: Collection) -> Collection:
    """All elements below, at any depth."""
    found: Collection = []
    waiting = list(base)
    while waiting:
        one = waiting.pop()
        inner = one.values() if isinstance(one, Mapping) else ()
        for value in inner:
            below = value if isinstance(value, list) else [value]
            found += [plain(each) for each in below]
            waiting += below
    return found


def numbers(base: Collection) -> list[Decimal]:
    """The elements, which all have to be numbers."""
    found = [number(one) for one in base]
    if None in found:
        raise NotCalculated("not a number")
    return [one for one in found if one is not None]


def total(base: Collection) -> Collection:
    """Their sum; of nothing there is none, so that a blank form has no score."""
    return [sum(numbers(base), Decimal(0))] if base else []


def rounded(base: Collection, digits: Collection | None = None) -> Collection:
    """Half away from zero, as FHIRPath has it."""
    value, places = number(single(base)), number(single(digits or [Decimal(0)]))
    if value is None or places is None or not 0 <= places <= MOST_PLACES:
        return []
    exponent = Decimal(1).scaleb(-int(places))
    return [value.quantize(exponent, rounding=ROUND_HALF_UP)]


def power(base: Collection, exponent: Collection) -> Collection:
    """A power with a small whole exponent."""
    value, by = number(single(base)), number(single(exponent))
    if value is None or by is None:
        return []
    if by != int(by) or abs(by) > MOST_POWER or (value == 0 and by < 0):
        raise NotCalculated("power")
    return [value ** int(by)]


def to_number(base: Collection) -> Collection:
    """A number out of words, if they are one."""
    one = single(base)
    if isinstance(one, bool):
        return [Decimal(one)]
    if isinstance(one, str) and one.isascii() and one.replace(".", "", 1).removeprefix("-").isdigit():
        return [Decimal(one)]
    return [one] if isinstance(one, Decimal) else []


def scores(base: Collection, url: str) -> Collection:
    """The scores of answers: of a coding, or of the answer that it stands in."""
    found: Collection = []
    for one in base:
        element = one.get("valueCoding", one) if isinstance(one, Mapping) else {}
        value = ext.value_of(ext.extensions_of(element), url)
        if value is not None:
            found.append(plain(value))
    return found


def whole(rounding: str) -> Callable[[Collection], Collection]:
    """Rounding to a whole number in one direction."""

    def act(base: Collection) -> Collection:
        value = number(single(base))
        return [] if value is None else [value.to_integral_value(rounding=rounding)]

    return act


def negated(base: Collection) -> Collection:
    """Not, of a truth."""
    value = truth(base)
    return [] if value is None else [not value]


SIMPLE: dict[str, Callable[..., Collection]] = {
    "empty": lambda base: [not base],
    "not": negated,
    "count": lambda base: [Decimal(len(base))],
    "sum": total,
    "min": lambda base: [min(numbers(base))] if base else [],
    "max": lambda base: [max(numbers(base))] if base else [],
    "avg": lambda base: [total(base)[0] / len(base)] if base else [],
    "first": lambda base: base[:1],
    "last": lambda base: base[-1:],
    "distinct": distinct,
    "combine": lambda base, other: [*base, *other],
    "union": lambda base, other: distinct([*base, *other]),
    "round": rounded,
    "power": power,
    "abs": lambda base: [abs(one) for one in numbers(base)],
    "ceiling": whole(ROUND_CEILING),
    "floor": whole(ROUND_FLOOR),
    "truncate": whole(ROUND_DOWN),
    "toDecimal": to_number,
    "hasValue": lambda base: [len(base) == 1 and not isinstance(base[0], Mapping)],
    "ordinal": lambda base: scores(base, ext.ORDINAL),
    "weight": lambda base: scores(base, ext.WEIGHT) or scores(base, ext.ORDINAL),
}
# Each function that we have, with how many arguments it may take.
FUNCTIONS: dict[str, tuple[int, ...]] = (
    dict.fromkeys(SIMPLE, (0,))
    | {"combine": (1,), "union": (1,), "round": (0, 1), "power": (1,), "iif": (2, 3), "exists": (0, 1)}
    | dict.fromkeys(("where", "select", "all", "repeat"), (1,))
    | {"descendants": (0,)}
)
WORDS: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda one, other: one < other,
    ">": lambda one, other: one > other,
    "<=": lambda one, other: one <= other,
    ">=": lambda one, other: one >= other,
}
NUMBERS: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": lambda one, other: one + other,
    "-": lambda one, other: one - other,
    "*": lambda one, other: one * other,
    "/": lambda one, other: one / other,
    "div": lambda one, other: (one / other).to_integral_value(rounding=ROUND_DOWN),
    "mod": lambda one, other: one % other,
}


def _and(one: bool | None, other: bool | None) -> bool | None:  # noqa: FBT001 -- both sides of an operator
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _or(one: bool | None, other: bool | None) -> bool | None:  # noqa: FBT001 -- both sides of an operator
    if one is True or other is True:
        return True
    return None if one is None or other is None else False


LOGIC: dict[str, Callable[[bool | None, bool | None], bool | None]] = {
    "and": _and,
    "or": _or,
    "xor": lambda one, other: None if one is None or other is None else one != other,
    "implies": lambda one, other: _or(None if one is None else not one, other),
}
