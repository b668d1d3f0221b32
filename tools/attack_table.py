"""The table of attacks in docs/security.md: what is tried, what happens, and which tests show it."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator

from tools.telling import ROOT

PAGE = ROOT / "docs" / "security.md"
TOLD = ROOT / "tools" / "attacks.toml"
BEGIN = "<!-- The table is made by `make reference` from tools/attacks.toml and the names of the tests. -->"
END = "<!-- The end of the table. -->"
NUMBER = re.compile(r"(?<=_)A\d\d(?=_)")
FOLDERS = ("tests", "plugins", "examples")


def numbered_tests() -> Iterator[tuple[str, str, str]]:
    """Each test that bears a number: number, file, name."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("test_*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                    for number in NUMBER.findall(node.name):
                        yield number, path.relative_to(ROOT).as_posix(), node.name


def told() -> dict[str, dict[str, str]]:
    """What tools/attacks.toml says, by number."""
    found: dict[str, dict[str, str]] = tomllib.loads(TOLD.read_text(encoding="utf-8"))
    return found


def files_by_number() -> dict[str, Counter[str]]:
    """How many tests of a number each file has."""
    found: dict[str, Counter[str]] = {}
    for number, file, _name in numbered_tests():
        found.setdefault(number, Counter())[file] += 1
    return found


def table() -> str:
    """The table, and before it how many numbers have a test."""
    files, attacks = files_by_number(), told()
    tested = [number for number in attacks if number in files]
    lines = [
        f"{len(tested)} of {len(attacks)} have tests, {sum(map(sum_of, files.values()))} in all.",
        "",
        "| | what is tried | what happens | tests |",
        "|---|---|---|---|",
    ]
    for number, words in attacks.items():
        tests = ", ".join(
            f"[{file}](../{file}) {count}" for file, count in sorted(files.get(number, {}).items())
        )
        waits = f"Waits for: {words['waits']}" if "waits" in words else ""
        happens = ". ".join(part for part in (words.get("happens", ""), waits) if part)
        lines.append(f"| {number} | {words['tried']} | {happens}. | {tests or '–'} |")
    return "\n".join(lines)


def sum_of(counted: Counter[str]) -> int:
    return sum(counted.values())


def security_page() -> str:
    """docs/security.md with the table as it is now."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"
