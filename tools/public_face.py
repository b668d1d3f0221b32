"""Writes docs/reference/public.md: every name that plugins and their tests may import, in full."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from types import ModuleType
from typing import Any

from vestibule import data, deprecation, fixtures, testing, web

OURS = ("core", "vestibule")
OWN_PREFIX = re.compile(r"\b(?:core|vestibule)\.(?:\w+\.)*(?=\w)")
ABOUT = {
    "vestibule.deprecation": "What warns before a name goes.",
    "vestibule.data": "For services: models, transactions, records and core services. Knows no pages.",
    "vestibule.data.questionnaires": "FHIR R4 Questionnaires: read, asked, checked, kept.",
    "vestibule.data.records": "The practice record, wherever it is kept: what `practice_records` gives.",
    "vestibule.web": "For hooks, views and forms.",
    "vestibule.testing": "For tests alone; what the fixtures give.",
}
INTRO = (
    "All that a plugin may import, with signatures and fields; a test compares it with the source, so that"
    " a change shows. [How to keep up](../how-to/keep-up.md) says what is promised; what is not here is"
    " private."
)


def page(made: str) -> str:
    """The whole page; `made` is the line that says where it comes from."""
    parts = ["# Public names", made, INTRO]
    for name, module in modules().items():
        parts += [f"## {name}", ABOUT[name]]
        for public in sorted(names_of(module), key=lambda one: (one.lower(), one)):
            thing = getattr(module, public)
            if not isinstance(thing, ModuleType):
                parts += [f"### {public}", f"```python\n{told(public, thing)}\n```", sentences(thing)]
    parts += ["## Fixtures", "Known to pytest wherever Vestibule is installed.", _fixtures()]
    return "\n\n".join(part for part in parts if part) + "\n"


def modules() -> dict[str, ModuleType]:
    """The public modules by their names, in the order of the page."""
    return {
        "vestibule.data": data,
        "vestibule.data.questionnaires": data.questionnaires,
        "vestibule.data.records": data.records,
        "vestibule.web": web,
        "vestibule.testing": testing,
        "vestibule.deprecation": deprecation,
    }


def names_of(module: ModuleType) -> list[str]:
    """What a public module gives: its list, or else whatever is declared in it."""
    listed: list[str] | None = getattr(module, "__all__", None)
    if listed is not None:
        return listed
    return [
        name for name, thing in vars(module).items() if getattr(thing, "__module__", "") == module.__name__
    ]


def sentences(thing: Any) -> str:
    """The docstring, unless the thing has none of its own."""
    if not is_ours(thing):
        return ""
    return inspect.cleandoc(thing.__doc__ or "")


def is_ours(thing: Any) -> bool:
    return str(getattr(thing, "__module__", "")).split(".")[0] in OURS


def told(name: str, thing: Any) -> str:
    """A name as Python would have it declared."""
    if inspect.isclass(thing):
        return _class(name, thing) if is_ours(thing) else f"{name} = {thing.__module__}.{thing.__qualname__}"
    if callable(thing) and hasattr(thing, "__name__"):
        return f"def {name}{_signature(thing)}"
    if callable(thing):
        return f"@{name}"
    return (
        f"{name} = {thing!r}" if isinstance(thing, str | int | tuple) else f"{name}: {type(thing).__name__}"
    )


def _class(name: str, made: Any) -> str:
    bases = ", ".join(base.__name__ for base in made.__bases__ if base is not object)
    lines = [f"class {name}({bases}):" if bases else f"class {name}:"]
    lines += [f"    {line}" for line in _members(made)]
    return "\n".join(lines if len(lines) > 1 else [*lines, "    ..."])


def _members(made: Any) -> Iterator[str]:
    if is_dataclass(made):
        yield from (_field(one) for one in fields(made) if not one.name.startswith("_"))
    elif "__init__" in vars(made):
        yield f"def __init__{_signature(made.__init__)}"
    for name, member in vars(made).items():
        if name.startswith("_"):
            continue
        if isinstance(member, property):
            yield f"@property\n    def {name}{_signature(member.fget)}"
        elif isinstance(member, classmethod):
            yield f"@classmethod\n    def {name}{_signature(member.__func__)}"
        elif inspect.isfunction(member):
            yield f"def {name}{_signature(member)}"


def _field(one: Any) -> str:
    kind = OWN_PREFIX.sub("", one.type if isinstance(one.type, str) else inspect.formatannotation(one.type))
    if one.default is not MISSING:
        return f"{one.name}: {kind} = {one.default!r}"
    return f"{one.name}: {kind}" + (
        "" if one.default_factory is MISSING else f" = {one.default_factory.__name__}()"
    )


def _signature(function: Any) -> str:
    plain = re.sub(r"'([^']*)'(?=[,)=\]: ]| ->|$)", _unquoted, str(inspect.signature(function)))
    return OWN_PREFIX.sub("", plain)


def _unquoted(found: re.Match[str]) -> str:
    """An annotation without its quotes; a default that is a word keeps them."""
    before = found.string[: found.start()]
    return found[1] if before.endswith((": ", "-> ")) else found[0]


def _fixtures() -> str:
    lines = ["| fixture | gives | is |", "|---|---|---|"]
    for name, member in vars(fixtures).items():
        if isinstance(member, type(fixtures.place)) and not name.startswith("vestibule_"):
            function = _function_of(member)
            gives = str(inspect.signature(function).return_annotation)
            gives = re.sub(r"^Iterator\[(.*)\]$", r"\1", gives).replace(" | ", " or ")
            first = inspect.cleandoc(function.__doc__ or "").replace("\n", " ")
            lines.append(f"| `{name}` | `{gives}` | {first} |")
    return "\n".join(lines)


def _function_of(fixture: Any) -> Any:
    return fixture._get_wrapped_function()  # noqa: SLF001 -- pytest keeps what a fixture was made of there
