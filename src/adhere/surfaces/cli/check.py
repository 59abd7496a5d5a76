"""``adhere check``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adhere.app.check import Checked, Request, check
from adhere.app.settings import Settings
from adhere.app.store import store
from adhere.errors import Problem, UsageError
from adhere.policy.settings import CodeLevel
from adhere.report.json import encode_report
from adhere.surfaces.cli.progress import Progress
from adhere.surfaces.cli.terminal import Terminal


def request_of(settings: Settings) -> Request:
    """What the options ask for."""
    return Request(
        sources=tuple(settings.sources),
        config=settings.config or None,
        offline=settings.offline,
        groups=tuple(settings.group),
        extras=tuple(settings.extra),
        no_dev=settings.no_dev,
        cache=not settings.no_cache,
        cache_dir=settings.cache_dir,
        jobs=settings.jobs,
    )


def run(settings: Settings, terminal: Terminal) -> int:
    """Judge, keep the report, print it."""
    import msgspec

    request = msgspec.structs.replace(
        request_of(settings),
        baseline=settings.baseline,
        levels=_levels(settings),
        allow_empty=settings.allow_empty,
    )
    if settings.format == "html" and not settings.output:
        hint = "name a folder with --output"
        raise UsageError(Problem("usage", "html is a folder of pages", hint=hint))
    progress = Progress(terminal, wanted=settings.progress)
    try:
        checked = check(request, progress=progress.update)
    finally:
        progress.end()
    data = encode_report(checked.report)
    out = settings.out if settings.is_given("out") else checked.loaded.policy.config.report.out
    store(checked.project.root, out, checked.report, data)
    terminal.problems(checked.problems)
    if checked.report.gates[0].verdict == "nothing":
        terminal.problems(checked.remarks)
    if checked.found and not settings.quiet:
        terminal.say(f"found {', '.join(_labels(checked))}")
    if settings.verbose:
        _say_settings(settings, checked, terminal)
    for clause in checked.report.run.trouble:
        terminal.say(clause)
    _print(settings, checked, data, terminal)
    return checked.exit_code


def _labels(checked: Checked) -> list[str]:
    kinds = ("config", "rules", "waivers", "data", "decision")
    return [entry.path for entry in checked.report.subject.inputs if entry.kind not in kinds]


def _levels(settings: Settings) -> Mapping[str, CodeLevel]:
    from adhere.app.codes import check_code

    found: dict[str, CodeLevel] = {}
    words: tuple[CodeLevel, ...] = ("allow", "warn", "deny")
    for word in words:
        for code in getattr(settings, word):
            found[check_code(code)] = word
    return found


def _print(settings: Settings, checked: Checked, data: bytes, terminal: Terminal) -> None:
    from adhere.app.render import render

    if settings.format == "json" and not settings.output:
        terminal.write_bytes(data)
        return
    if settings.quiet and settings.format == "text":
        from adhere.report.escape import plain
        from adhere.report.summary import summary

        terminal.write(plain(summary(checked.report)) + "\n")
        return
    render(
        checked.report,
        settings.format,
        output=settings.output,
        write=terminal.write,
        project=checked.project,
        config=checked.loaded.policy.config,
        templates=settings.templates,
        colour=terminal.colour,
        verbose=settings.verbose,
    )


def _say_settings(settings: Settings, checked: Checked, terminal: Terminal) -> None:
    """Every effective value and where it came from."""
    from adhere.app.settings import COMMANDS, options_of, with_config

    command = next(command for command in COMMANDS if command.name == "check")
    shown = with_config(command, settings, checked.loaded.policy.config, checked.loaded.place)
    for option in options_of(command):
        setting = shown[option.name]
        terminal.say(f"{option.name} = {_shown(setting.value)}  ({setting.source})")


def _shown(value: Any) -> str:
    return "unset" if value in ("", (), None) else repr(value)
