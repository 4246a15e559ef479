"""The functions that the library calls, and the objects that they are for.

There is one C function for each kind of callback in the whole process, and it is never freed. The library's `user` is a
number: the place of the object in a table, which the finalizer takes out. So nothing can be called that is gone, and
an object lives exactly as long as the library may speak of it.
"""

from __future__ import annotations

import ctypes
import itertools
import logging
import os
import threading
from typing import Any, Callable, Dict, Optional, TypeVar

from . import _abi
from .codes import Direction

logger = logging.getLogger("cryo")
_F = TypeVar("_F", bound=Callable[..., None])

_targets: Dict[int, Any] = {}
_numbers = itertools.count(1)
_emptied = threading.Condition(threading.RLock())
_inherited = 0  # what has a number up to here was registered by the process that this one was forked from
_thread = threading.local()
_keep: Callable[[], Any] = getattr(getattr(ctypes, "pythonapi", None), "PyGILState_Ensure", lambda: None)


def registered(target: Any, register: Callable[[int, Any], Any]) -> Any:
    """Puts `target` in the table and calls register(user, finalizer); takes it out again when that fails."""
    number = next(_numbers)
    _targets[number] = target
    try:
        return register(number, finalizer)
    except BaseException:
        _finalized(number)
        raise


def target_of(user: Optional[int]) -> Any:
    """The object that was registered, or None when its finalizer ran."""
    return _targets.get(user or 0)


def any_registered() -> bool:
    """True while the library may speak of an object."""
    return any(number > _inherited for number in list(_targets))


def wait_until_none(seconds: float) -> bool:
    """Waits until no object is registered any more; False when there still are some after so many seconds."""
    with _emptied:
        return _emptied.wait_for(lambda: not any_registered(), seconds)


def _after_fork() -> None:
    """In a child: the library does not speak any more of what its parent has registered."""
    global _emptied, _inherited
    _emptied = threading.Condition(threading.RLock())
    _inherited = max(_targets, default=_inherited)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def keep_thread_state() -> None:
    """On a thread of the library's that calls often: what Python keeps of a thread, which it would make and destroy for
    each call, stays until the program ends. Once for each thread; on one of Python's own it changes nothing."""
    if getattr(_thread, "is_known", False):
        return
    _thread.is_known = True
    if threading.get_ident() not in threading._active:  # type: ignore[attr-defined]
        _keep()


def report(what: str) -> None:
    """Logs the exception being handled. An application's mistake ends nothing."""
    logger.exception("%s raised an exception", what)


def _finalized(number: Optional[int]) -> None:
    target = _targets.pop(number or 0, None)
    if not any_registered():
        with _emptied:
            _emptied.notify_all()
    del target  # may run a destructor of the application's: not while the condition is held


def _native(kind: Any) -> Callable[[_F], Any]:
    """Decorator: makes a C function of this kind."""
    make: Callable[[_F], Any] = kind
    return make


@_native(_abi.finalizer_fn)
def finalizer(user: Optional[int]) -> None:
    _finalized(user)


@_native(_abi.log_fn)
def log(level: int, message: bytes, user: Optional[int]) -> None:
    target = target_of(user)
    if target is not None:
        target(level, message)


@_native(_abi.validate_fn)
def validate(auth: int, token: int, length: int, user: Optional[int]) -> None:
    target = target_of(user)
    if target is not None:
        target.validate(auth, token, length)


@_native(_abi.listening_fn)
def on_listening(_server: int, host: bytes, port: int, user: Optional[int]) -> None:
    target = target_of(user)
    if target is not None:
        target.listening(host, port)


@_native(_abi.session_fn)
def on_session(session: int, user: Optional[int]) -> None:
    target = target_of(user)
    if target is not None:
        target.session(session)


@_native(_abi.server_fn)
def posted_to_server(_server: int, user: Optional[int]) -> None:
    target = target_of(user)
    if target is not None:
        target()


@_native(_abi.session_fn)
def posted_to_session(_session: int, user: Optional[int]) -> None:
    target = target_of(user)
    if target is not None:
        target()


@_native(_abi.message_fn)
def on_message(session: int, kind: int, data: int, length: int, user: Optional[int]) -> None:
    target = target_of(user)
    if target is not None:
        target.message(session, kind, data, length)


@_native(_abi.closed_fn)
def on_closed(session: int, code: int, reason: bytes, user: Optional[int]) -> None:
    target = target_of(user)
    if target is not None:
        target.closed(session, code, reason)


@_native(_abi.stat_fn)
def on_stat(session: int, stat: int, value: float, user: Optional[int]) -> None:
    target = target_of(user)
    if target is not None:
        target.stat(session, stat, value)


@_native(_abi.disconnected_fn)
def on_disconnected(session: int, code: int, reason: bytes, user: Optional[int]) -> None:
    target = target_of(user)
    if target is not None:
        target.disconnected(session, code, reason)


@_native(_abi.reconnected_fn)
def on_reconnected(session: int, user: Optional[int]) -> None:
    target = target_of(user)
    if target is not None:
        target.reconnected(session)


@_native(_abi.attempt_failed_fn)
def on_attempt_failed(
    session: int, status: Any, http_status: int, text: bytes, retry_ms: int, user: Optional[int]
) -> None:
    target = target_of(user)
    if target is not None:
        target.attempt_failed(session, status.value, http_status, text, retry_ms)


@_native(_abi.lost_fn)
def on_lost(session: int, kind: int, data: int, length: int, user: Optional[int]) -> None:
    target = target_of(user)
    if target is not None:
        target.lost(session, kind, data, length)


@_native(_abi.dropped_fn)
def on_dropped(session: int, reason: int, kind: int, data: int, length: int, user: Optional[int]) -> None:
    target = target_of(user)
    if target is not None:
        target.dropped(session, reason, kind, data, length)


@_native(_abi.writable_fn)
def on_writable(session: int, user: Optional[int]) -> None:
    target = target_of(user)
    if target is not None:
        target.writable(session)


@_native(_abi.receipt_fn)
def on_receipt(session: int, number: int, outcome: int, rtt_ms: float, by: bytes, user: Optional[int]) -> None:
    target = target_of(user)
    if target is not None:
        target.receipt(session, number, outcome, rtt_ms, by)


@_native(_abi.token_fn)
def want_token(request: int, user: Optional[int]) -> None:
    target = target_of(user)
    if target is not None:
        target.token(request)


# A hook is told its direction by the function that is called: the library does not pass it.


@_native(_abi.hook_fn)
def before_send(hook: int, session: int, kind: int, data: int, length: int, user: Optional[int]) -> None:
    target = target_of(user)
    if target is not None:
        target.hook(Direction.BEFORE_SEND, hook, session, kind, data, length)


@_native(_abi.hook_fn)
def on_receive(hook: int, session: int, kind: int, data: int, length: int, user: Optional[int]) -> None:
    target = target_of(user)
    if target is not None:
        target.hook(Direction.ON_RECEIVE, hook, session, kind, data, length)


hooks = {Direction.BEFORE_SEND: before_send, Direction.ON_RECEIVE: on_receive}


@_native(_abi.extension_fn)
def on_register(_name: bytes, user: Optional[int]) -> None:
    target = target_of(user)
    if target is not None:
        target.registered()


@_native(_abi.extension_fn)
def on_unregister(_name: bytes, user: Optional[int]) -> None:
    target = target_of(user)
    if target is not None:
        target.unregistered()
