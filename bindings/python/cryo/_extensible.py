"""What servers and clients have in common of their extensions."""

from __future__ import annotations

import inspect
import threading
from typing import Any, Callable, List, Optional

from . import _callbacks
from ._ffi import lib, new_handle, read_bytes, to_text
from .codes import Direction, MessageKind, Status
from .errors import Exists, HandleError, NotFound, state_error
from .events import message_of
from .extension import HOOKS, Extension, OnHook
from .hook import Hook, let_go, reason_of, settle
from .session import SessionTable


class Extensible:
    """For a server or a client: what is added before it has a handle is added when it gets one."""

    _handle: Optional[int]
    _started: bool
    _sessions: SessionTable
    _lock: threading.Lock
    _library_name = ""  # "server" or "client", as in the names of the library's functions
    # How a hook is run; in an event loop, it is handed over to that.
    _run_hook: Optional[Callable[[OnHook, List[Hook]], None]] = None

    def add_extension(self, extension: Extension) -> None:
        """Adds an extension behind those that are there, before the start or at any time after it.

        Raises :class:`cryo.Exists` when one of that name is there, InvalidError for a name or a time-out that is none.
        """
        with self._lock:
            if not self._started:
                if any(each.name == extension.name for each in self._extensions()):
                    raise Exists(Status.ERR_EXISTS, "CRYO_ERR_EXISTS", f"there is an extension {extension.name!r}")
                lib.cryo_extension_free(self._new_extension(extension))  # a mistake is told here
                self._extensions().append(extension)
                return
        try:
            self._add_to(self._handle, extension)
        except HandleError:
            raise state_error(f"the {self._library_name} is closed") from None

    def remove_extension(self, name: str) -> None:
        """Takes it out: messages pass by from now on; tickets that are out still count. Raises :class:`cryo.NotFound`."""
        with self._lock:
            before = len(self._extensions())
            self._added = [each for each in self._extensions() if each.name != name]
            if not self._started:
                if len(self._added) == before:
                    raise NotFound(Status.ERR_NOT_FOUND, "CRYO_ERR_NOT_FOUND", f"there is no extension {name!r}")
                return
        try:
            self._function("remove")(self._handle, to_text(name))
        except HandleError:
            raise state_error(f"the {self._library_name} is closed") from None

    def find_extension(self, name: str) -> Optional[Extension]:
        """The extension of that name, or None."""
        with self._lock:
            if not self._started:
                return next((each for each in self._extensions() if each.name == name), None)
        try:
            found = new_handle(self._function("find"), self._handle, to_text(name))
        except (NotFound, HandleError):
            return None
        try:
            calls = _callbacks.target_of(lib.cryo_extension_user(found))
            return calls.extension if isinstance(calls, _HookCalls) else None
        finally:
            lib.cryo_extension_free(found)

    # --- for the kinds of them

    def _add_extensions_to(self, handle: int) -> None:
        """Of those that were added before there was a handle."""
        for extension in self._extensions():
            self._add_to(handle, extension)

    def _caught(self, error: BaseException, what: str) -> None:
        """An exception left application code."""
        raise NotImplementedError

    # --- inside

    _added: Optional[List[Extension]] = None

    def _extensions(self) -> List[Extension]:
        if self._added is None:
            self._added = []
        return self._added

    def _function(self, what: str) -> Callable[..., int]:
        function: Callable[..., int] = getattr(lib, f"cryo_{self._library_name}_{what}_extension")
        return function

    def _add_to(self, handle: Optional[int], extension: Extension) -> None:
        made = self._new_extension(extension)
        try:
            self._function("add")(handle, made)
        finally:
            lib.cryo_extension_free(made)

    def _new_extension(self, extension: Extension) -> int:
        name = to_text(extension.name)
        made: int = _callbacks.registered(
            _HookCalls(self, extension),
            lambda user, finalizer: new_handle(lib.cryo_extension_new, name, user, finalizer),
        )
        try:
            lib.cryo_extension_set_timeout_ms(made, extension.timeout_ms)
            lib.cryo_extension_set_on_failure(made, extension.on_failure)
            for hook in extension._hooks():
                direction, kind = HOOKS[hook]
                lib.cryo_extension_set_hook(made, direction, kind, _callbacks.hooks[direction])
            lib.cryo_extension_on_register(made, _callbacks.on_register)
            lib.cryo_extension_on_unregister(made, _callbacks.on_unregister)
        except BaseException:
            lib.cryo_extension_free(made)
            raise
        return made


class _HookCalls:
    """Takes the library's tickets to the hooks of one extension of one server or client."""

    def __init__(self, owner: Extensible, extension: Extension) -> None:
        self._owner = owner
        self.extension = extension
        self._hooks = {HOOKS[name]: function for name, function in extension._hooks().items()}

    def hook(self, direction: int, ticket: int, session: int, kind: int, address: int, length: int) -> None:
        owner = self._owner
        message = message_of(kind, read_bytes(address, length))
        held = [Hook(ticket, owner._sessions.borrowed(session), Direction(direction), message)]
        function = self._hooks[Direction(direction), MessageKind(kind)]
        try:
            if owner._run_hook is not None:
                return owner._run_hook(function, held)
            settle(held[0], no_awaitable(function(held[0].session, held[0])))
        except BaseException as error:
            if held:
                held[0].fail(reason_of(error))
            owner._caught(error, f"a hook of the extension {self.extension.name!r}")
        let_go(held)

    def registered(self) -> None:
        self._tell(self.extension.on_register, "on_register")

    def unregistered(self) -> None:
        self._tell(self.extension.on_unregister, "on_unregister")

    def _tell(self, function: Callable[[], Any], what: str) -> None:
        try:
            function()
        except BaseException as error:
            self._owner._caught(error, f"{what} of the extension {self.extension.name!r}")


def no_awaitable(answer: Any) -> Any:
    """The answer, unless it is one that only an event loop can wait for."""
    if inspect.iscoroutine(answer):
        answer.close()
        raise TypeError("an async hook needs an event loop: see cryo.aio")
    return answer
