"""Untrusted words made harmless for where they are shown.

Names, versions, summaries and license texts are whatever a stranger wrote. Whatever shows
them passes them through here, or through Jinja2's own escaping for HTML.
"""

from __future__ import annotations

import re
from functools import cache

# Controls of terminals (C0, DEL, C1), of writing direction, of joining, invisible
# characters, other line ends, tag characters, halves of surrogate pairs.
_HOSTILE = (
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)
# What Markdown, its usual extensions, HTML or a macro plugin might act on, anywhere in a
# line or at its beginning. An underscore within a word is not emphasis to any of them.
_MARKDOWN = (
    r"[\\`*{}\[\]<>|&~^$@%\"]"
    r"|(?<![^\W_])_|_(?![^\W_])"
    r"|:(?=//)|(?<=www)\."
    r"|^[#+\-=:!]|(?<=^\d)[.)]|(?<=^\d\d)[.)]|(?<=^\d\d\d)[.)]"
)

# What GitHub, GitLab or Gitea take for somebody, an issue, a merge request, a label, ...
_REFERENCE = r"[@#!$%~&](?=[^\W_]|[\"_])|(?<![^\W_])GH-(?=\d)"


@cache
def _pattern(source: str) -> re.Pattern[str]:
    """Compiled when it is first used: a warm run prints JSON and needs one of these."""
    return re.compile(source, re.IGNORECASE)


def plain(text: str) -> str:
    """One line that a terminal can print: controls are shown as escapes.

    Line ends and tabs are controls too: a word of a stranger's never begins a line.
    """
    return _pattern(_HOSTILE).sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def markdown(text: str) -> str:
    """Text that every Markdown renderer shows as it is, on one line.

    Characters with a meaning become numeric entities: a backslash would do for Markdown,
    and would not stop a macro plugin from evaluating braces.
    """
    return _entities(plain(text))


def hosted_markdown(text: str) -> str:
    """The same for a host of code, which looks for people and issues in what is shown.

    An entity does not keep it from that. A space without a width does, behind the character
    that begins such a reference: nobody is called, and no issue is told of ours.
    """
    marked = _pattern(_REFERENCE).sub("\\g<0>\u200b", plain(text))  # none of a stranger's is left
    return _entities(marked).replace("\u200b", "&#8203;")


def _entities(text: str) -> str:
    return _pattern(_MARKDOWN).sub(lambda match: f"&#{ord(match.group())};", text)


def shorten(text: str, limit: int) -> str:
    """Text of at most so many characters; what was cut shows as an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def json_safe(data: bytes) -> bytes:
    """JSON in which hostile characters are escapes; it means the same."""
    # Nearly every report is plain but for a few names: looking only at what is not ASCII
    # finds out in a hundredth of the time.
    foreign = data.translate(None, _ASCII).decode()
    if _DELETE not in data and _pattern(_HOSTILE).search(foreign) is None:
        return data
    return _pattern(_HOSTILE_IN_JSON).sub(_json_escape, data.decode()).encode()


_ASCII = bytes(range(0x80))
_DELETE = b"\x7f"
# JSON itself escapes the other ASCII controls, apart from line ends between its values.
_HOSTILE_IN_JSON = _HOSTILE.replace("\x00-\x1f\x7f", "\x7f", 1)


def _json_escape(match: re.Match[str]) -> str:
    units = match.group().encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
