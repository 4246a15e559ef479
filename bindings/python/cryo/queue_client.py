"""A client whose events are pulled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional, Tuple

from ._base_client import BaseClient
from ._pulled import Pulled
from .options import ClientOptions

if TYPE_CHECKING:
    from typing_extensions import Unpack


class QueueClient(Pulled, BaseClient):
    """A client that calls nothing: its events wait in a queue until you take them, on any thread.

    ::

        with cryo.QueueClient("ws://localhost:8080", "MySuperSecretToken") as client:
            for event in client.events():
                if isinstance(event, cryo.MessageEvent):
                    event.session.send(event.message)

    :class:`cryo.SessionEvent` says that it is connected for the first time. `queue_capacity` is as for
    :class:`cryo.QueueServer`. With `token_from_queue` and no token, :class:`cryo.TokenEvent` asks for one before each
    attempt to connect. For the other keywords see :class:`cryo.ClientOptions`.
    """

    def __init__(
        self,
        url: str,
        token: str = "",
        *,
        queue_capacity: Optional[Tuple[int, int]] = None,
        **options: "Unpack[ClientOptions]",
    ) -> None:
        super().__init__(url, token, **options)
        self._set_queue_capacity(queue_capacity)
