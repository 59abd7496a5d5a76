"""What a check is asked for, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from adhere.app.basis import Basis
from adhere.app.policy import LoadedPolicy
from adhere.app.project import Project
from adhere.errors import Problem
from adhere.metrics.meter import Span
from adhere.model.inventory import Inventory
from adhere.policy.settings import CodeLevel
from adhere.report.document import Report


class Request(Struct, frozen=True):
    """What to check, and how.

    Attributes:
        sources: what to judge; empty for the sources of the configuration, or those found.
        folder: working directory; names are relative to it.
        config: configuration file; ``None`` to look for one.
        offline: never use the network.
        groups: dependency groups to look at; empty for all.
        extras: extras to look at.
        no_dev: leave development groups out.
        baseline: report whose findings do not count again, ``""`` for none.
        levels: levels of single codes.
        allow_empty: finding nothing is fine.
        cache: remember what was read.
        cache_dir: folder of the file cache, ``""`` for that of the configuration.
        jobs: processes that identify license texts, 0 for one per processor.
        deadline: seconds for everything that is asked of a network, 0 for that of the
            configuration.
        run_commands: rules may have commands run.
        ahead: where there are no rules, gather what rules could ask for.
        profile: look at memory every few milliseconds, that of children included.
        environment: name of the class of machines that the run is comparable with, ``""`` for
            what is known of this one.
        decisions: judge only rules of these decisions, of any where it is empty; ``None`` for
            all rules.
    """

    sources: tuple[str, ...] = ()
    folder: str = "."
    config: str | None = None
    offline: bool = False
    groups: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    no_dev: bool = False
    baseline: str = ""
    levels: Mapping[str, CodeLevel] = {}
    allow_empty: bool = False
    cache: bool = True
    cache_dir: str = ""
    jobs: int = 1
    deadline: float = 0.0
    run_commands: bool = False
    ahead: bool = False
    environment: str = ""
    profile: bool = False
    decisions: tuple[str, ...] | None = None


class Checked(Struct, frozen=True):
    """The answer of a check.

    Attributes:
        report: the canonical report.
        inventory: what was judged, with its graph.
        exit_code: of the run.
        project: what it was about.
        loaded: the policy, and the text of every file it was read from.
        problems: what is wrong with input files.
        found: sources that were found rather than named.
        remarks: why there is nothing to judge, when there is not.
        basis: what the verdict rests on.
        began: when the check did, as its clock's `elapsed` counts.
        spans: where its time went since.
        hosts: requests and bytes by host and name.
    """

    report: Report
    inventory: Inventory
    exit_code: int
    project: Project
    loaded: LoadedPolicy
    problems: tuple[Problem, ...]
    found: tuple[str, ...] = ()
    remarks: tuple[Problem, ...] = ()
    basis: Basis | None = None
    began: float = 0.0
    spans: tuple[Span, ...] = ()
    hosts: Mapping[tuple[str, str], int] = {}
