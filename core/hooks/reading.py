"""Reading a plugin's code: what it imports, the hooks it implements, and what it declares."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path

from core.hooks.around import scope_faults
from core.hooks.finding import PARENT, PRIVATE
from core.hooks.manifest import Manifest
from core.hooks.plugin import FIRST_LINE, Fault
from core.hooks.sources import Source, argument, is_readable
from core.spec import hooks as specs

WHO = ("anyone", "token", "signed", "client", "member", "operator")
WITH_TENANT = frozenset({"client", "member"})
LISTED = ("gate", "connector")
_IMPORTING = ("import_module", "__import__")
_DEFINED = re.compile(r"^(?:async )?def (\w+)", re.MULTILINE)
_PLAIN = re.compile(r"[a-z][a-z0-9_]*")
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def code_faults(
    sources: Sequence[Source], told: Manifest, package: str, others: frozenset[str]
) -> Iterator[Fault]:
    """What the code breaks of the contract, file by file."""
    for source in sources:
        yield from _import_faults(source, package, others)
        if source.file == "hooks.py":
            yield from _hook_faults(source, told)
        yield from _declaration_faults(source, told.name)
        yield from scope_faults(source)


def hooks_written(folder: Path) -> frozenset[str]:
    """The hooks that a folder's hooks.py seems to implement, read as text: it may be no Python at all."""
    try:
        text = (folder / "hooks.py").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return frozenset()
    return frozenset(_DEFINED.findall(text)) & specs.KINDS.keys()


def _import_faults(source: Source, package: str, others: frozenset[str]) -> Iterator[Fault]:
    for line, module in _imports(source):
        top = module.split(".")[0]
        if module == package or module.startswith(f"{package}."):
            continue
        if module.startswith("."):
            yield Fault(source.file, line, "imports from above its own folder: stay inside it.")
        elif top in (PARENT, "plugins") or top in others:
            words = f"imports {module}: plugins know each other through hooks only; leave it out."
            yield Fault(source.file, line, words)
        elif top in PRIVATE:
            words = f"imports {module}, which is private: take it from vestibule.data or vestibule.web."
            yield Fault(source.file, line, words)


def _imports(source: Source) -> Iterator[tuple[int, str]]:
    """Line and module of each import; one that climbs above the plugin begins with a dot."""
    for node in source.nodes:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level > source.depth:
                yield node.lineno, "."
            elif not node.level:
                # `from plugins import other` names its module by what is imported.
                yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in _IMPORTING and isinstance(node.args[0].value, str):
                module = node.args[0].value
                yield node.lineno, "inside" if module.startswith(".") else module


def _hook_faults(source: Source, told: Manifest) -> Iterator[Fault]:
    implemented: dict[str, int] = {}
    for node in source.tree.body:
        if not isinstance(node, _Function):
            continue
        marks = [mark for mark in node.decorator_list if _is_mark(source, mark)]
        if marks:
            implemented[node.name] = node.lineno
            yield from (Fault(source.file, node.lineno, words) for words in _wrong_hook(node, marks[0]))
        elif node.name in specs.KINDS:
            yield Fault(source.file, node.lineno, f"`{node.name}` has no @hookimpl: put it above.")
    yield from _unlisted(source, told, implemented)


def _is_mark(source: Source, mark: ast.expr) -> bool:
    return source.ours(mark.func if isinstance(mark, ast.Call) else mark) == "hookimpl"


def _wrong_hook(node: _Function, mark: ast.expr) -> Iterator[str]:
    name = node.name
    if name not in specs.KINDS:
        near = get_close_matches(name, specs.KINDS, 1)
        mend = f"perhaps `{near[0]}` is meant." if near else "docs/reference/hooks.md lists them."
        yield f"`{name}` is no hook; {mend}"
        return
    if isinstance(mark, ast.Call) and (mark.keywords or mark.args):
        option = mark.keywords[0].arg if mark.keywords else "an option"
        yield f"`{name}` is marked with {option}: write `@hookimpl` alone."
    if isinstance(node, ast.AsyncFunctionDef) or _yields(node):
        yield f"`{name}` must be a plain function that returns: take async or yield away."
    yield from _wrong_arguments(node)


def _wrong_arguments(node: _Function) -> Iterator[str]:
    given, name = node.args, node.name
    if given.defaults or any(given.kw_defaults):
        yield f"`{name}` has an argument with a default: take the default away."
    if given.vararg or given.kwarg or given.kwonlyargs or given.posonlyargs:
        yield f"`{name}` must name plain arguments: no *, no ** and no /."
        return
    expected = list(inspect.signature(getattr(specs, name)).parameters)
    names = [arg.arg for arg in given.args]
    for unknown in [one for one in names if one not in expected]:
        near = get_close_matches(unknown, expected, 1)
        mend = f"perhaps `{near[0]}` is meant." if near else f"there are {', '.join(expected) or 'none'}."
        yield f"`{name}` has no argument `{unknown}`; {mend}"
    if "scope" in expected and names[:1] != ["scope"]:
        yield f"`{name}` must take `scope` first."


def _yields(node: ast.AST) -> bool:
    """Whether a function is a generator; functions inside it are their own."""
    inner = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.GeneratorExp)
    below = [child for child in ast.iter_child_nodes(node) if not isinstance(child, inner)]
    return any(isinstance(child, ast.Yield | ast.YieldFrom) or _yields(child) for child in below)


def _unlisted(source: Source, told: Manifest, implemented: dict[str, int]) -> Iterator[Fault]:
    """Gates and connectors stand in the manifest too, so that a broken plugin's are known."""
    listed = {"gate": told.gates, "connector": told.connectors}
    for name, line in implemented.items():
        kind = specs.KINDS.get(name, "")
        if kind in LISTED and name not in listed[kind]:
            yield Fault(source.file, line, f"`{name}` is missing in `{kind}s` of plugin.toml: add it there.")
    for kind in LISTED:
        for name in listed[kind]:
            if name not in implemented:
                words = f"lacks `{name}` of plugin.toml's `{kind}s`: implement it or take it out there."
                yield Fault(source.file, FIRST_LINE, words)


def _declaration_faults(source: Source, name: str) -> Iterator[Fault]:
    for call in source.calls("Route"):
        yield from (Fault(source.file, call.lineno, words) for words in _wrong_route(call))
    for made, argument_name in (("Setting", "key"), ("Job", "name")):
        for line, value in _constants(source, made, argument_name):
            if not _PLAIN.fullmatch(value):
                words = f"{made} {value!r} reaches outside its own name: write small letters, digits and _."
                yield Fault(source.file, line, words)
    for line, value in _constants(source, "AuditEvent", "name"):
        if not value.startswith(f"{name}."):
            words = f"AuditEvent {value!r} is outside its own name: begin it with `{name}.`."
            yield Fault(source.file, line, words)
    yield from _table_faults(source, name)


def _wrong_route(call: ast.Call) -> Iterator[str]:
    if not is_readable(call):
        return
    who, of = argument(call, 2, "who"), argument(call, 3, "of")
    if who is None:
        yield f"Route without who: add one of {', '.join(WHO)}."
        return
    try:
        value = ast.literal_eval(who)
    except ValueError:
        return
    kinds = value if isinstance(value, tuple) else (value,)
    if unknown := [kind for kind in kinds if kind not in WHO]:
        yield f"Route with who={unknown[0]!r}: use one of {', '.join(WHO)}."
    elif of is None and WITH_TENANT & set(kinds):
        yield 'Route without of: add of="one" or of="all".'


def _constants(source: Source, made: str, argument_name: str) -> Iterator[tuple[int, str]]:
    """Line and value of the first argument of each call that gives it as plain text."""
    for call in source.calls(made):
        given = argument(call, 0, argument_name)
        if isinstance(given, ast.Constant) and isinstance(given.value, str):
            yield call.lineno, given.value


def _table_faults(source: Source, name: str) -> Iterator[Fault]:
    for node in source.nodes:
        if not isinstance(node, ast.ClassDef):
            continue
        named = list(_table_names(node))
        is_model = any(source.ours(base) == "TenantModel" for base in node.bases)
        if is_model and not named:
            words = f'`{node.name}` says no table: add `class Meta: table_name = "{name}_…"`.'
            yield Fault(source.file, node.lineno, words)
        for line, table in named:
            if not table.startswith(f"{name}_"):
                words = f"the table {table} is outside its own name: begin it with `{name}_`."
                yield Fault(source.file, line, words)


def _table_names(model: ast.ClassDef) -> Iterator[tuple[int, str]]:
    inner = [node for node in model.body if isinstance(node, ast.ClassDef) and node.name == "Meta"]
    for node in [one for meta in inner for one in meta.body if isinstance(one, ast.Assign)]:
        is_name = any(isinstance(target, ast.Name) and target.id == "table_name" for target in node.targets)
        if is_name and isinstance(node.value, ast.Constant):
            yield node.lineno, str(node.value.value)
