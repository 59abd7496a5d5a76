"""Alerts: findings that somebody wants to be told of, told to a webhook and to plug-ins."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from msgspec import Struct

import adhere
from adhere.policy.settings import Alerts
from adhere.ports import Clock
from adhere.report.document import Report
from adhere.report.json import canonical

if TYPE_CHECKING:
    from adhere.evidence.attempt import Sender

ENTRY_POINTS = "adhere.alerts"
"""Entry-point group of plug-ins: callables that take an alert as a mapping."""

MOST = 100
"""Findings that an alert names; the rest is counted."""


class AlertFinding(Struct, frozen=True):
    """A finding, as an alert has it."""

    rule: str
    check: str
    code: str
    level: str
    subject: str
    message: str
    fix: str


class Alert(Struct, frozen=True):
    """What is told.

    Attributes:
        schema: of this shape.
        project: its name.
        commit: that it stands at.
        run: id of the run.
        started: when that began, ISO 8601.
        verdict: of the check, in one word.
        exit_code: of the check.
        findings: that are open, errors first.
        more: how many are not named.
    """

    schema: Literal["adhere.alert/1"]
    project: str
    commit: str
    run: str
    started: str
    verdict: str
    exit_code: int
    findings: tuple[AlertFinding, ...]
    more: int = 0


def alert_of(report: Report, checks: Sequence[str]) -> Alert | None:
    """What there is to tell; ``None`` for nothing.

    Args:
        report: of the run.
        checks: patterns of check kinds.
    """
    kinds = {result.rule: result.check for result in report.results}
    found = [
        AlertFinding(
            one.rule, kinds[one.rule], one.code, one.level, one.subject, one.message, one.fix
        )
        for one in report.findings
        if one.disposition == "open"
        and one.level != "report"
        and any(fnmatchcase(kinds.get(one.rule, ""), pattern) for pattern in checks)
    ]
    if not found:
        return None
    found.sort(key=lambda one: one.level != "error")
    gate = report.gates[0]
    return Alert(
        "adhere.alert/1",
        report.subject.name,
        report.subject.commit,
        report.run.id,
        report.run.started,
        gate.verdict,
        gate.exit_code,
        tuple(found[:MOST]),
        max(0, len(found) - MOST),
    )


def tell(
    alert: Alert, wanted: Alerts, environ: Mapping[str, str], clock: Clock, *, offline: bool
) -> Iterator[str]:
    """Tell everybody; what goes wrong is a clause, and keeps nobody else from being told.

    Args:
        alert: what to tell.
        wanted: whom.
        environ: for addresses and secrets.
        clock: for the webhook.
        offline: nothing may be sent.
    """
    if wanted.webhook:
        trouble = "no alert was sent: offline" if offline else _post(alert, wanted, environ, clock)
        if trouble:
            yield trouble
    for name in wanted.plugins:
        trouble = _plug(name, msgspec.to_builtins(alert))
        if trouble:
            yield f"no alert was given to the plug-in `{name}`: {trouble}"


def _post(alert: Alert, wanted: Alerts, environ: Mapping[str, str], clock: Clock) -> str:
    """Send it; why that was not possible, as a clause that quotes no secret."""
    from adhere.evidence.address import BadAddress, origin_of, parse_address

    url = environ.get(wanted.webhook.removeprefix("env:"), "")
    secret = environ.get(wanted.secret.removeprefix("env:"), "")
    if not url:
        return f"no alert was sent: the variable {wanted.webhook[4:]} of `webhook` is not set"
    if wanted.secret and not secret:
        return f"no alert was sent: the variable {wanted.secret[4:]} of `secret` is not set"
    try:
        address, login = parse_address(url)
    except BadAddress as error:
        return f"no alert was sent: the address of `webhook` cannot be used: {error}"
    from random import SystemRandom

    from adhere.evidence.loop import run_until_told
    from adhere.evidence.webhook import deliver

    async def send() -> str:
        from adhere.evidence.transport import TransportError

        try:
            sender = _sender(address, login)
        except TransportError as error:
            return error.detail
        try:
            return await deliver(
                sender,
                address,
                canonical(alert),
                secret.encode("utf-8", "surrogateescape"),
                clock=clock,
                rng=SystemRandom(),
                deadline=wanted.deadline.seconds,
            )
        finally:
            await sender.aclose()

    why = run_until_told(send())
    return f"no alert was sent to {origin_of(address).host}: {why}" if why else ""


def _sender(address: str, login: Any) -> Sender:
    """A transport with the certificates that the user's other tools trust.

    Redirects lead to no other host, and nobody is asked for a password.
    """
    from adhere.evidence.address import origin_of
    from adhere.evidence.index.certificates import authorities, make_context
    from adhere.evidence.transport import Settings, Transport

    logins = {origin_of(address): login} if login is not None else {}
    context = make_context(authorities(os.environ, {}))
    agent = f"adhere/{adhere.__version__}"
    return Transport(Settings(user_agent=agent, context=context, connections=1, logins=logins))


def _plug(name: str, alert: Mapping[str, Any]) -> str:
    """Call a plug-in; why that was not possible, or what it says went wrong."""
    from importlib.metadata import entry_points

    points = {point.value: point for point in entry_points(group=ENTRY_POINTS, name=name)}
    if not points:
        return "no distribution that is installed offers it"
    if len(points) > 1:
        return f"several distributions offer it: {', '.join(sorted(points))}"
    (point,) = points.values()
    try:
        point.load()(alert)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a plug-in may do anything; the check's verdict stands
        return f"{type(error).__name__}: {error}"
    return ""
