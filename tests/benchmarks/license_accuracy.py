"""Prints how license evidence is concluded on real packages, as a Markdown table.

    python tests/benchmarks/license_accuracy.py ../shared/data

Names, rules and thresholds are tuned on the packages whose name's sha256 is even only; the
other half shows what they do on packages that they were not made for.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1] / "src")]

from adhere.licenses.relations import stem  # noqa: E402  # same
from adhere.licenses.texts import TextFacts  # noqa: E402  # same
from adhere.model.claim import Conclusion  # noqa: E402  # same
from corpus.licenses.distributions import Distribution, distributions  # noqa: E402  # path above

STATES = ("concluded", "ambiguous", "conflicting", "unknown")
ARCHIVE = "site-packages-741.tar.xz"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(str(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines)


def counted(title: str, found: Sequence[Conclusion]) -> list[object]:
    """One row: how many packages are in which state."""
    states = Counter(conclusion.state for conclusion in found)
    share = f"{100 * states['concluded'] / len(found):.1f} %" if found else ""
    return [title, len(found), *(states[state] for state in STATES), share]


def agreement(
    title: str, packages: Sequence[Distribution], known: dict[str, TextFacts]
) -> tuple[list[object], list[list[object]]]:
    """One row about the packages that declare an expression, and every disagreement."""
    declaring = [package for package in packages if package.declared.expression]
    equal = same = 0
    wrong: list[list[object]] = []
    for package in declaring:
        said = package.conclude(known).expression
        found = package.conclude(known, hide_expression=True)
        if found.state != "concluded":
            continue
        if found.expression == said:
            equal += 1
        elif stem(found.expression) == stem(said):
            same += 1
        else:
            wrong.append([package.name, said, found.expression, found.why])
    row = [title, len(declaring), equal + same + len(wrong), equal, same, len(wrong)]
    return row, wrong


def tables(packages: Sequence[Distribution]) -> str:
    """All tables, as Markdown."""
    known: dict[str, TextFacts] = {}
    found = {package.name: package.conclude(known) for package in packages}
    alone = {package.name: package.conclude(known, curated=False) for package in packages}
    halves = {
        "tuned on (even)": [package for package in packages if package.is_tuning],
        "held out (odd)": [package for package in packages if not package.is_tuning],
        "all": packages,
    }
    rows = []
    for title, members in halves.items():
        rows.append(counted(title, [found[package.name] for package in members]))
        names = [alone[package.name] for package in members]
        rows.append(counted(f"{title}, without curated facts", names))
    parts = ["## Conclusions", table(["packages", "count", *STATES, "concluded"], rows)]
    parts.append("## Agreement with License-Expression, when it is hidden")
    results = [agreement(title, members, known) for title, members in halves.items()]
    head = ["packages", "declare one", "concluded without", "equal", "only / or later", "different"]
    parts.append(table(head, [row for row, _ in results]))
    wrong = results[-1][1]
    parts.append("\n".join(f"- {', '.join(map(str, row))}" for row in wrong) or "None disagrees.")
    parts.append("## Not concluded")
    open_ = [package for package in packages if found[package.name].state != "concluded"]
    rows = [
        [package.name, package.version, found[package.name].state, shown(found[package.name].why)]
        for package in open_
    ]
    parts.append(table(["package", "version", "state", "why"], rows))
    return "\n\n".join(parts)


def shown(words: str) -> str:
    """What an author wrote, harmless in a cell of a table."""
    return words.replace("|", "\\|").replace("<", "&lt;")


def main() -> None:
    """Unpack, conclude, print."""
    data = Path(sys.argv[1]) / ARCHIVE
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["tar", "-C", folder, "-xf", str(data)], check=True)
        packages = list(distributions(Path(folder)))
    started = time.perf_counter()
    print(tables(packages))
    print(f"\n{len(packages)} packages, {time.perf_counter() - started:.2f} s.")


if __name__ == "__main__":
    main()
