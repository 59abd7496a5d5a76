"""A message to an address: signed, sent again where that may help, within a deadline.

Whoever receives it can tell that it is ours, and that it is no old one: the signature is over
the moment and the body. Nothing of the address but its host is ever said, because the path
of a webhook is often all that protects it.
"""

from __future__ import annotations

import asyncio
import hmac

from adhere.evidence.attempt import Sender
from adhere.evidence.backoff import Randomness, full_jitter, retry_after
from adhere.evidence.fetch import Fetch
from adhere.evidence.transport import TransportError
from adhere.model.digest import sha256
from adhere.ports import Clock

ATTEMPTS = 5
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_FINAL = frozenset({"certificate", "redirected", "too large", "garbage"})


def signature(secret: bytes, moment: str, body: bytes) -> str:
    """``sha256=`` and the HMAC of ``<moment>.<body>``, in hexadecimal digits."""
    signed = f"{moment}.".encode() + body
    return f"sha256={hmac.new(secret, signed, 'sha256').hexdigest()}"


async def deliver(
    sender: Sender,
    url: str,
    body: bytes,
    secret: bytes,
    *,
    clock: Clock,
    rng: Randomness,
    deadline: float,
) -> str:
    """Send a message until somebody has it.

    Args:
        sender: a transport.
        url: as `adhere.evidence.address.parse_address` returned it.
        body: JSON.
        secret: to sign it with; ``b""`` for a message that is not signed.
        clock: for the moment in it and for the deadline.
        rng: for the waits between attempts.
        deadline: seconds for all attempts.

    Returns:
        Why it was not delivered, as a clause without secrets; ``""`` when it was.
    """
    fetch = Fetch("alert", "", url, "POST", body, _headers(body), limit=65_536, kept=False)
    end = clock.elapsed() + deadline
    why = "there was no time"
    for attempt in range(1, ATTEMPTS + 1):
        left = end - clock.elapsed()
        if left <= 0:
            break
        moment = str(int(clock.now().timestamp()))
        signed = {"X-Adhere-Timestamp": moment}
        if secret:
            signed["X-Adhere-Signature"] = signature(secret, moment, body)
        wait = 0.0
        try:
            async with asyncio.timeout(left):
                answer = await sender.send(fetch, signed)
        except TimeoutError:
            return f"it did not answer within {deadline:g} s"
        except TransportError as error:
            why = f"{error.reason}: {error.detail}"
            if error.reason in _FINAL:
                return why
        else:
            if 200 <= answer.status < 300:
                return ""
            why = f"it answers {answer.status}"
            if answer.status not in _AGAIN:
                return why
            wait = retry_after(answer.headers.get("retry-after", ""), clock.now()) or 0.0
        wait = max(wait, full_jitter(attempt, rng))
        if attempt == ATTEMPTS or clock.elapsed() + wait >= end:
            break
        await asyncio.sleep(wait)
    return why


def _headers(body: bytes) -> tuple[tuple[str, str], ...]:
    # The same message sent twice is one: whoever got it and could not say so knows it again.
    return (
        ("Content-Type", "application/json"),
        ("X-Adhere-Delivery", sha256(body).hexdigest()[:32]),
    )
