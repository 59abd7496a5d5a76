"""Small projects, and the command line run over them."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from adhere.surfaces.cli import run
from corpus.environments import distribution, site_packages

EPOCH = "1795435200"
"""2026-11-23, the day on which every command of these tests runs."""

LICENSES = """\
schema = 1

[[rule]]
id = "licenses"
check = "licenses.allowed"
with = { allow = ["MIT"], review = ["MPL-2.0"] }
"""
"""Passes over `alpha`, fails over `copyleft` and `reviewed`."""


class Ran(Struct):
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def value(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)

    @property
    def codes(self) -> list[str]:
        """The codes of all problems on standard error, in order."""
        heads = [line for line in self.err.splitlines() if line.startswith("error[")]
        return [head[6 : head.index("]")] for head in heads]


class World:
    """A folder, and adhere run in it, in this process."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._patch = patch

    def __truediv__(self, path: str) -> Path:
        return self.folder / path

    def write(self, path: str, text: str | bytes) -> Path:
        """A file of the project."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode() if isinstance(text, str) else text)
        return target

    def install(self, name: str = "alpha", version: str = "1.0", **about: Any) -> Path:
        """A distribution in ``.venv``."""
        environment = self.folder / ".venv"
        packages = environment / "lib" / "python3.12" / "site-packages"
        if not packages.is_dir():
            site_packages(environment)
        return distribution(packages, name, version, **about)

    def adhere(self, *words: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> Ran:
        """Run a command."""
        out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
        with self._patch.context() as patch:
            patch.chdir(self.folder)
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
            for name, value in {"SOURCE_DATE_EPOCH": EPOCH, **(env or {})}.items():
                patch.setenv(name, value)
            try:
                code = run(words)
            except SystemExit as end:  # --help and --version
                code = int(end.code or 0)
        said = []
        for stream in (out, err):
            stream.flush()
            said.append(stream.buffer.getvalue().decode())  # type: ignore[attr-defined]  # BytesIO
        return Ran(code, *said)

    def check(self, *words: str, env: Mapping[str, str] | None = None) -> Ran:
        """``adhere check``."""
        return self.adhere("check", *words, env=env)

    def report(self, folder: str = ".adhere") -> Any:
        """The stored report."""
        return json.loads((self.folder / folder / "report.json").read_text("utf-8"))
