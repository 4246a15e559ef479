"""The part of Debian's `websockets` package that the tests use, the same with every version of it.

    from websockets_asyncio import ConnectionClosed, connect, serve

It is the package's first interface for asyncio. Up to version 13 `websockets.connect` is that one; from 14 on it is another one,
in which a refusal is another exception, and connections have neither `path` nor `open`. The first one is `websockets.legacy` in
all of them (Debian 12 has 10.4, Debian 13 has 15.0), and importing it warns from 14 on. Tests import it from here only.
"""

import warnings

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", r"websockets\.legacy is deprecated", DeprecationWarning)
    from websockets.legacy.client import InvalidStatusCode, connect
    from websockets.legacy.server import serve

__all__ = ["ConnectionClosed", "InvalidHandshake", "InvalidMessage", "InvalidStatusCode", "connect", "serve"]
