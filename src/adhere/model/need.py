"""Evidence that a check asks for, before anything is gathered.

A check declares its needs; the app takes the union over all rules and gathers each once.
What comes back for a need is documented at the need; `adhere.model.finding.Missing` comes
back where it could not be had.

Longer than other modules: every need stands beside what answers it, for who writes a check.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from msgspec import Struct

from adhere.model.claim import Conclusion
from adhere.model.finding import Missing
from adhere.model.inventory import Inventory, Reading, Requirement
from adhere.model.location import Location

if TYPE_CHECKING:  # a warm run has no use for them
    from adhere.model.advisory import Ledger, Vulnerabilities
    from adhere.model.caching import CacheSettings, Compared
    from adhere.model.code import SourceCode
    from adhere.model.exit import Exit
    from adhere.model.project import PreviousReleases, Projects
    from adhere.model.results import Results
    from adhere.model.runs import Runs
    from adhere.model.scan import Scan
    from adhere.model.text import Texts
    from adhere.model.workflow import Workflows


class InventoryNeed(Struct, frozen=True):
    """All packages of the run's sources. Answer: `Inventory`."""


class LicensesNeed(Struct, frozen=True):
    """License conclusions. Answer: `Licenses`, by name and version."""


class ReadingNeed(Struct, frozen=True):
    """One source by its path, whether or not the run was given it. Answer: `Reading`."""

    path: str


class RequirementsNeed(Struct, frozen=True):
    """Requirement lines. Answer: tuple of `Requirement`, by file, in the order of each.

    Attributes:
        pattern: glob relative to the project of ``pyproject.toml``, ``setup.cfg``,
            requirements files or PEP 723 scripts.
    """

    pattern: str


class FilesNeed(Struct, frozen=True):
    """Files of the project that match a pattern. Answer: tuple of POSIX paths, sorted.

    Attributes:
        pattern: glob relative to the project; ``**`` crosses folders.
        entries: folders, and links wherever they lead, are matched as well.
    """

    pattern: str
    entries: bool = False


class DataNeed(Struct, frozen=True):
    """A structured file. Answer: `DataFile`.

    Attributes:
        file: a ``.toml``, ``.json``, ``.yaml`` or ``.yml`` file, relative to the project.
        matches: a regular expression that values are compared with, ``""`` for none.
        path: of these values, as `adhere.checks.data_assert` reads it.
    """

    file: str
    matches: str = ""
    path: str = ""


class Selection(Struct, frozen=True):
    """Files of the project that are looked into.

    Attributes:
        files: patterns relative to the project; ``**`` crosses folders.
        exclude: patterns of those that are not meant.
    """

    files: tuple[str, ...]
    exclude: tuple[str, ...] = ()

    def __str__(self) -> str:
        """As the report names it: patterns, and those that are left out with a ``!``."""
        return ", ".join((*self.files, *(f"!{pattern}" for pattern in self.exclude)))

    @classmethod
    def named(cls, words: str) -> Selection:
        """What `str` made words of; no pattern holds a comma."""
        patterns = words.split(", ")
        return cls(
            tuple(one for one in patterns if not one.startswith("!")),
            tuple(one[1:] for one in patterns if one.startswith("!")),
        )


class CodeNeed(Struct, frozen=True):
    """What Python files import and call. Answer: `SourceCode`."""

    selection: Selection


class TextsNeed(Struct, frozen=True):
    """Where patterns match in text files. Answer: `Texts`.

    Attributes:
        selection: of files.
        patterns: regular expressions, in which ``^`` and ``$`` mean lines.
    """

    selection: Selection
    patterns: tuple[str, ...]


class ScansNeed(Struct, frozen=True):
    """What other scanners found. Answer: tuple of `Scan`.

    Attributes:
        files: patterns of SARIF files, relative to the project; each has to match one.
    """

    files: tuple[str, ...]


class CommandNeed(Struct, frozen=True):
    """How a command ends. Answer: `Exit`.

    Attributes:
        command: program and arguments.
        folder: that it runs in, relative to the project.
        seconds: after which it is ended.
    """

    command: tuple[str, ...]
    folder: str
    seconds: float


class DataFilesNeed(Struct, frozen=True):
    """Structured files, as far as they are there. Answer: tuple of `DataFile`, by pattern.

    Attributes:
        files: patterns of ``.toml``, ``.json``, ``.yaml`` or ``.yml`` files, relative to the
            project.
    """

    files: tuple[str, ...]


class WorkflowsNeed(Struct, frozen=True):
    """What CI runs. Answer: `Workflows`.

    Attributes:
        files: patterns of workflows of GitHub Actions, or of GitLab's by their name.
    """

    files: tuple[str, ...]


class BaselineNeed(Struct, frozen=True):
    """Packages and licenses of a stored report. Answer: `Baseline`.

    Attributes:
        report: path of a ``report.json``, relative to the project.
    """

    report: str


class CompatibilityNeed(Struct, frozen=True):
    """Which licenses go together. Answer: `Compatibility`."""


class RunsNeed(Struct, frozen=True):
    """What runs were measured, by the ledgers that the project commits. Answer: `Runs`.

    Attributes:
        ledger: glob of JSON-lines files, relative to the project.
    """

    ledger: str


class ResultsNeed(Struct, frozen=True):
    """How tests ended, by files of results. Answer: `Results`.

    Attributes:
        results: glob of JUnit XML files, relative to the project.
    """

    results: str


class CacheSettingsNeed(Struct, frozen=True):
    """How the cache of adhere itself is configured. Answer: `CacheSettings`."""


class ComparisonNeed(Struct, frozen=True):
    """Whether the cache changes an answer, as `adhere cache compare` found. Answer: `Compared`.

    Attributes:
        file: that the command wrote, relative to the project.
    """

    file: str


class TodayNeed(Struct, frozen=True):
    """The day of the verdict, which is an input as any other. Answer: `date`."""


class ProjectsNeed(Struct, frozen=True):
    """What the package index says of projects. Answer: `Projects`.

    Attributes:
        which: packages whose names are looked up: ``direct``, ``all``, or ``first-party``
            for what is ours and should not be there.
        names: patterns that narrow the choice; empty for all of them. What rules name
            is asked for first.
    """

    which: Literal["direct", "all", "first-party"] = "all"
    names: tuple[str, ...] = ()


class PreviousNeed(Struct, frozen=True):
    """What the release before each one at hand says of its license. Answer: `PreviousReleases`.

    Attributes:
        names: patterns that narrow the choice; empty for all packages.
        direct: only what the project asks for by name.
    """

    names: tuple[str, ...] = ()
    direct: bool = False


class VulnerabilitiesNeed(Struct, frozen=True):
    """What is known about flaws of all packages. Answer: `Vulnerabilities`."""


class LedgerNeed(Struct, frozen=True):
    """When flaws were first seen, as the project remembers it. Answer: `Ledger`."""


Need = (
    InventoryNeed
    | LicensesNeed
    | ReadingNeed
    | RequirementsNeed
    | FilesNeed
    | DataNeed
    | DataFilesNeed
    | WorkflowsNeed
    | BaselineNeed
    | CompatibilityNeed
    | CodeNeed
    | CommandNeed
    | TextsNeed
    | ScansNeed
    | RunsNeed
    | ResultsNeed
    | CacheSettingsNeed
    | ComparisonNeed
    | TodayNeed
    | ProjectsNeed
    | PreviousNeed
    | VulnerabilitiesNeed
    | LedgerNeed
)

Licenses = Mapping[tuple[str, str], Conclusion]
"""Conclusions by canonical name and version."""


class DataFile(Struct, frozen=True):
    """A structured file, parsed.

    Attributes:
        path: relative to the project.
        value: what it holds.
        locate: place of a key path, of its nearest parent where it is absent.
        matching: values, as text, that match what the need names.
    """

    path: str
    value: Any
    locate: Callable[[tuple[str | int, ...]], Location]
    matching: frozenset[str] = frozenset()


class BaselineLicense(Struct, frozen=True):
    """A package as an earlier report has it.

    Attributes:
        version: then.
        expression: ``""`` when none was concluded.
        state: of the conclusion.
        texts: digests of its license texts, sorted.
    """

    version: str
    expression: str
    state: str
    texts: tuple[str, ...]


class Baseline(Struct, frozen=True):
    """What an earlier report says.

    Attributes:
        path: of the report.
        licenses: by canonical name; a package in several versions has several.
        fingerprints: of its findings that no waiver and no ``-A`` took out of the count.
    """

    path: str
    licenses: Mapping[str, tuple[BaselineLicense, ...]]
    fingerprints: frozenset[str]


class Compatibility(Struct, frozen=True):
    """A table of which licenses may be part of works under which others.

    Attributes:
        source: which table, with its version.
        rows: by license of the whole, by license of the part: ``Yes``, ``No``, ``Same``,
            ``Check dependency`` or ``Unknown``.
    """

    source: str
    rows: Mapping[str, Mapping[str, str]]


Answer: TypeAlias = (
    "Inventory | Licenses | Reading | tuple[Requirement, ...] | tuple[str, ...] | DataFile"
    " | SourceCode | Texts | tuple[DataFile, ...] | Workflows | tuple[Scan, ...] | Exit | Results"
    " | CacheSettings | Compared | Baseline"
    " | Compatibility | Runs | Projects | PreviousReleases | Vulnerabilities | Ledger | date | Missing"
)


class CannotJudge(Exception):  # noqa: N818 - not an error: the answer of a check that lacks its evidence
    """A check lacks evidence it cannot do without.

    Attributes:
        missing: which and why.
    """

    def __init__(self, missing: Missing) -> None:
        super().__init__(missing.reason)
        self.missing = missing


class Facts:
    """Everything that was gathered, by need."""

    def __init__(self, answers: Mapping[Need, Answer]) -> None:
        self._answers = dict(answers)

    @property
    def answers(self) -> Mapping[Need, Answer]:
        """Everything that was answered."""
        return self._answers

    def get(self, need: Need) -> Any:
        """The answer to a need, typed as the need's docstring says, or `Missing`.

        Raises:
            KeyError: the check did not declare this need.
        """
        return self._answers[need]

    def has(self, need: Need) -> bool:
        """Whether the evidence was asked for and could be had."""
        return not isinstance(self._answers.get(need, Missing("")), Missing)

    def require(self, need: Need) -> Any:
        """The answer to a need, typed as the need's docstring says.

        Raises:
            CannotJudge: the evidence could not be had; the rule becomes ``not_run``.
            KeyError: the check did not declare this need.
        """
        answer = self._answers[need]
        if isinstance(answer, Missing):
            raise CannotJudge(answer)
        return answer

    @property
    def inventory(self) -> Inventory:
        """The inventory; every run has one, be it empty."""
        found: Inventory = self.require(InventoryNeed())
        return found
