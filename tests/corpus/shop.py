"""A project that keeps ADR-010 and ADR-015 as `adhere init` writes them, to be spoiled in one place.

Everything that the rules judge is there: what is installed, an index, advisories, workflows, code,
a ledger of runs, a comparison of caches and results of tests.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from adhere.model.runs import BaselineRow, Group
from adhere.sources.runs import written
from corpus.advisories import osv, snapshot_of, spans
from corpus.runs import STEADY, run_row

CRITICAL = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
HIGH = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"
MEDIUM = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N"

GROUP = Group("check", "ci", "warm", 713)

WORKFLOW = """\
on: pull_request
jobs:
  checks:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - run: python -m pip install nox bandit semgrep
      - run: python -m nox -s compliance
      - run: bandit -r src
      - run: semgrep scan --error
"""

DEPENDABOT = """\
version: 2
updates:
  - package-ecosystem: pip
    directory: "/"
    schedule: { interval: weekly }
"""

PROJECT = """\
[project]
name = "shop"
version = "1.0"
dependencies = ["labels>=2,<3", "orders>=1,<2"]
"""

CODE = """\
import subprocess


def installed():
    return subprocess.run(["pip", "list"], check=True)
"""

RESULTS = """\
<testsuite name="pytest" timestamp="2026-11-23T09:00:00+00:00">
  <testcase classname="tests.architecture.test_layers" name="test_imports" time="1.25"/>
  <testcase classname="tests.architecture.test_layers" name="test_names" time="0.5"/>
</testsuite>
"""

WAIVER = """\
[[waiver]]
id = "W-1"
rule = "ADR-010/vulnerabilities-gate"
subject = "orders"
advisory = "{advisory}"
reason = "fix-scheduled"
note = "the fix comes with the next release"
owner = "@ana"
approved_by = "@lead"
created = 2026-11-20
expires = 2026-11-26
"""


class Shop:
    """What will be written; a test spoils one thing of it.

    Attributes:
        files: text by path.
        packages: metadata of what is installed.
        direct: names that were asked for.
        releases: day of each release, by name and version.
        status: of a project on the index, by its name.
        advisories: records.
        seen: id and day of the first sighting.
        seconds: of each run.
        hit_rate: of all of them.
        memory: of all of them, in bytes.
        late: answers that the last run gave up.
        failed: runs that could not judge, the latest of all.
        differs: a filled cache leads to another report, which a comparison has shown.
        config: text of the configuration, and what to put there instead.
    """

    def __init__(self) -> None:
        self.files = {
            "pyproject.toml": PROJECT,
            ".github/workflows/ci.yml": WORKFLOW,
            ".github/dependabot.yml": DEPENDABOT,
            "src/shop/installed.py": CODE,
            "junit.xml": RESULTS,
        }
        self.packages: list[dict[str, Any]] = [
            metadata("labels", "2.1", "MIT"),
            metadata("orders", "1.1", "BSD-3-Clause", "parts>=3"),
            metadata("parts", "3.0", "Apache-2.0"),
        ]
        self.direct = {"labels", "orders"}
        self.releases = {
            "labels": {"2.0": "2025-10-01", "2.1": "2026-09-01"},
            "orders": {"1.0": "2025-01-01", "1.1": "2026-08-01"},
            "parts": {"3.0": "2024-01-01"},
        }
        self.status = dict.fromkeys(self.releases, "active")
        self.advisories: list[dict[str, Any]] = [
            osv("PYSEC-2026-9", affected=[spans("other", ("0", None))])
        ]
        self.seen: list[tuple[str, str]] = []
        self.seconds = [*STEADY, *STEADY]
        self.hit_rate = 0.9
        self.memory = 48e6
        self.late = 0
        self.failed = 0
        self.differs = False
        self.config: list[tuple[str, str]] = []

    def flaw(self, severity: str, seen: str, *, waived: bool = True) -> None:
        """A vulnerability of `orders` that was first seen on a day."""
        self.advisories.append(
            osv(
                "PYSEC-2026-1",
                summary="Shop parses orders with eval",
                affected=[spans("orders", ("1.0", "1.2"))],
                severity=[{"type": "CVSS_V3", "score": severity}],
            )
        )
        self.seen.append(("PYSEC-2026-1", seen))
        if waived:
            self.files["adhere.waivers.toml"] = WAIVER.format(advisory="PYSEC-2026-1")

    def write(self, folder: Path) -> None:
        """Everything, below a folder that `adhere init` filled."""
        texts = dict(self.files)
        texts["inspect.json"] = json.dumps(_inspect(self.packages, self.direct), indent=1)
        texts["adhere.runs.jsonl"] = self._ledger()
        texts[".adhere/ledger.toml"] = "schema = 1\n" + "".join(
            f'\n[[seen]]\npackage = "orders"\nid = "{name}"\nfirst_seen = {day}\n'
            for name, day in self.seen
        )
        for name, releases in self.releases.items():
            texts[f"index/{name}/index.json"] = json.dumps(_page(name, releases, self.status[name]))
        for path, text in texts.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
        snapshot_of(folder / ".adhere/osv-pypi.zip", *self.advisories)
        config = folder / "adhere.toml"
        text = config.read_text("utf-8")
        text = text.replace("[project]\n", '[project]\nsources = ["inspect.json"]\n')
        text = text.replace("[index]\n", '[index]\nurl = "index"\n')
        for old, new in self.config:
            assert old in text
            text = text.replace(old, new)
        config.write_text(f'{text}\n[advisories]\nsource = "snapshot"\n', "utf-8")

    def _ledger(self) -> str:
        rows = []
        for number, seconds in enumerate(self.seconds):
            left = len(self.seconds) - number
            metrics = {
                "seconds.total": seconds,
                "memory.peak": self.memory,
                "cache.hit_rate": self.hit_rate,
                "network.requests": 3.0,
            }
            if left == 1 and self.late:
                metrics["network.missing.deadline"] = float(self.late)
            code = 3 if left <= self.failed else 0
            rows.append(run_row(f"r{number:02}", 1 + number % 22, metrics=metrics, exit_code=code))
        base = BaselineRow(
            "b1",
            "2026-10-01T00:00:00.000+00:00",
            GROUP,
            "0123",
            {"seconds.total": [*STEADY, *STEADY]},
        )
        return written([base, *rows]).decode()


def metadata(name: str, version: str, license_: str, *requires: str) -> dict[str, Any]:
    """What `pip inspect` says of a package."""
    return {
        "metadata_version": "2.4",
        "name": name,
        "version": version,
        "license_expression": license_,
        "requires_dist": list(requires),
    }


def _inspect(packages: list[dict[str, Any]], direct: set[str]) -> dict[str, Any]:
    return {
        "version": "1",
        "pip_version": "25.3",
        "installed": [{"metadata": one, "requested": one["name"] in direct} for one in packages],
        "environment": {
            "python_version": "3.12",
            "python_full_version": "3.12.4",
            "os_name": "posix",
            "sys_platform": "linux",
            "platform_system": "Linux",
            "platform_machine": "x86_64",
            "platform_python_implementation": "CPython",
            "implementation_name": "cpython",
        },
    }


def _page(name: str, releases: dict[str, str], status: str) -> dict[str, Any]:
    return {
        "meta": {"api-version": "1.4"},
        "name": name,
        "versions": list(releases),
        "files": [
            {
                "filename": f"{name}-{version}-py3-none-any.whl",
                "url": "",
                "hashes": {},
                "size": 1000,
                "upload-time": f"{day}T00:00:00Z",
            }
            for version, day in releases.items()
        ],
        "project-status": {"status": status},
    }
