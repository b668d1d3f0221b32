"""Calculations done on JSON: collections in, collections out, as FHIRPath has it."""

from collections.abc import Mapping
from decimal import DecimalException
from typing import Any

from core.questionnaires.expressions import Node
from core.questionnaires.functions import (
    LOGIC,
    SIMPLE,
    Collection,
    NotCalculated,
    arithmetic,
    descendants,
    distinct,
    number,
    plain,
    same,
    single,
    truth,
)

MOST_STEPS = 200_000


class Evaluator:
    """Evaluates trees against one response; `known` are %resource, %questionnaire and variables' trees."""

    def __init__(self, resource: Mapping[str, Any], questionnaire: Mapping[str, Any]) -> None:
        self.resource = resource
        self.questionnaire = questionnaire
        self.steps = 0

    def run(self, tree: Node, variables: Mapping[str, Node]) -> Collection:
        """The result of a calculation; NotCalculated where FHIRPath would raise an error."""
        self.variables = variables
        self.results: dict[str, Collection] = {}
        try:
            return self.of(tree, [self.resource])
        except (DecimalException, RecursionError, TypeError, AttributeError) as error:
            raise NotCalculated(str(error)) from error

    def of(self, node: Node, this: Collection) -> Collection:  # noqa: C901, PLR0911 -- a line a sort
        """The collection that a piece stands for; `this` is its context."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise NotCalculated("steps")
        match node.sort:
            case "value":
                return [node.value]
            case "empty":
                return []
            case "this":
                return this
            case "variable":
                return self.variable(node.name)
            case "path":
                return self.step(self.of(node.of, this) if node.of else this, node.name)
            case "index":
                assert node.of is not None
                at = number(single(self.of(node.parts[0], this)))
                return self.of(node.of, this)[int(at) :][:1] if at is not None and at >= 0 else []
            case "minus":
                value = number(single(self.of(node.parts[0], this)))
                return [] if value is None else [-value]
            case "operation":
                return self.operation(node, this)
            case "call":
                return self.call(node, this)

    def variable(self, name: str) -> Collection:
        if name == "resource":
            return [self.resource]
        if name == "questionnaire":
            return [self.questionnaire]
        if name not in self.results:
            self.results[name] = self.of(self.variables[name], [self.resource])
        return self.results[name]

    def step(self, base: Collection, name: str) -> Collection:
        """The members of that name; `value` is a value[x] of any type."""
        found: Collection = []
        self.steps += len(base)
        for one in base:
            if not isinstance(one, Mapping):
                continue
            names = [name]
            if name == "value" and "value" not in one:
                names = [key for key in one if key.startswith("value")]
            for key in names:
                inner = one.get(key)
                found += inner if isinstance(inner, list) else [] if inner is None else [inner]
        return [plain(one) for one in found]

    def call(self, node: Node, this: Collection) -> Collection:
        base = self.of(node.of, this) if node.of else this
        self.steps += len(base)
        match node.name:
            case "iif":
                is_met = truth(self.of(node.parts[0], base if node.of else this))
                others = node.parts[2:3]
                chosen = node.parts[1:2] if is_met else others
                return self.of(chosen[0], base if node.of else this) if chosen else []
            case "where" | "select" | "all" | "repeat":
                return self.each(node.name, node.parts[0], base)
            case "exists":
                met = self.each("where", node.parts[0], base) if node.parts else base
                return [bool(met)]
            case "descendants":
                return descendants(base)
        parts = [self.of(part, this) for part in node.parts]
        return SIMPLE[node.name](base, *parts)

    def each(self, name: str, criteria: Node, base: Collection) -> Collection:
        """Functions that look at one element after the other."""
        if name == "repeat":
            found: Collection = []
            waiting = list(base)
            while waiting:
                inner = self.of(criteria, [waiting.pop(0)])
                found += inner
                waiting += inner
            return found
        results = [(one, self.of(criteria, [one])) for one in base]
        if name == "select":
            return [inner for _one, result in results for inner in result]
        met = [one for one, result in results if truth(result)]
        return met if name == "where" else [len(met) == len(base)]

    def operation(self, node: Node, this: Collection) -> Collection:  # noqa: PLR0911 -- a line a kind
        left, right = (self.of(part, this) for part in node.parts)
        if node.name in LOGIC:
            result = LOGIC[node.name](truth(left), truth(right))
            return [] if result is None else [result]
        if node.name == "|":
            return distinct([*left, *right])
        if node.name in {"contains", "in"}:
            many, one = (left, right) if node.name == "contains" else (right, left)
            wanted = single(one)
            return [] if wanted is None else [any(same(wanted, other) for other in many)]
        first, second = single(left), single(right)
        if node.name == "&":
            return [str(first or "") + str(second or "")]
        if first is None or second is None:
            return []
        if node.name in {"=", "!="}:
            return [same(first, second) == (node.name == "=")]
        return arithmetic(node.name, first, second)
