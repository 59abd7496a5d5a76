"""Architecture decisions about dependencies that check themselves.

The public API is imported when it is first used, so that ``import adhere`` costs nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing itself takes longer to import than Python takes to start
    from adhere.app.check import acheck, check
    from adhere.app.request import Checked, Request

__version__ = "0.1.0"

__all__ = ["Checked", "Request", "__version__", "acheck", "check"]


def __getattr__(name: str) -> object:
    if name in ("acheck", "check"):
        from adhere.app import check

        return getattr(check, name)
    if name in ("Checked", "Request"):
        from adhere.app import request

        return getattr(request, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
