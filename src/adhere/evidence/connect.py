"""A transport for what was chosen, made when something has to be asked."""

from __future__ import annotations

from collections.abc import Callable

from adhere.evidence.attempt import Sender
from adhere.evidence.index.choice import Choice


def opener(
    choice: Choice,
    *,
    user_agent: str,
    connections: int,
    hosts: frozenset[str] = frozenset(),
) -> Callable[[], Sender]:
    """What opens it.

    Args:
        choice: of indexes, with credentials, certificates and proxy.
        user_agent: who we are, with a version: ``adhere/1.0``.
        connections: at once.
        hosts: beside those of the indexes, that redirects may lead to.
    """

    def opened() -> Sender:
        from adhere.evidence.index.certificates import make_context
        from adhere.evidence.index.credentials import from_keyring
        from adhere.evidence.transport import Settings, Transport

        return Transport(
            Settings(
                user_agent=user_agent,
                context=make_context(choice.authorities),
                connections=connections,
                proxy=choice.proxy.value if choice.proxy is not None else "",
                hosts=choice.hosts | hosts,
                logins=choice.logins,
                ask_login=from_keyring,
            )
        )

    return opened
