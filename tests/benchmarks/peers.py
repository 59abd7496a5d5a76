"""Commands of other tools that look at the same environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple


class Peer(NamedTuple):
    """A command to time.

    Attributes:
        name: for the table.
        does: what it does, in a few words.
        command: words.
        environment: variables besides those of this process.
        sample: how many of the packages it looks at; 0 for all.
        folder: where it is run; ``None`` for anywhere.
        codes: exit codes with which it has done its work.
    """

    name: str
    does: str
    command: Sequence[str]
    environment: Mapping[str, str] = {}
    sample: int = 0
    folder: Path | None = None
    codes: Sequence[int] = (0,)


def tool(name: str) -> str:
    """A program beside the running interpreter, ``""`` when it is not installed."""
    found = Path(sys.executable).parent / name
    return str(found) if found.is_file() else ""


def peers(environment: Path, names: Sequence[str], scratch: Path) -> list[Peer]:
    """Every peer that is installed.

    Args:
        environment: virtual environment that holds the packages.
        names: of the packages, for tools that are asked for each.
        scratch: an empty folder.
    """
    python = str(environment / "bin" / "python")
    inside = {"VIRTUAL_ENV": str(environment)}
    (scratch / "deny-rules.toml").write_text(_DENY_RULES, "utf-8")
    (scratch / "pyproject.toml").write_text('[project]\nname = "bench"\nversion = "1"\n', "utf-8")
    pinned = scratch / "requirements.txt"
    pinned.write_text(_pins(environment), "utf-8")
    listed = ["-m", "pip", "--python", python]
    found = [
        Peer("pip list", "names and versions", [sys.executable, *listed, "list", "--format=json"]),
        Peer(
            "pip show",
            "one call for each package, sampled",
            [sys.executable, "-c", _SHOW, python, *names[:5]],
            sample=5,
        ),
        Peer(
            "uv pip list",
            "names and versions",
            [tool("uv"), "pip", "list", "--python", python, "--format=json"],
        ),
        Peer(
            "pip-licenses",
            "declared licenses",
            [tool("pip-licenses"), "--python", python, "--format=json"],
        ),
        Peer(
            "pip-licenses, with texts",
            "declared licenses, and the text of each",
            [
                tool("pip-licenses"),
                "--python",
                python,
                "--from=all",
                "--with-license-file",
                "--format=json",
            ],
        ),
        Peer(
            "licensecheck",
            "licenses against the project's, packages named by a list",
            [
                tool("licensecheck"),
                *("--license", "MIT", "--format", "json", "--requirements-paths", str(pinned)),
            ],
            {**inside, "PYTHONPATH": _site_packages(environment)},
            folder=scratch,
        ),
        Peer(
            "cyclonedx-py",
            "an SBOM with declared licenses",
            [tool("cyclonedx-py"), "environment", python, "-o", os.devnull],
        ),
        Peer(
            "licenses-deny",
            "licenses against a list",
            [tool("licenses-deny"), "check"],
            {**inside, "PYTHONPATH": _site_packages(environment)},
            folder=scratch,
            codes=(0, 1),  # 1: it found what its list does not allow
        ),
        Peer(
            "trustedlicenses",
            "licenses and texts against a policy",
            [tool("trustedlicenses"), "--quiet"],
            {**inside, "PYTHONPATH": _site_packages(environment)},
            folder=scratch,
        ),
    ]
    return [peer for peer in found if peer.command[0]]


_DENY_RULES = """\
[licenses]
allow = ["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC"]
unlicensed = "deny"
"""

_SHOW = """
import subprocess, sys
for name in sys.argv[2:]:
    subprocess.run([sys.executable, "-m", "pip", "--python", sys.argv[1], "show", name], check=True, capture_output=True)
"""


def _pins(environment: Path) -> str:
    """One line a package, for a tool that wants a list: ``name==version``."""
    stems = sorted(one.stem for one in Path(_site_packages(environment)).glob("*.dist-info"))
    return "".join(f"{stem.replace('-', '==', 1)}\n" for stem in stems)


def _site_packages(environment: Path) -> str:
    (folder,) = environment.glob("lib/python*/site-packages")
    return str(folder)
