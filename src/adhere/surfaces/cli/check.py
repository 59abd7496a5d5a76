"""``adhere check``."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from adhere.app.check import check
from adhere.app.history import about, leave_row
from adhere.app.request import Checked, Request
from adhere.app.settings import Settings
from adhere.app.store import REPORT, store, unwritable
from adhere.errors import AdhereError, Problem, UsageError
from adhere.metrics.journal import NAME as JOURNAL
from adhere.metrics.journal import begin
from adhere.policy.settings import CodeLevel
from adhere.ports import SILENCE
from adhere.report.document import NOT_SOURCES
from adhere.report.json import encode_report
from adhere.surfaces.cli.keeper import Keeper
from adhere.surfaces.cli.others import tell_alert, tell_collector
from adhere.surfaces.cli.progress import Progress
from adhere.surfaces.cli.show import refuse_unshowable, show
from adhere.surfaces.cli.terminal import Terminal

if TYPE_CHECKING:
    from adhere.app.logs import RunLog


def request_of(settings: Settings, sources: tuple[str, ...] | None = None) -> Request:
    """What the options ask for.

    Args:
        settings: of a command that judges.
        sources: for one that is told none.
    """
    return Request(
        sources=tuple(settings.sources) if sources is None else sources,
        config=settings.config or None,
        offline=settings.offline,
        groups=tuple(settings.group),
        extras=tuple(settings.extra),
        no_dev=settings.no_dev,
        cache=not settings.no_cache,
        cache_dir=settings.cache_dir,
        jobs=settings.jobs,
        run_commands=getattr(settings, "run_commands", False),  # not every command has it
    )


def run(settings: Settings, terminal: Terminal) -> int:
    """Judge, keep the report, print it."""
    import msgspec

    refuse_unshowable(settings)
    keeper = terminal.keeper = _keeper(settings, terminal)
    request = msgspec.structs.replace(
        request_of(settings),
        baseline=settings.baseline,
        levels=_levels(settings),
        allow_empty=settings.allow_empty,
        deadline=settings.given("deadline") or 0.0,
        environment=settings.environment,
        profile=settings.profile,
    )
    progress = Progress(terminal, wanted=settings.progress)
    with _logged(settings, terminal) as log:
        try:
            checked = check(
                request, progress=progress.update, log=log.log if log is not None else SILENCE
            )
        finally:
            progress.end()
        if log is not None:
            log.checked(checked)
    config = checked.loaded.policy.config
    data = encode_report(checked.report)
    out = settings.given("out") or config.report.out
    folder = os.path.normpath(os.path.join(checked.project.root, out))
    if keeper is not None:
        keeper.before_writing(folder)
    store(checked.project.root, out, data)
    _journal(out, lambda: begin(folder))
    terminal.problems(checked.problems)
    if settings.ledger:
        _write_down(checked, out, terminal)
    if checked.report.gates[0].verdict == "nothing" or _is_gap(checked):
        terminal.problems(checked.remarks)
    read = _labels(checked)
    if checked.found and read and not settings.quiet:
        terminal.say(f"found {', '.join(read)}")
    if settings.verbose:
        for name, value, source in _effective(settings, checked, read):
            terminal.say(f"{name} = {_shown(value)}  ({source})")
    for clause in checked.report.run.trouble:
        terminal.say(clause)
    show(
        checked.report,
        settings,
        terminal,
        project=checked.project,
        config=config,
        data=data,
        stored=os.path.join(folder, REPORT),
    )
    row = about(checked.report)
    told = tell_alert(checked, settings, terminal)
    if keeper is not None and not told:
        keeper.keep(checked, settings, terminal, folder, data, row)
    tell_collector(checked, settings, terminal)
    if (memory := terminal.memory) is not None:
        run = checked.report.run
        _journal(out, lambda: leave_row(folder, row, run, memory.started, memory.seconds))
    return checked.exit_code


def _keeper(settings: Settings, terminal: Terminal) -> Keeper | None:
    """Who keeps what is shown, if the same may be shown again.

    A log or a collector would then be told of another run.

    Raises:
        UsageError: what a collector is told with is not installed.
    """
    if settings.otel:
        from adhere.metrics import otel

        otel.require()
    itself = settings.log or settings.otel or settings.profile
    return Keeper(*terminal.watched) if terminal.watched and not itself else None


@contextmanager
def _logged(settings: Settings, terminal: Terminal) -> Iterator[RunLog | None]:
    """The log that was asked for, from the beginning of a run to its end.

    Raises:
        UsageError: its file cannot be written.
    """
    if not settings.log:
        yield None
        return
    from adhere.app.logs import RunLog
    from adhere.app.wiring import SystemClock

    path = os.path.expanduser(settings.log_file)
    try:
        log = RunLog(settings.log, path, os.getcwd(), SystemClock(), terminal.log_line)
    except OSError as error:
        words = (error.strerror or type(error).__name__).lower()
        problem = Problem("unwritable", f"cannot write the log: {words}", path=settings.log_file)
        raise UsageError(problem) from None
    log.began("check", offline=settings.offline)
    try:
        yield log
    except AdhereError as error:
        log.wrong(error.problems)
        raise
    finally:
        log.close()


def _journal(out: str, write: Callable[[], None]) -> None:
    try:
        write()
    except OSError as error:
        raise unwritable(f"{out}/{JOURNAL}", error) from None


def _write_down(checked: Checked, out: str, terminal: Terminal) -> None:
    from adhere.app.ledger import add_sightings

    added = add_sightings(checked.project, out, checked.report)
    noun = "vulnerability was" if len(added.rows) == 1 else "vulnerabilities were"
    terminal.say(f"{added.label}: {len(added.rows)} {noun} seen for the first time")


def _is_gap(checked: Checked) -> bool:
    """Whether a rule of the user's found nothing to check: that there is no source says why."""
    return any(r.outcome == "vacuous" and not r.builtin for r in checked.report.results)


def _labels(checked: Checked) -> list[str]:
    inputs = checked.report.subject.inputs
    return [one.path for one in inputs if one.kind not in (*NOT_SOURCES, "advisories")]


def _levels(settings: Settings) -> Mapping[str, CodeLevel]:
    """Levels by code; where two are named for one code, the stricter holds.

    Raises:
        UsageError: no finding has such a code.
    """
    words: tuple[CodeLevel, ...] = ("allow", "warn", "deny")
    if not any(getattr(settings, word) for word in words):
        return {}
    from adhere.app.codes import check_code

    found: dict[str, CodeLevel] = {}
    problems: list[Problem] = []
    for word in words:
        for code in getattr(settings, word):
            try:
                found[check_code(code)] = word
            except UsageError as error:
                problems.extend(error.problems)
    if problems:
        raise UsageError(problems)
    return found


def _effective(
    settings: Settings, checked: Checked, read: list[str]
) -> Iterator[tuple[str, Any, str]]:
    """Every effective value and where it came from: options, then the rest of the configuration."""
    from adhere.app.commands import options_of
    from adhere.app.commands.judging import COMMANDS
    from adhere.app.settings import with_config

    command = next(command for command in COMMANDS if command.name == "check")
    loaded = checked.loaded
    if settings.sources:
        yield "sources", settings.sources, "command line"
    else:
        written = loaded.place("project.sources")
        yield "sources", read, "found" if checked.found or not written else written
    shown = with_config(command, settings, loaded.policy.config, loaded.place)
    for option in options_of(command):
        yield option.name, shown[option.name].value, shown[option.name].source
    for one in checked.report.run.indexes:
        yield "index", one.index, one.chosen_by
    keys = {option.key for option in options_of(command)} | {"project.sources"}
    for key, value, place in loaded.written():
        if key not in keys:
            yield key, value, place
    for rule in loaded.policy.rules:
        if rule.node is not None:
            yield "rule", rule.id, str(rule.place())


def _shown(value: Any) -> str:
    if value in ("", (), [], None):
        return "unset"
    return ", ".join(map(str, value)) if isinstance(value, (tuple, list)) else repr(value)
