"""Errors of ours in the words of a build."""

from __future__ import annotations

from adhere.errors import AdhereError


def told(error: AdhereError) -> str:
    """Every problem with its place, the line that is meant and the remedy."""
    parts = []
    for problem in error.problems:
        parts.append(f"adhere[{problem.code}]: {problem}")
        if problem.excerpt:
            parts.append(f"    {problem.line} | {problem.excerpt}")
        if problem.hint:
            parts.append(f"    help: {problem.hint}")
    return "\n".join(parts)
