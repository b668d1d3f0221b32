"""Plugins are found beside core, in folders and in installed distributions, and read without running them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from core import hooks
from core.hooks import finding, manifest
from core.spec.errors import PluginRefused
from tests.support.plugin_folders import HOOKS, install, write_plugin


def loaded(name: str) -> hooks.Plugin:
    return next(plugin for plugin in hooks.plugins() if plugin.name == name)


def test_a_folder_s_plugin_has_a_package_of_its_own(tmp_path: Path) -> None:
    code = (
        HOOKS
        + "from vestibule_plugins.bell import words\nfrom . import words as same\nassert words is same\n"
    )
    write_plugin(tmp_path / "bell", "bell", code)
    (tmp_path / "bell" / "words.py").write_text("RING = 1\n", encoding="utf-8")
    hooks.load({}, [tmp_path])
    assert not loaded("bell").refused
    assert loaded("bell").package == "vestibule_plugins.bell"
    assert "plugins.bell" not in sys.modules


def test_a_folder_is_read_anew_at_each_load(tmp_path: Path) -> None:
    folder = write_plugin(tmp_path / "bell", "bell", HOOKS + "raise RuntimeError\n")
    hooks.load({}, [tmp_path])
    assert loaded("bell").refused == "bell: hooks.py line 2: raises RuntimeError: mend what stands there."
    (folder / "hooks.py").write_text(HOOKS + "# better now, and of another length\n", encoding="utf-8")
    hooks.load({}, [tmp_path])
    assert not loaded("bell").refused


def test_an_installed_distribution_is_found_by_its_entry_point(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_plugin(tmp_path / "chime_for_vestibule", "chime")
    install(tmp_path, "chime", "chime_for_vestibule")
    monkeypatch.syspath_prepend(tmp_path)
    (found,) = finding.find([])
    assert "chime_for_vestibule" not in sys.modules, "found without importing it"
    assert (found.called, found.folder, found.origin) == (
        "chime",
        tmp_path / "chime_for_vestibule",
        "distribution",
    )
    hooks.load({}, [])
    assert not loaded("chime").refused
    assert loaded("chime").package == "chime_for_vestibule"


@pytest.mark.parametrize("package", ["nowhere_to_be_found", "core", "plugins.intake", "chime:main"])
def test_an_entry_point_must_lead_to_a_package_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    install(tmp_path, "chime", package, "chime")
    monkeypatch.syspath_prepend(tmp_path)
    hooks.load({}, [])
    assert "must name an installed package of its own" in loaded("chime").refused


def test_plugins_are_loaded_by_name_and_never_by_chance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_plugin(tmp_path / "site" / "middle_one", "middle")
    install(tmp_path / "site", "middle", "middle_one")
    monkeypatch.syspath_prepend(tmp_path / "site")
    for folder, name in (("b", "zulu"), ("a", "alpha"), ("b", "bravo")):
        write_plugin(tmp_path / folder / name, name)
    for folders in (["a", "b"], ["b", "a"]):
        hooks.load({}, [tmp_path / folder for folder in folders])
        assert [plugin.name for plugin in hooks.plugins()] == ["alpha", "bravo", "middle", "zulu"]


def test_a_name_that_is_taken_twice_belongs_to_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_plugin(tmp_path / "site" / "bell_installed", "bell")
    install(tmp_path / "site", "bell", "bell_installed")
    monkeypatch.syspath_prepend(tmp_path / "site")
    write_plugin(tmp_path / "own" / "bell", "bell")
    hooks.load({}, [tmp_path / "own"])
    first, second = hooks.plugins()
    assert (first.origin, first.refused) == ("distribution", "")
    assert second.refused.startswith("bell: plugin.toml line 1: the name 'bell' is taken by the plugin of ")


def test_a_missing_folder_stops_nothing(tmp_path: Path) -> None:
    hooks.load({}, [tmp_path / "unmounted"])
    assert hooks.plugins() == []


def test_a_required_plugin_that_is_not_there_stops_the_start() -> None:
    with pytest.raises(PluginRefused, match="bell: is required and not there"):
        hooks.load({}, [], ["bell"])


@pytest.mark.parametrize(
    ("more", "line", "words"),
    [
        ({"name": '"Bell"'}, 1, "`name` must be 2 to 30 small letters and digits"),
        ({"name": '"bellows"'}, 1, "`name` is 'bellows' and it was found as 'bell'"),
        ({"title": '""'}, 2, "`title` must be a line"),
        ({"version": "1.2"}, 3, "`version` must be text"),
        ({"api": "2"}, 4, "`api` is 2 and this Vestibule has 1: install a newer Vestibule."),
        ({"api": "0"}, 4, "`api` is 0 and this Vestibule has 1: install a newer plugin."),
        ({"api": "true"}, 4, "`api` must be a whole number."),
        ({"needs": '["XX"]'}, 5, "`needs` holds 'XX', which is no feature; there are CP, MA, RS, MCP."),
        ({"needs": '"CP"'}, 5, "`needs` must be a list of words."),
        ({"needs": ""}, 1, "`needs` is missing: add it."),
        ({"gates": '["home_cards"]'}, 6, "`gates` holds 'home_cards', which is no gate"),
        ({"gate": '["booking_obstacles"]'}, 6, "`gate` is no key of a manifest; perhaps `gates` is meant."),
        ({"required_settings": '["a b"]'}, 6, "`required_settings` holds 'a b', which is no key"),
        ({"title": "Bell"}, 2, "is no TOML"),
    ],
)
def test_a_wrong_manifest_is_told_with_its_line(
    tmp_path: Path, more: dict[str, str], line: int, words: str
) -> None:
    folder = write_plugin(tmp_path / "bell", "bell", **more)
    (fault,) = manifest.read(folder, "bell")[1]
    assert str(fault).startswith(f"plugin.toml line {line}: {words}")
    hooks.load({}, [tmp_path])
    assert loaded("bell").refused == f"bell: {fault}"


def test_a_plugin_without_a_manifest_is_named(tmp_path: Path) -> None:
    (write_plugin(tmp_path / "bell", "bell") / "plugin.toml").unlink()
    hooks.load({}, [tmp_path])
    assert "plugin.toml line 1: is missing" in loaded("bell").refused


def test_what_is_right_in_a_wrong_manifest_is_kept(tmp_path: Path) -> None:
    folder = write_plugin(
        tmp_path / "bell", "bell", needs='["MA", "XX"]', gates='["booking_obstacles"]', api="9"
    )
    told, faults = manifest.read(folder, "bell")
    assert len(faults) == 2
    assert (told.needs, told.gates) == ({"MA"}, ("booking_obstacles",))


@pytest.mark.parametrize("name", ["inbox", "account", "vestibule", "outbox"])
def test_a_name_of_the_house_is_refused(tmp_path: Path, name: str) -> None:
    write_plugin(tmp_path / name, name)
    hooks.load({}, [tmp_path])
    assert "which the house has for itself" in loaded(name).refused
