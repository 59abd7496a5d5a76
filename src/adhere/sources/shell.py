"""Commands of a shell script, and whether the failure of each ends it; nothing is run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence

from msgspec import Struct

_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_HEREDOC = re.compile(r"<<-?\s*(['\"]?)(\w+)\1")
_PYTHON = re.compile(r"(python|pypy)[\d.]*(\.exe)?|py")
_OPENING = {"if", "while", "until", "for", "case", "select"}
_CLOSING = {"fi", "done", "esac"}
_SKIPPED = {"then", "else", "elif", "do", "{", "}", "(", ")"}
_JOINTS = {"&&", "||", "|", "|&", "&", ";", ";;"}
_WRAPPERS: dict[tuple[str, ...], set[str]] = {
    ("command",): set(),
    ("conda", "run"): {"-n", "--name", "-p", "--prefix"},
    ("env",): {"-u"},
    ("exec",): set(),
    ("hatch", "run"): set(),
    ("nice",): {"-n"},
    ("pdm", "run"): {"-p"},
    ("pipenv", "run"): set(),
    ("pipx", "run"): {"--spec", "--python"},
    ("poetry", "run"): set(),
    ("rye", "run"): set(),
    ("sudo",): {"-u", "-g"},
    ("time",): set(),
    ("timeout",): {"-k", "-s"},
    ("uv", "run"): {
        "--directory",
        "--env-file",
        "--extra",
        "--group",
        "--only-group",
        "--package",
        "--project",
        "--python",
        "--with",
        "-p",
    },
    ("uv", "tool", "run"): {"--from", "--python", "--with", "-p"},
    ("uvx",): {"--from", "--python", "--with", "-p"},
    ("xvfb-run",): {"-s", "-n"},
}
"""What only wraps a command, and which of its options take a value."""


class ShellCommand(Struct, frozen=True):
    """A command of a script.

    Attributes:
        words: without assignments and wrappers, the program without its folder.
        line: of the script, from 0.
        fault: why its failure does not end the script, ``""`` where it does.
    """

    words: tuple[str, ...]
    line: int
    fault: str = ""


def commands(script: str, *, errexit: bool = True, pipefail: bool = False) -> list[ShellCommand]:
    """Every command of a script.

    Args:
        script: in the language of a POSIX shell.
        errexit: the shell was started with ``-e``.
        pipefail: the shell was started with ``-o pipefail``.
    """
    return _Script(errexit=errexit, pipefail=pipefail).read(script)


class _Script:
    def __init__(self, *, errexit: bool, pipefail: bool) -> None:
        self.errexit = errexit
        self.pipefail = pipefail
        self.within: list[str] = []
        self.found: list[ShellCommand] = []

    def read(self, script: str) -> list[ShellCommand]:
        lines = list(_logical(script))
        for number, (line, text) in enumerate(lines):
            try:
                lexer = shlex.shlex(text, posix=True, punctuation_chars=True)
                lexer.wordchars += "@%+:,^!=[]{}$*?~#"
                lexer.commenters = ""
                tokens = list(lexer)
            except ValueError:  # a quote that does not end
                tokens = text.split()
            self.line(_split(tokens), line, last=number == len(lines) - 1)
        return self.found

    def line(self, parts: list[tuple[list[str], str]], line: int, *, last: bool) -> None:
        """Commands of one line, each with what joins it to the next."""
        for index, (given, _) in enumerate(parts):
            words = self.stripped(given)
            if not words:
                continue
            if words[0] == "set":
                self.set(words[1:])
                continue
            fault = self.fault(parts, index, last=last)
            if words[0] == "!":
                words, fault = words[1:], "its failure is what is wanted"
            if not words:
                continue
            inner = _inner(words)
            if inner is not None:
                script, errexit = inner
                for one in commands(script, errexit=errexit):
                    self.found.append(ShellCommand(one.words, line, fault or one.fault))
                continue
            unwrapped = unwrap(words)
            if unwrapped:
                self.found.append(ShellCommand(tuple(unwrapped), line, fault))

    def stripped(self, words: list[str]) -> list[str]:
        """Without words of the shell's own, which say what it is within."""
        while words:
            first = words[0]
            if first in _OPENING:
                self.within.append(first)
            elif first in _CLOSING:
                if self.within:
                    self.within.pop()
            elif first == "then" and self.within:
                self.within[-1] = "a condition"
            elif first == "do" and self.within:
                self.within[-1] = "a loop"
            elif first not in _SKIPPED and not _ASSIGNMENT.match(first):
                return words
            if first in ("for", "case", "select"):
                return []
            words = words[1:]
        return words

    def set(self, options: Sequence[str]) -> None:
        words = " ".join(options)
        if re.search(r"(^| )-\w*e", words):
            self.errexit = True
        if re.search(r"(^| )\+\w*e", words):
            self.errexit = False
        if "pipefail" in words:
            self.pipefail = "+o pipefail" not in words

    def fault(self, parts: list[tuple[list[str], str]], index: int, *, last: bool) -> str:
        """Why the failure of a command does not end the script."""
        _, joint = parts[index]
        if self.within:
            inside = self.within[-1]
            if inside in ("if", "while", "until"):
                return f"it is the condition of `{inside}`"
            return f"it is within {inside}"
        if joint in ("|", "|&") and not self.pipefail:
            end = next(
                (i for i in range(index, len(parts)) if parts[i][1] not in ("|", "|&")), index
            )
            name = parts[end][0][0] if parts[end][0] else "another command"
            return f"its output goes to `{name}`, whose exit code counts"
        while joint in ("|", "|&") and index + 1 < len(parts):
            index += 1
            joint = parts[index][1]
        if joint == "&":
            return "it runs in the background"
        if joint == "||":
            following = parts[index + 1][0] if index + 1 < len(parts) else []
            following = [word for word in following if word not in ("(", "{")]
            fails = following[:1] == ["false"] or (
                following[:1] == ["exit"] and following[1:2] not in (["0"], [])
            )
            return "" if fails else f"`|| {' '.join(following)}` hides its failure"
        final = last and index == len(parts) - 1
        if joint == "&&" and not last:
            return "what follows `&&` is left out where it fails, and the script goes on"
        if not self.errexit and not (final or (joint == "&&" and last)):
            return "the script goes on after it"
        return ""


def _logical(script: str) -> Iterator[tuple[int, str]]:
    """Lines with those that continue them, without comments and here-documents."""
    lines = script.split("\n")
    number = 0
    while number < len(lines):
        start, text = number, lines[number].rstrip("\r")
        while text.endswith("\\") and number + 1 < len(lines):
            number += 1
            text = text[:-1] + " " + lines[number].strip("\r")
        while _is_open(text) and number + 1 < len(lines):  # a quote over several lines
            number += 1
            text += "\n" + lines[number].strip("\r")
        here = _HEREDOC.search(text)
        if here is not None:
            text = text[: here.start()] + text[here.end() :]
            while number + 1 < len(lines) and lines[number + 1].strip() != here[2]:
                number += 1
            number += 1
        text = re.sub(r"(^|\s)#.*", "", text).strip()
        if text:
            yield start, text
        number += 1


def _is_open(text: str) -> bool:
    try:
        shlex.split(text, comments=True)
    except ValueError:
        return True
    return False


def _split(tokens: Sequence[str]) -> list[tuple[list[str], str]]:
    """Commands, and what joins each to the next."""
    parts: list[tuple[list[str], str]] = []
    words: list[str] = []
    skip = False
    for token in tokens:
        if skip:  # where output goes
            skip = False
        elif token in _JOINTS:
            parts.append((words, token))
            words = []
        elif token and set(token) <= set("()"):
            continue  # a shell within the shell ends as it does
        elif token and set(token) <= set("<>&"):
            if words and words[-1].isdecimal():
                words.pop()
            skip = True
        else:
            words.append(token)
    if words:
        parts.append((words, ""))
    return parts


def _inner(words: Sequence[str]) -> tuple[str, bool] | None:
    """The script that a shell is given, and whether it ends at the first failure."""
    if words[0].rpartition("/")[2] not in ("bash", "sh", "zsh", "dash"):
        return None
    flags = ""
    for index, word in enumerate(words[1:], 1):
        if not word.startswith("-"):
            return None
        flags += word
        if word.endswith("c") and not word.startswith("--") and index + 1 < len(words):
            return words[index + 1], "e" in flags
    return None


def unwrap(words: Sequence[str]) -> list[str]:
    """A command without what it is only wrapped in: ``uv run``, ``sudo``, ``python -m``."""
    rest = list(words)
    while rest:
        if _ASSIGNMENT.match(rest[0]):
            rest = rest[1:]
            continue
        rest[0] = rest[0].rpartition("/")[2] if not rest[0].startswith("./") else rest[0]
        wrapper = next((w for w in _WRAPPERS if tuple(rest[: len(w)]) == w), None)
        if wrapper is not None:
            rest = _after_options(rest[len(wrapper) :], _WRAPPERS[wrapper])
            if wrapper == ("timeout",):
                rest = rest[1:]
        elif _PYTHON.fullmatch(rest[0]) and "-m" in rest[:4]:
            rest = rest[rest.index("-m") + 1 :]
        else:
            return rest
    return rest


def _after_options(words: list[str], valued: set[str]) -> list[str]:
    while words and words[0].startswith("-"):
        if words[0] == "--":
            return words[1:]
        words = words[2:] if words[0] in valued else words[1:]
    return words
