"""``requires.txt`` of an ``.egg-info`` folder: requirements in sections."""

from __future__ import annotations


def requires_txt(text: str) -> tuple[str, ...]:
    """The requirements, each as a ``Requires-Dist`` value.

    A section ``[extra:marker]`` becomes a marker of every line in it.
    """
    found: list[str] = []
    condition = ""
    for line in map(str.strip, text.splitlines()):
        if not line or line.startswith("#"):
            continue
        if line.startswith("[") and line.endswith("]"):
            condition = _condition(line[1:-1])
            continue
        found.append(f"{line} ; {condition}" if condition else line)
    return tuple(found)


def _condition(section: str) -> str:
    extra, _, marker = section.partition(":")
    parts = [f"({marker})"] if marker else []
    if extra:
        parts.append(f'extra == "{extra}"')
    return " and ".join(parts)
