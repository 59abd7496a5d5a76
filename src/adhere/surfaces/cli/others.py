"""Others who are told of a check when it has ended: by an alert, by a collector."""

from __future__ import annotations

import os

from adhere.app.request import Checked
from adhere.app.settings import Settings
from adhere.surfaces.cli.terminal import Terminal


def tell_alert(checked: Checked, settings: Settings, terminal: Terminal) -> bool:
    """Tell whom the configuration names; whether there was anything to tell.

    Such a run is not shown again from memory: the next one would tell nobody.
    """
    wanted = checked.loaded.policy.config.alerts
    if not wanted.webhook and not wanted.plugins:
        return False
    from adhere.app.alerts import alert_of, tell
    from adhere.app.wiring import SystemClock

    alert = alert_of(checked.report, wanted.checks)
    if alert is None:
        return False
    terminal.flush()  # the verdict does not wait for somebody else's server
    for clause in tell(alert, wanted, os.environ, SystemClock(), offline=settings.offline):
        terminal.say(clause)
    return True


def tell_collector(checked: Checked, settings: Settings, terminal: Terminal) -> None:
    """Send spans and numbers; what cannot be sent is said, and changes nothing."""
    memory = terminal.memory
    if memory is None or not settings.otel:
        return
    if settings.offline:
        terminal.say("nothing was sent to OpenTelemetry: offline")
        return
    from adhere.app.history import metrics_of
    from adhere.metrics.otel import export

    terminal.flush()  # the verdict does not wait for somebody else's server
    report = checked.report
    numbers = {
        **metrics_of(report.run),
        "seconds.cpu": report.run.cpu_seconds,
        "memory.peak": float(report.run.peak_memory),
        "exit_code": float(checked.exit_code),
        "packages": float(report.completeness.packages),
    }
    about = {
        "service.version": report.tool.version,
        "adhere.project": report.subject.name,
        "adhere.commit": report.subject.commit,
        "adhere.environment": report.run.environment,
        "adhere.run": report.run.id,
        "adhere.verdict": report.gates[0].verdict,
    }
    for clause in export(
        "adhere check",
        about,
        checked.spans,
        numbers,
        hosts=checked.hosts,
        began=memory.started,
        seconds=memory.seconds,
        lag=max(0.0, checked.began - memory.began),
        failed=checked.exit_code != 0,
    ):
        terminal.say(clause)
