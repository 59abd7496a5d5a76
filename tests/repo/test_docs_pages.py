"""Every command of the documentation does what the page says it does.

The blocks of a page are taken in order: files are written into a copy of the page's sample
project, commands are run there, and what a page shows of their output is compared.
``--update-golden`` writes what was said into the pages; then read the diff.
"""

from __future__ import annotations

import ast
import json
import os
import tomllib
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from unittest.mock import patch

import pytest
import yaml

from adhere.app.policy import load_policy
from adhere.app.project import find_project
from adhere.checks import KINDS
from adhere.sources.tree import DiskTree
from repo.handbook import ROOT, Block, Page, pages, read_page
from repo.sample import PROJECTS, make_project
from repo.shell import TODAY, Shell, expected_exit, matches, refreshed, steps

LANGUAGES = {"console", "csv", "jinja", "json", "markdown", "python", "rst", "text", "toml", "yaml"}

WHO = {"NAME": "Alice", "EMAIL": "alice@example.org", "DATE": f"{TODAY} +0000"}
COMMITS = {f"{role}_{k}": v for role in ("AUTHOR", "COMMITTER") for k, v in WHO.items()}
COMMITS |= {"CONFIG_GLOBAL": os.devnull, "CONFIG_SYSTEM": os.devnull}
"""Variables by which a commit of a page is the same wherever it is made."""


def written() -> list[str]:
    return [path.relative_to(ROOT).as_posix() for path in pages()]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], Shell]:
    """Enter a fresh copy of a sample project, on the day of the documentation."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", TODAY)
    monkeypatch.setenv("COLUMNS", "88")
    for name, value in COMMITS.items():
        monkeypatch.setenv(f"GIT_{name}", value)
    count = iter(range(100))

    def enter(name: str) -> Shell:
        folder = make_project(name, tmp_path / str(next(count)) / name)
        monkeypatch.chdir(folder)
        return Shell(folder, tmp_path / "tools")

    return enter


@pytest.mark.parametrize("name", written())
def test_page_does_what_it_says(
    name: str, world: Callable[[str], Shell], request: pytest.FixtureRequest
) -> None:
    page = read_page(ROOT / name)
    update = request.config.getoption("--update-golden")
    changes = list(_Walk(page, world, update=update).changes())
    if changes:
        lines = page.text.splitlines(keepends=True)
        for block, text in reversed(changes):
            end = block.line + len(block.text.splitlines())
            lines[block.line : end] = [
                f"{block.indent}{line}".rstrip() + "\n" for line in text.splitlines()
            ]
        page.path.write_text("".join(lines), "utf-8")


def nox_sessions(noxfile: str, name: str) -> Mapping[str, object]:
    """The sessions that a noxfile registers."""
    from nox import registry

    with patch.object(registry, "_REGISTRY", OrderedDict()):
        exec(compile(noxfile, name, "exec"), {"__name__": "noxfile"})  # noqa: S102 - what a page tells its readers to run
        return registry.get()


class _Walk:
    """Through the blocks of a page."""

    def __init__(self, page: Page, world: Callable[[str], Shell], *, update: bool) -> None:
        self.page = page
        self.world = world
        self.update = update
        self.shell: Shell | None = None

    def changes(self) -> Iterator[tuple[Block, str]]:
        """Blocks that have to read otherwise; nothing but failures without an update."""
        for block in self.page.blocks:
            assert block.language in LANGUAGES, f"{self.at(block)}: ```{block.language}"
            if "project" in block.options:
                self.shell = self.world(str(block.options["project"]))
            if "installed" in block.options and self.shell is not None:
                self.shell.install(str(block.options["installed"]))
            if block.file and self.shell is not None:
                self.write(self.shell, block)
                self.same_as_the_sample(block)
            if block.language == "console":
                changed = self.console(block)
                if changed is not None:
                    yield block, changed
            elif not block.options.get("wrong"):
                self.parse(block)
                self.mean(block)

    def at(self, block: Block) -> str:
        return f"{self.page.name}:{block.line}"

    def write(self, shell: Shell, block: Block) -> None:
        target = shell.folder / block.file
        target.parent.mkdir(parents=True, exist_ok=True)
        before = f"{target.read_text('utf-8')}\n" if block.appends else ""
        target.write_text(before + block.content, "utf-8")

    def same_as_the_sample(self, block: Block) -> None:
        """A file of a sample distribution is shown as it is."""
        sample = PROJECTS / block.file
        same = not sample.is_file() or block.content == sample.read_text("utf-8")
        assert same, f"{self.at(block)}: not {sample}"

    def parse(self, block: Block) -> None:
        """A block of a format that can be wrong is not."""
        if block.language == "python":
            ast.parse(block.text, self.at(block))
        elif block.language == "toml":
            assert block.file, f"{self.at(block)}: its first line names no file"
            tomllib.loads(block.text)
        elif block.language == "json":
            json.loads(block.content)
        elif block.language == "yaml":
            yaml.safe_load(block.text)

    def mean(self, block: Block) -> None:
        """A block that says something to adhere or to nox says nothing wrong."""
        if block.language == "python" and "adhere.nox" in block.text:
            assert nox_sessions(block.text, self.at(block))
        foreign = "installed" in self.page.front  # a kind that this process does not have
        if block.language == "toml" and self.shell is not None and not foreign:
            project = find_project(str(self.shell.folder), None)
            policy = load_policy(project, DiskTree(project.root), KINDS, date(2026, 11, 23)).policy
            assert not policy.problems, f"{self.at(block)}: {policy.problems}"

    def console(self, block: Block) -> str | None:
        wanted = steps(block.text)
        if "not run" in block.options:
            shown = [line for step in wanted for line in step.shown]
            assert not shown, f"{self.at(block)}: output that nobody checks"
            return None
        assert self.shell is not None, f"{self.at(block)}: the page names no project"
        told: list[str] = []
        changed = False
        for step in wanted:
            ran = self.shell.run(step.command)
            shown = step.shown
            said = f"{self.at(block)}: {step.command}\n{ran.output}"
            if shown and not matches(shown, ran.output):
                fresh = refreshed(shown, ran.output) if self.update else None
                assert fresh is not None, said
                shown, changed = fresh, True
            assert ran.code == expected_exit(step.command, shown, block.options), said
            told += [*step.lines, *shown]
        return "".join(f"{line}\n" for line in told) if changed else None
