"""A certificate authority of a test's own, for fake servers that speak TLS."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import trustme


class Authority:
    """Signs certificates of fake servers. Needs the package ``trustme``."""

    def __init__(self) -> None:
        """Make an authority that nobody trusts yet.

        Raises:
            ModuleNotFoundError: ``trustme`` is not installed.
        """
        import trustme

        self._authority: trustme.CA = trustme.CA()

    def write_pem(self, path: str) -> str:
        """Write the authority's own certificate into a file, for ``SSL_CERT_FILE``.

        Returns:
            The path.
        """
        self._authority.cert_pem.write_to_path(path)
        return path

    def server_context(self, host: str) -> ssl.SSLContext:
        """What a server needs to speak TLS.

        Args:
            host: name or address that the certificate is for.
        """
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert(host).configure_cert(context)
        return context
