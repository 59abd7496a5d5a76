"""What strangers wrote reaches no terminal unescaped, and nothing of theirs is ever run."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from surfaces.world import LICENSES, World

ESC = "\x1b[31m\x1b]0;owned\x07"
BIDI = "\u202e\u2066"
COMMANDS = (
    ("check",),
    ("check", "-vv"),
    ("check", "--format", "json"),
    ("check", "--format", "markdown"),
    ("check", "--format", "html", "--output", "pages"),
    ("report",),
    ("verify",),
    ("why", "evil"),
    ("why", "evil", "--format", "json"),
    ("waive", "licenses", "evil"),
    ("docs", "sync", "docs"),
)


def hostile_in(text: str) -> set[str]:
    return {
        f"U+{ord(character):04X}"
        for character in text
        if character != "\n" and unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp")
    }


@pytest.fixture
def hostile(world: World) -> World:
    """A project in which everything that a stranger, or a colleague, may write is hostile."""
    fields = [f"License: {ESC}<script>alert(1)</script>{BIDI}", "Summary: {{ 7 * 7 }}"]
    world.install("evil", license=None, fields=fields, requires=[f"../../x{ESC}"])
    world.install("named", license=f"MIT AND {ESC}{BIDI}")
    site = ".venv/lib/python3.12/site-packages"
    for folder, name, version in (
        ("escaped-1.dist-info", f"escaped{ESC}", "1"),
        (f"bidi{BIDI}-1.dist-info", "bidi", f"1+{BIDI}"),
        ("line\n-1.dist-info", "line", "1"),
        ("up-1.dist-info", "../../up", "1"),
    ):
        head = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nLicense: MIT\n"
        world.write(f"{site}/{folder}/METADATA", head)
    as_toml = "\\u001b[31m\\u202e"
    title = f'title = "{as_toml}"\nwhy = "{as_toml}"\nfix = "{as_toml}"\n'
    world.write("adhere.toml", LICENSES + title)
    world.write(
        "adhere.waivers.toml",
        f'[[waiver]]\nid = "W{as_toml}"\nrule = "licenses"\nsubject = "other{as_toml}"\n'
        f'reason = "accepted-risk"\nowner = "@a{as_toml}"\nnote = "{as_toml}"\n'
        "created = 2026-10-01\nexpires = 2026-11-01\n",
    )
    world.write(
        "docs/adr/ADR-001.md",
        f'---\nid: ADR-001\ntitle: "\\e[31m"\nstatus: accepted\n---\n## x{BIDI}\n',
    )
    return world


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_control_reaches_a_terminal(hostile: World, words: tuple[str, ...]) -> None:
    hostile.check()
    ran = hostile.adhere(*words)
    assert ran.code in (0, 1), ran.err
    assert hostile_in(ran.out + ran.err) == set()


def test_no_control_reaches_a_page(hostile: World) -> None:
    hostile.check("--format", "html", "--output", "pages")
    hostile.adhere("docs", "sync", "docs")
    pages = [*(hostile / "pages").glob("*.html"), *(hostile / "docs/compliance").glob("*.md")]
    assert len(pages) > 6
    for page in pages:
        text = page.read_text("utf-8")
        assert hostile_in(text) == set(), page.name
        assert "<script>alert" not in text, page.name
        assert "{{ 7" not in text, page.name


def test_the_good_beside_it_is_judged(hostile: World) -> None:
    hostile.install("good", license="MIT")
    hostile.check()
    names = [package["name"] for package in hostile.report()["packages"]]
    assert "good" in names
    assert all(name == name.strip("./") for name in names)


@pytest.mark.parametrize(
    "words",
    [
        (f"x{ESC}{BIDI}",),
        ("check", f"--x{ESC}{BIDI}"),
        ("check", f"x{ESC}{BIDI}"),
        ("check", "-D", f"x{ESC}{BIDI}"),
        ("check", "--config", f"x{ESC}{BIDI}"),
        ("check", "--baseline", f"x{ESC}{BIDI}"),
        ("check", "--group", f"x{ESC}{BIDI}"),
        ("why", f"x{ESC}{BIDI}"),
        ("explain", f"x{ESC}{BIDI}"),
        ("waive", "licenses", f"x{ESC}{BIDI}"),
        ("schema", f"x{ESC}{BIDI}"),
        ("templates", "show", f"x{ESC}{BIDI}"),
        ("templates", "copy", f"../x{ESC}{BIDI}"),
        ("init", "--preset", f"x{ESC}{BIDI}"),
        ("docs", "sync", f"x{ESC}{BIDI}"),
        ("check", "-v", "--out", f"x{ESC}{BIDI}"),
        ("report", "--report", f"x{ESC}{BIDI}"),
        ("license", "explain", "--file", f"x{ESC}{BIDI}"),
        ("license", "explain", f"x{ESC}{BIDI}", "--format", "text"),
        ("license", "explain", f"x{ESC}{BIDI}"),
    ],
    ids=lambda words: " ".join(words).encode("unicode_escape").decode(),
)
def test_words_of_a_command_line_are_shown_escaped(good: World, words: tuple[str, ...]) -> None:
    good.check()
    ran = good.adhere(*words)
    assert ran.code != 70, ran.err
    assert hostile_in(ran.out + ran.err) == set()


def test_names_of_files_that_are_found_are_shown_escaped(good: World) -> None:
    good.write(f"requirements-\x1b[31m{BIDI}.txt", "alpha==1.0\n")
    ran = good.check("-v")
    assert ran.err.startswith("adhere: found requirements-\\x1b[31m\\u202e\\u2066.txt, .venv\n")
    assert hostile_in(ran.out + ran.err) == set()


def test_a_foreign_environment_is_only_read(good: World) -> None:
    """Its Python is not run, and nothing in it is imported."""
    marker = good / "touched"
    ours = f"open({str(marker)!r}, 'w')\n"
    site = ".venv/lib/python3.12/site-packages"
    good.write(f"{site}/evil.pth", f"import os; {ours}")
    for module in ("sitecustomize", "usercustomize", "alpha", "msgspec", "adhere_evil"):
        good.write(f"{site}/{module}.py", ours)
    points = "[adhere.checks]\nevil = adhere_evil:kind\n"
    good.write(f"{site}/alpha-1.0.dist-info/entry_points.txt", points)
    python = good.write(".venv/bin/python", f"#!/bin/sh\ntouch {marker}\n")
    python.chmod(0o755)
    for source in (".venv", ".venv/bin/python", site):
        assert good.check(source, "--no-cache").code == 0
    assert good.adhere("why", "alpha", "--source", ".venv/bin/python").code == 0
    assert not marker.exists()


def test_a_link_to_a_python_stands_for_its_environment(good: World, tmp_path: Path) -> None:
    good.write(".venv/bin/python3.12", "not even a program")
    (good / ".venv/bin/python").symlink_to("python3.12")
    ran = good.check("-q", ".venv/bin/python")
    assert ran.out.startswith("PASS: 1 package;")
