"""The table of attacks tells of each number, and no test bears a number that it doesn't know."""

from __future__ import annotations

from tools import attack_table

NUMBERS = [f"A{number:02}" for number in range(1, 86)]


def test_each_number_is_told_and_has_a_test_or_waits_for_something() -> None:
    attacks, files = attack_table.told(), attack_table.files_by_number()
    assert list(attacks) == NUMBERS
    assert not set(files) - set(NUMBERS)
    for number, words in attacks.items():
        assert words["tried"]
        assert ("happens" in words) == (number in files), f"{number}: tell it in tools/attacks.toml"
        assert "happens" in words or "waits" in words, number


def test_at_least_sixty_have_a_test() -> None:
    assert len(attack_table.files_by_number()) >= 60


def test_a_number_that_nobody_tests_is_seen() -> None:
    names = [name for _number, _file, name in attack_table.numbered_tests()]
    assert "test_A19_everybody_gets_what_the_table_says" in names
    assert len(names) == len({(file, name, number) for number, file, name in attack_table.numbered_tests()})
