"""A process of its own that looks for patterns in texts, so that whoever asked can end it.

Python's regular expressions may backtrack for longer than anybody lives, and nothing within
the process can stop them. This file is run by itself: it imports nothing of ours.

Each line of standard input is a JSON list: a text, flags, and patterns. The answer is a line for each
pattern: how often it matches, and where.
"""

from __future__ import annotations

import json
import re
import sys

MOST = 1_000
"""Matches of a pattern that are counted in a text."""

SHOWN = 20
_WIDTH = 160


def find(pattern: str, text: str, flags: int) -> tuple[int, list[tuple[int, int, str]]]:
    """How often a pattern matches a text, and where: line, column, and what the line says."""
    count = 0
    places: list[tuple[int, int, str]] = []
    line, begin = 1, 0
    for match in re.compile(pattern, flags).finditer(text):
        count += 1
        if len(places) < SHOWN:
            line += text.count("\n", begin, match.start())
            begin = match.start()
            first = text.rfind("\n", 0, begin) + 1
            end = text.find("\n", begin)
            whole = text[first : end if end >= 0 else len(text)].rstrip("\r")
            places.append((line, begin - first + 1, whole.strip()[:_WIDTH]))
        if count == MOST:
            break
    return count, places


def main() -> None:
    """Answer until nobody asks any more."""
    for asked in sys.stdin:
        text, flags, *patterns = json.loads(asked)
        for pattern in patterns:
            sys.stdout.write(json.dumps(find(pattern, text, flags)) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
