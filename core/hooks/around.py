"""Ways around the scope that can be read in a plugin's code: making one, or another out of one."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from core.hooks.plugin import Fault
from core.hooks.sources import Source

MAKERS = ("system", "visitor")
CHANGERS = ("replace", "__replace__", "__setattr__", "setattr")
MEND = "take rows through the scope that you are given."


def scope_faults(source: Source) -> Iterator[Fault]:
    """Each place where the code reaches for more than it was given."""
    scopes = _named(source)
    for node in source.nodes:
        if words := _wrong(source, node, scopes):
            yield Fault(source.file, node.lineno, f"{words}: {MEND}")  # type: ignore[attr-defined]


def _named(source: Source) -> set[str]:
    """What is a scope by its name or by what its argument says of itself."""
    arguments = [node for node in source.nodes if isinstance(node, ast.arg)]
    told = {node.arg for node in arguments if node.annotation and source.ours(node.annotation) == "Scope"}
    return told | {"scope"}


def _wrong(source: Source, node: ast.AST, scopes: set[str]) -> str:
    if isinstance(node, ast.Attribute) and node.attr in MAKERS and _is_kind(source, node.value, scopes):
        return f"`{ast.unparse(node)}` makes a scope past the guard"
    if not isinstance(node, ast.Call):
        return ""
    if source.ours(node.func) == "Scope" or any(one.arg == "is_unlimited" for one in node.keywords):
        return f"`{ast.unparse(node.func)}(…)` makes a scope of its own"
    called = getattr(node.func, "attr", getattr(node.func, "id", ""))
    if called in CHANGERS and node.args and _is_scope(node.args[0], scopes):
        return f"`{ast.unparse(node.func)}(…)` makes another scope of one"
    return ""


def _is_kind(source: Source, node: ast.expr, scopes: set[str]) -> bool:
    """Whether an expression is the class of scopes, or a scope, which knows its class."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "type":
        return bool(node.args) and _is_scope(node.args[0], scopes)
    if isinstance(node, ast.Attribute) and node.attr == "__class__":
        return _is_scope(node.value, scopes)
    return source.ours(node) == "Scope" or _is_scope(node, scopes)


def _is_scope(node: ast.expr, scopes: set[str]) -> bool:
    return isinstance(node, ast.Name) and node.id in scopes
