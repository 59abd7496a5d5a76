"""The one way in which a decoder refuses what came from outside."""


class Garbage(ValueError):  # noqa: N818 - the name of what it is, not of a mistake of ours
    """An answer is not what its format says. It is never stored, and never a verdict."""
