"""What CI does, on which events, and whether its failure stops anything."""

from __future__ import annotations

from msgspec import Struct

from adhere.model.location import Location


class Trigger(Struct, frozen=True):
    """An event that starts a workflow.

    Attributes:
        event: in GitHub's words: ``pull_request``, ``push``, ``schedule``.
        branches: patterns of branches that it is about; empty for all.
        ignored: patterns of branches that it is not about.
        paths: it depends on which files were changed.
    """

    event: str
    branches: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    paths: bool = False


class Rule(Struct, frozen=True):
    """When a job of GitLab runs: the first one that holds decides.

    Attributes:
        condition: in GitLab's words, ``""`` for always.
        runs: a job for which it holds does run.
        fault: why it does not stop anything then, ``""`` where it does.
    """

    condition: str = ""
    runs: bool = True
    fault: str = ""


class Step(Struct, frozen=True):
    """A command or an action that CI runs.

    Attributes:
        where: it stands.
        job: that it is part of.
        words: of the command, without what it is only wrapped in; empty for an action.
        uses: the action with its version, ``""`` for a command.
        triggers: events that start it, any of them; of GitLab none.
        conditions: in GitHub's words, all of which have to hold.
        rules: of GitLab; empty where it always runs.
        fault: why its failure stops nothing, ``""`` where it does.
        by: what it is run by, ``nox -s lint``, the outermost first.
        gitlab: it is of GitLab.
    """

    where: Location
    job: str
    words: tuple[str, ...] = ()
    uses: str = ""
    triggers: tuple[Trigger, ...] = ()
    conditions: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    fault: str = ""
    by: tuple[str, ...] = ()
    gitlab: bool = False


class Workflows(Struct, frozen=True):
    """Everything that CI runs, as far as files of the project tell.

    Attributes:
        files: that were read.
        steps: in their order.
        unknown: places of which nobody here can tell what they run, and why.
    """

    files: tuple[str, ...]
    steps: tuple[Step, ...]
    unknown: tuple[tuple[Location, str], ...] = ()
