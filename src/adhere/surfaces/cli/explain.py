"""``adhere explain``."""

from __future__ import annotations

from adhere.app.codes import PROBLEM_CODES, finding_codes
from adhere.app.documents import read_document
from adhere.app.settings import Settings, unknown
from adhere.checks import KINDS
from adhere.errors import Problem, UsageError
from adhere.surfaces.cli.terminal import Terminal


def run(settings: Settings, terminal: Terminal) -> int:
    """Print the page of a code or check kind, or the list of all."""
    name = settings.code
    if name is None:
        terminal.write(_listing())
        return 0
    codes = {**finding_codes(), **{code.id: code for code in PROBLEM_CODES}}
    for section in ("codes", "checks"):
        text = read_document(section, name) if name in codes or name in KINDS else None
        if text is not None:
            terminal.write(text)
            return 0
    if name in KINDS:
        kind = KINDS[name]
        lines = [
            f"# {kind.name}",
            "",
            kind.summary,
            "",
            *(f"- {code.id}: {code.summary}" for code in kind.codes),
        ]
        terminal.write("\n".join(lines) + "\n")
        return 0
    hint = unknown(name, [*codes, *KINDS]) if name else "adhere explain lists all"
    if len(hint) > 200:
        hint = "adhere explain lists all"
    raise UsageError(Problem("usage", f"there is no code and no check kind `{name}`", hint=hint))


def _listing() -> str:
    lines = ["check kinds:"]
    width = max(len(name) for name in KINDS)
    lines += [f"  {name:<{width}}  {KINDS[name].summary}" for name in KINDS]
    codes = finding_codes()
    width = max(map(len, codes))
    lines += ["", "codes of findings:"]
    lines += [f"  {name:<{width}}  {code.summary}" for name, code in codes.items()]
    width = max(len(code.id) for code in PROBLEM_CODES)
    lines += ["", "codes of problems with files and command lines:"]
    lines += [f"  {code.id:<{width}}  {code.summary}" for code in PROBLEM_CODES]
    return "\n".join(lines) + "\n"
