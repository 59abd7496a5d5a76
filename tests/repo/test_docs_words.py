"""What the documentation says is there, leads somewhere, and is ours to say."""

from __future__ import annotations

import ast
import inspect
import re
import shlex
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest

import adhere
from adhere.app.commands import every_command, options_of
from adhere.app.find_sources import LOCK_FILES
from adhere.app.license import explain_text, lists_of
from adhere.surfaces.cli.parser import parser_of
from repo.handbook import DOCS, GENERATED, ROOT, Page, pages, read_page
from repo.shell import steps

PAGES = [pytest.param(path, id=path.relative_to(ROOT).as_posix()) for path in pages()]

FORBIDDEN = (
    r"pypi\.org",
    r"pythonhosted\.org",
    r"files\.pythonhosted",
    r"registry\.npmjs",
    r"(?<![\w.])/(?:home|root|tmp|work|Users|opt)/",
)
"""Hosts of registries, and places of somebody's machine."""

_PATH = re.compile(r"`((?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:toml|yml|py))`")


@pytest.mark.parametrize("path", PAGES)
def test_every_link_leads_to_a_page_and_a_heading(path: Path) -> None:
    page = read_page(path)
    for link in page.links():
        if re.match(r"[a-z]+:", link):
            continue
        target, _, anchor = link.partition("#")
        found = (path.parent / target).resolve() if target else path
        if found.relative_to(ROOT).parts[:2] == ("docs", "compliance"):
            continue
        assert found.exists(), f"{page.name}: {link}"
        if anchor:
            assert anchor in set(read_page(found).headings()), f"{page.name}: {link}"


@pytest.mark.parametrize("path", PAGES)
def test_no_host_of_a_registry_and_no_path_of_a_machine(path: Path) -> None:
    text = path.read_text("utf-8")
    for pattern in FORBIDDEN:
        assert not re.search(pattern, text), pattern


@pytest.mark.parametrize("path", PAGES)
def test_spelling_is_american_and_prose_is_plain(path: Path) -> None:
    page = read_page(path)
    own = re.sub(r"<!-- generated.*?<!-- end -->", "", page.prose, flags=re.DOTALL)
    own = re.sub(r"^## Parameters\n.*?(?=^## )", "", own, flags=re.DOTALL | re.MULTILINE)
    prose = re.sub(r"`[^`]*`", "", own)
    for word in (
        "licence",
        "colour",
        "behaviour",
        "recognis",
        "normalis",
        "organis",
        "\u2013",
        "\u2014",
    ):
        assert word not in prose.lower(), f"{page.name}: {word}"


@pytest.mark.parametrize("path", PAGES)
def test_pages_of_the_site_have_a_title_and_a_heading_that_agree(path: Path) -> None:
    page = read_page(path)
    if DOCS not in path.parents:
        return
    assert page.front.get("title"), page.name
    first = next(line for line in page.prose.splitlines() if line.startswith("# "))
    assert first == f"# {page.front['title']}"


@pytest.mark.parametrize("path", PAGES)
def test_commands_that_are_not_run_exist(path: Path) -> None:
    for block in read_page(path).blocks:
        if "not run" in block.options:
            assert str(block.options["not run"]) != "True", "say why"
            for step in steps(block.text):
                for command in step.command.split("&&"):
                    _exists(shlex.split(command))


def _exists(words: list[str]) -> None:
    """A command line for which no network is here names what there is."""
    if "nox" in words and "-s" in words:
        assert words[words.index("-s") + 1] in _sessions(), words
    elif "pip" in words and "install" in words:
        for word in words[words.index("install") + 1 :]:
            match = re.fullmatch(r"adhere\[([\w,]+)\]", word)
            extras = set(match[1].split(",")) if match else set()
            assert extras <= set(_project()["optional-dependencies"]), words
    elif words[0] == "pytest":
        assert {word.partition("=")[0] for word in words[1:]} <= {"--junitxml"}, words
    elif words[0].rpartition("/")[2] == "adhere":
        command, used = next(
            (c, used)
            for used in (3, 2)
            for c in every_command()
            if c.name == " ".join(words[1:used]) and len(words) >= used
        )
        parser_of(command).parse_args(words[used:])
    else:
        assert words[0] in ("cosign", "export", "jq", "sigstore", "ssh", "uv") or "venv" in words, (
            words
        )


def _project() -> dict[str, dict[str, object]]:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    project: dict[str, dict[str, object]] = tomllib.loads(text)["project"]
    return project


def _sessions() -> set[str]:
    """Sessions of our noxfile, and the one that `adhere.nox` registers."""
    found = {"compliance"}
    for node in ast.parse((ROOT / "noxfile.py").read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef) and "nox.session" in map(
            ast.unparse, node.decorator_list
        ):
            found.add(node.name)
    return found


ABOUT_US = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "changelog.d" / "README.md"]
ELSEWHERE = ("site/", "docs/compliance", ".adhere/", *LOCK_FILES)
"""What a run writes, and what other projects have."""


@pytest.mark.parametrize("path", [*ABOUT_US, *sorted(DOCS.glob("adr/*.md"))], ids=lambda p: p.name)
def test_paths_in_pages_about_ourselves_exist(path: Path) -> None:
    for name in _PATH.findall(read_page(path).prose):
        places = (ROOT, DOCS / "adr", Path(adhere.__file__).parent)
        there = any((place / name).exists() for place in places)
        assert there or name.startswith(ELSEWHERE), f"{path.name}: {name}"


def test_modules_of_the_walk_exist() -> None:
    section = _section(read_page(DOCS / "explanation" / "architecture.md"), "One datum, walked")
    names = re.findall(r"^\| \d \| `([\w.]+)`", section, re.MULTILINE)
    assert len(names) > 5
    for name in names:
        assert find_spec(f"adhere.{name}"), name


def test_the_two_commands_of_the_readme_stand_there_as_they_are_typed() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    for session in ("compliance", "tests"):
        assert f"python -m pip install nox && python -m nox -s {session}\n" in text


def test_options_that_pages_name_exist() -> None:
    known = {
        flag for c in every_command() for o in options_of(c) for flag in (*o.flags, o.off) if flag
    }
    known |= {"--help", "--version"}
    others = {"--strict", "--group", "--generate-hashes", "--require-hashes", "--format=json"}
    others |= {"--all-files", "--default-venv-backend", "--junitxml"}
    for path in pages():
        for quoted in re.findall(r"`(?:adhere [\w ]+)?(--[\w=-]+)", path.read_text("utf-8")):
            assert quoted in known | others, f"{path.name}: {quoted}"


def test_truths_about_licenses_are_true() -> None:
    page = read_page(DOCS / "explanation" / "licenses.md")
    rows = re.findall(
        r"^\| `([^`]+)` \| (\S+) \| (yes|no) \|", _section(page, "Truths"), re.MULTILINE
    )
    assert len(rows) > 8
    lists = lists_of(["MIT", "Apache-2.0"])
    for text, reading, accepted in rows:
        found = explain_text(text, lists)
        told = {"itself": text, "unknown": "unknown", "ambiguous": "ambiguous"}
        said = found.expression if found.state == "concluded" else found.state
        assert said == told.get(reading, reading.strip("`")), text
        assert found.satisfied is (accepted == "yes"), text


def test_layers_are_those_that_the_linter_holds() -> None:
    page = read_page(DOCS / "explanation" / "architecture.md")
    names = re.findall(
        r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", _section(page, "Layers"), re.MULTILINE))
    )
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    flow = next(c for c in config["tool"]["importlinter"]["contracts"] if c["id"] == "flow")
    layers = [set(layer.replace(" ", "").split("|")) for layer in flow["layers"]]
    assert set(names) == set().union(*layers)
    ranks = [next(i for i, layer in enumerate(layers) if name in layer) for name in names]
    assert ranks == sorted(ranks), "the table goes from the top down"


def test_the_list_of_our_decisions_says_which_rules_hold_them() -> None:
    text = (DOCS / "adr" / "index.md").read_text("utf-8")
    rows = re.findall(r"^\| \[(ADR-\d+)\]\((.*?)\).*? \| `(.*?)` \|$", text, re.MULTILINE)
    folder = DOCS / "adr"
    assert [document for _, document, _ in rows] == sorted(p.name for p in folder.glob("ADR-*.md"))
    for name, _, rules in rows:
        assert rules == f"{name}.rules.toml"
        assert (folder / rules).is_file()


def test_arguments_of_the_nox_session_are_listed() -> None:
    nox = pytest.importorskip("nox")
    assert nox
    from adhere.nox import sessions

    section = _section(read_page(DOCS / "how-to" / "nox.md"), "Say what is installed")
    rows = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    assert rows == list(inspect.signature(sessions).parameters)


def test_names_of_the_library_are_public() -> None:
    text = (DOCS / "how-to" / "library.md").read_text("utf-8")
    for name in set(re.findall(r"\badhere\.(check|acheck|\w+ed)\b", text)):
        assert name in adhere.__all__


def test_no_page_speaks_of_a_generated_folder_as_if_it_were_there() -> None:
    for path in pages():
        parts = path.relative_to(ROOT).parts
        assert parts[:1] != ("docs",) or parts[1] not in GENERATED


def _section(page: Page, heading: str) -> str:
    return page.text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
