"""A plugin's Python as syntax trees, and which names in them are ours."""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from core.hooks.plugin import FIRST_LINE, Fault

FACE = "vestibule"


@dataclass(frozen=True)
class Source:
    """One file: its path inside the plugin's folder, its tree, and what it calls our names."""

    file: str
    tree: ast.Module
    aliases: dict[str, str] = field(default_factory=dict)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the tree; walked once, as many rules look at all of them."""
        return tuple(ast.walk(self.tree))

    @property
    def depth(self) -> int:
        """How many dots of a relative import stay inside the plugin."""
        return len(Path(self.file).parts)

    def ours(self, node: ast.expr) -> str:
        """The name of ours that an expression means, like `Route` or `hookimpl`; else nothing."""
        if isinstance(node, ast.Name):
            return self.aliases.get(node.id, "")
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
            return node.attr if ast.unparse(node.value) in self.aliases else ""
        return ""

    def calls(self, name: str) -> Iterator[ast.Call]:
        """Every call of one of our names."""
        for node in self.nodes:
            if isinstance(node, ast.Call) and self.ours(node.func) == name:
                yield node


def read_sources(folder: Path, files: list[Path]) -> tuple[list[Source], list[Fault]]:
    """The files as trees, and those that are no Python."""
    sources, faults = [], []
    for path in files:
        file = path.relative_to(folder).as_posix()
        try:
            tree = _parsed(path.read_bytes(), file)
        except SyntaxError as error:
            faults.append(Fault(file, error.lineno or FIRST_LINE, "is no Python: mend what stands there."))
        except (OSError, ValueError, RecursionError, MemoryError):
            faults.append(Fault(file, FIRST_LINE, "can't be read as Python: mend the file."))
        else:
            sources.append(Source(file, tree, _aliases(tree)))
    return sources, faults


def _parsed(code: bytes, file: str) -> ast.Module:
    """The tree; without collecting garbage meanwhile, which in a process of greenlets upsets the parser."""
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        return ast.parse(code, file)
    finally:
        if was_collecting:
            gc.enable()


def argument(call: ast.Call, position: int, name: str) -> ast.expr | None:
    """What a call gives for one argument, where that can be read."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    return call.args[position] if len(call.args) > position else None


def is_readable(call: ast.Call) -> bool:
    """Whether a call names its arguments one by one, without * and **."""
    starred = any(isinstance(arg, ast.Starred) for arg in call.args)
    return not starred and all(keyword.arg for keyword in call.keywords)


def _aliases(tree: ast.Module) -> dict[str, str]:
    """What the file calls our names, and the modules of our public face."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == FACE and not node.level:
            found |= {alias.asname or alias.name: alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            named = [alias for alias in node.names if alias.name.split(".")[0] == FACE]
            found |= {alias.asname or alias.name: alias.name for alias in named}
    return found
