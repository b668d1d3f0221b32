"""The part of FHIRPath that scores are written in, read into a small tree; nothing is ever run as code.

http://hl7.org/fhirpath/N1/
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

MOST_TOKENS = 2000
MOST_NESTING = 60
TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?)"
    r"|'(?P<string>[^'\\]*)'"
    r"|(?P<variable>%(?:[A-Za-z_][A-Za-z0-9_]*|`[^`]+`))"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*|\$this)"
    r"|(?P<sign><=|>=|!=|[-+*/&|=<>().,\[\]{}]))"
)
# From the loosest to the tightest; words are operators only between two terms.
LEVELS: tuple[frozenset[str], ...] = tuple(
    map(
        frozenset,
        (
            {"implies"},
            {"or", "xor"},
            {"and"},
            {"in", "contains"},
            {"=", "!="},
            {"<", ">", "<=", ">="},
            {"|"},
            {"+", "-", "&"},
            {"*", "/", "div", "mod"},
        ),
    )
)
Sort = Literal["value", "empty", "variable", "this", "path", "call", "index", "minus", "operation"]


class NotRead(ValueError):
    """An expression that is not in our part of FHIRPath; the argument names what isn't."""


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of an expression: `of` is what a path, call or index is taken of, None for the context."""

    sort: Sort
    name: str = ""
    value: str | Decimal | bool | None = None
    of: "Node | None" = None
    parts: tuple["Node", ...] = ()

    def walk(self) -> Iterator["Node"]:
        """Itself and all below it."""
        yield self
        for node in (*([self.of] if self.of else []), *self.parts):
            yield from node.walk()


def parse(text: str) -> Node:
    """The tree of an expression; NotRead names the first thing that we don't know."""
    parser = Parser(list(tokens(text)))
    node = parser.operation(0)
    if parser.at < len(parser.tokens):
        raise NotRead(parser.tokens[parser.at][1])
    return node


def tokens(text: str) -> Iterator[tuple[str, str]]:
    """(kind, text) of each word and sign."""
    at, count = 0, 0
    text = text.rstrip()
    while at < len(text):
        found = TOKEN.match(text, at)
        count += 1
        if found is None or count > MOST_TOKENS:
            raise NotRead(text[at : at + 20].strip())
        kind = str(found.lastgroup)
        yield kind, found[kind]
        at = found.end()


class Parser:
    """Reads tokens by recursive descent, to a bounded depth."""

    def __init__(self, found: list[tuple[str, str]]) -> None:
        self.tokens = found
        self.at = 0
        self.nesting = 0

    def ahead(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "the end")

    def take(self) -> tuple[str, str]:
        token = self.ahead()
        self.at += 1
        return token

    def sign(self, text: str) -> bool:
        """Take a sign if it comes next."""
        if self.ahead() == ("sign", text):
            self.at += 1
            return True
        return False

    def need(self, text: str) -> None:
        if not self.sign(text):
            raise NotRead(self.ahead()[1])

    def operation(self, level: int) -> Node:
        """Operators of a level and tighter, taken from the left."""
        if level == len(LEVELS):
            return self.unary()
        self.nesting += 1
        if self.nesting > MOST_NESTING * len(LEVELS):
            raise NotRead("nesting")
        left = self.operation(level + 1)
        while self.ahead()[0] in {"sign", "name"} and self.ahead()[1] in LEVELS[level]:
            _kind, name = self.take()
            left = Node("operation", name, parts=(left, self.operation(level + 1)))
        self.nesting -= 1
        return left

    def unary(self) -> Node:
        """A term, perhaps with signs before it."""
        if self.sign("-"):
            return Node("minus", parts=(self.unary(),))
        if self.sign("+"):
            return self.unary()
        return self.chain()

    def chain(self) -> Node:
        """A term with what is taken of it: .name, .name(…), [n]."""
        node = self.term()
        while True:
            if self.sign("."):
                kind, name = self.take()
                if kind != "name":
                    raise NotRead(name)
                node = self.member(name, node)
            elif self.sign("["):
                node = Node("index", of=node, parts=(self.operation(0),))
                self.need("]")
            else:
                return node

    def term(self) -> Node:  # noqa: PLR0911 -- a line a kind
        """The beginning of a chain."""
        kind, text = self.take()
        if kind == "number":
            return Node("value", value=Decimal(text))
        if kind == "string":
            return Node("value", value=text)
        if kind == "variable":
            return Node("variable", text[1:].strip("`"))
        if kind == "name":
            if text in {"true", "false"}:
                return Node("value", value=text == "true")
            return Node("this") if text == "$this" else self.member(text, None)
        if text == "(":
            node = self.operation(0)
            self.need(")")
            return node
        if text == "{":
            self.need("}")
            return Node("empty")
        raise NotRead(text)

    def member(self, name: str, of: Node | None) -> Node:
        """A path's step, or a function with its arguments."""
        if not self.sign("("):
            return Node("path", name, of=of)
        parts: list[Node] = []
        while not self.sign(")"):
            if parts:
                self.need(",")
            parts.append(self.operation(0))
        return Node("call", name, of=of, parts=tuple(parts))
