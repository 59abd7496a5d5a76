"""The vocabulary of the log: every event that there is, and nothing else is ever logged.

Names, levels and fields are part of the interface: whoever collects logs builds on them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

Severity = Literal["debug", "info", "warning", "error"]


class Event(Struct, frozen=True):
    """One event.

    Attributes:
        severity: of it.
        means: what happened, as a sentence.
        fields: what each field holds.
        advice: what to do about it, ``""`` for nothing.
    """

    severity: Severity
    means: str
    fields: Mapping[str, str]
    advice: str = ""


_HOST = {"host": "scheme, host and port"}
_REQUEST = {**_HOST, "kind": "of the answer: package_metadata, vulnerability, ..."}

EVENTS: Mapping[str, Event] = {
    "run.started": Event(
        "info",
        "A command began to work.",
        {"command": "its name", "version": "of adhere", "offline": "nobody may be asked"},
    ),
    "source.read": Event(
        "info",
        "A source was read.",
        {
            "source": "its path",
            "kind": "environment, uv, requirements, ...",
            "packages": "how many the source lists",
        },
    ),
    "phase.ended": Event(
        "debug", "A phase of the run is over.", {"phase": "its name", "seconds": "it took"}
    ),
    "request.sent": Event(
        "debug", "A request went out.", {**_REQUEST, "attempt": "1 for the first"}
    ),
    "request.answered": Event(
        "debug", "A request was answered.", {**_REQUEST, "seconds": "since it was sent"}
    ),
    "request.failed": Event(
        "warning",
        "A request brought no answer.",
        {**_REQUEST, "reason": "why", "seconds": "since it was sent"},
        "see whether the host is reachable: adhere health",
    ),
    "request.repeated": Event(
        "debug", "Another attempt follows.", {**_REQUEST, "seconds": "until then"}
    ),
    "request.given_up": Event(
        "warning",
        "No further attempt is made.",
        {**_REQUEST, "reason": "why"},
        "a rule that needs the answer is not judged; run again, or adhere cache warm",
    ),
    "breaker.opened": Event(
        "warning",
        "A host failed so often that it is left alone for a while.",
        {**_HOST, "failures": "in a row"},
        "it is asked again after a pause; adhere health says how it does",
    ),
    "breaker.closed": Event("info", "A host answers again.", _HOST),
    "cache.trouble": Event(
        "warning",
        "A tier of the cache broke and is done without.",
        {"clause": "what went wrong"},
        "adhere cache verify, and adhere health",
    ),
    "input.wrong": Event(
        "error",
        "Something in a file of the user's is wrong.",
        {
            "code": "of the problem, with a page in the documentation",
            "place": "path, line and column",
            "message": "what is wrong",
            "remedy": "what to do",
        },
        "mend the file: adhere explain CODE",
    ),
    "rule.judged": Event(
        "info",
        "A rule was judged.",
        {
            "rule": "its id",
            "check": "its kind",
            "outcome": "of the closed set",
            "rule_level": "error, warn or report",
            "open": "findings that count",
        },
    ),
    "rule.not_judged": Event(
        "warning",
        "A rule could not be judged.",
        {"rule": "its id", "check": "its kind", "outcome": "error or not_run", "reason": "why"},
        "adhere health says what does not answer",
    ),
    "run.ended": Event(
        "info",
        "A command is done.",
        {
            "exit_code": "of the process",
            "verdict": "in one word",
            "packages": "that were judged",
            "findings": "that count",
            "seconds": "it took",
            "memory": "the peak, in bytes",
            "hit_rate": "of the caches, 0 to 1; empty where nothing was looked up",
            "requests": "that were sent",
        },
    ),
}
