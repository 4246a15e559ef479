"""What can be asked of each kind of server, and said to all of its sessions."""

from __future__ import annotations

import ctypes
import uuid
from typing import List, Optional, Union

from ._ffi import lib, new_handle
from .codes import Status
from .errors import Closed, HandleError, NotFound, StateError
from .session import BytesLike, Session, SessionTable, payload_of


class Asking:
    def __init__(self) -> None:
        self._sessions = SessionTable()
        self._handle: Optional[int] = None
        self._started = False
        self._port = 0

    @property
    def port(self) -> int:
        """The port that it listens on; 0 before the start."""
        return lib.cryo_server_port(self._handle) or self._port

    @property
    def session_count(self) -> int:
        """How many sessions are live: announced and not closed."""
        return int(lib.cryo_server_session_count(self._handle))

    @property
    def sessions(self) -> List[Session]:
        """The live sessions, in no order."""
        capacity, count = self.session_count, ctypes.c_size_t()
        while self._handle is not None:
            capacity += 16  # some may come in between
            handles = (ctypes.c_void_p * capacity)()
            try:
                lib.cryo_server_sessions(self._handle, handles, capacity, ctypes.byref(count))
            except HandleError:
                break
            found = [self._sessions.owned(handle) for handle in handles[: count.value] if handle]
            if count.value <= capacity:
                return found
            capacity = count.value
        return []

    def find(self, session_id: Union[uuid.UUID, str]) -> Optional[Session]:
        """The live session with this id, or None."""
        wanted = session_id if isinstance(session_id, uuid.UUID) else uuid.UUID(session_id)
        try:
            handle = new_handle(lib.cryo_server_find_session, self._handle, wanted.bytes)
        except (NotFound, HandleError):
            return None
        return self._sessions.owned(handle)

    def broadcast(self, message: Union[str, BytesLike], exclude: Optional[Session] = None) -> int:
        """Sends to every live session but `exclude`; those whose queue is full are passed over.

        How many it was sent to: 0 once the server stops. Raises StateError when it was not started.
        """
        kind, payload = payload_of(message)
        count = ctypes.c_size_t()
        but = None if exclude is None else exclude._handle
        try:
            lib.cryo_server_broadcast(self._handle, kind, payload, len(payload), but, ctypes.byref(count))
        except (Closed, HandleError):
            if not self._started:
                raise state_error("the server was not started") from None
            return 0
        return count.value


def state_error(text: str) -> StateError:
    return StateError(Status.ERR_STATE, "CRYO_ERR_STATE", text)
