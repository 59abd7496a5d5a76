"""Keys of cached values: ``kind/subject/digest``."""

from __future__ import annotations

from adhere.model.digest import sha256

# A warm run would notice that a regular expression is compiled.
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
_WORD = _LETTERS | frozenset("0123456789")
_LONGEST = 128


def cache_key(kind: str, *parts: str, subject: str = "") -> str:
    """A key that no other kind, subject and parts give.

    Every part carries its length, so that ``("ab", "c")`` and ``("a", "bc")`` differ, and
    all of them are hashed, so that no path, address or secret of a user stands in a cache.

    Args:
        kind: what sort of value; stays readable, for statistics, lifetimes and clearing.
        parts: everything the value depends on: version, decoder's version, digests.
        subject: canonical name of the package that the value is about, ``""`` for none.
            It stays readable, so that what is known of a package can be cleared. A name
            that is not canonical, such as one with a slash, is hashed.

    Raises:
        ValueError: ``kind`` is no word of small letters, digits and underscores.
    """
    if not is_kind(kind):
        raise ValueError(f"{kind!r} is no kind of entry")
    text = "".join(f"{len(part)}:{part}" for part in (subject, *parts))
    return f"{kind}/{subject_part(subject)}/{_hashed(text)}"


def is_kind(word: str) -> bool:
    """Whether a word can be a kind of entry: small letters, digits and underscores."""
    return _LETTERS.issuperset(word[:1]) and _made_of(_WORD | {"_"}, word)


def subject_part(subject: str) -> str:
    """How a subject stands in a key."""
    ends = subject[:1] + subject[-1:]
    if not subject or (_WORD.issuperset(ends) and _made_of(_WORD | {"-"}, subject)):
        return subject
    return f"~{_hashed(subject)}"


def kind_of(key: str) -> str:
    """The kind that a key was made for."""
    return key.partition("/")[0]


def _made_of(letters: frozenset[str], word: str) -> bool:
    return 0 < len(word) <= _LONGEST and letters.issuperset(word)


def _hashed(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
