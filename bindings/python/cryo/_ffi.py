"""Every function of cryo.h with its types, and what is needed to call them.

A ``cryo_status`` is checked on the way back: a negative one is raised as :class:`cryo.Error`. Handles are integers,
None for NULL. Python's lock is not held during a call: calls may wait for callbacks.
"""

from __future__ import annotations

import ctypes
import math
from ctypes import (
    CFUNCTYPE,
    POINTER,
    c_char_p,
    c_double,
    c_int32,
    c_int64,
    c_size_t,
    c_uint16,
    c_uint32,
    c_uint64,
    c_void_p,
)
from typing import Any, Callable, Dict, List, Optional, Tuple

from ._library import open_library
from .errors import error_for


class status(c_int32):
    """``cryo_status``, told apart from other numbers so that it is checked."""


handle = c_void_p
handle_out = POINTER(c_void_p)
size_out = POINTER(c_size_t)
double_out = POINTER(c_double)
text = c_char_p  # NUL-terminated UTF-8
data = c_char_p  # bytes with a length beside them: `bytes`, or None for NULL
buffer = c_char_p  # written by the library: create_string_buffer(), or None for NULL
user = c_void_p

# What the library calls. Bytes with a length come as an address (c_void_p): they may hold NULs.
finalizer_fn = CFUNCTYPE(None, user)
log_fn = CFUNCTYPE(None, c_int32, text, user)
status_out = POINTER(status)
listening_fn = CFUNCTYPE(None, handle, text, c_uint16, user)
session_fn = CFUNCTYPE(None, handle, user)
message_fn = CFUNCTYPE(None, handle, c_int32, c_void_p, c_size_t, user)
closed_fn = CFUNCTYPE(None, handle, c_int32, text, user)
stat_fn = CFUNCTYPE(None, handle, c_int32, c_double, user)
validate_fn = CFUNCTYPE(None, handle, c_void_p, c_size_t, user)
disconnected_fn = CFUNCTYPE(None, handle, c_int32, text, user)
reconnected_fn = CFUNCTYPE(None, handle, user)
attempt_failed_fn = CFUNCTYPE(None, handle, status, c_int32, text, c_int64, user)
lost_fn = CFUNCTYPE(None, handle, c_int32, c_void_p, c_size_t, user)
dropped_fn = CFUNCTYPE(None, handle, c_int32, c_int32, c_void_p, c_size_t, user)
writable_fn = CFUNCTYPE(None, handle, user)
receipt_fn = CFUNCTYPE(None, handle, c_uint64, c_int32, c_double, text, user)
token_fn = CFUNCTYPE(None, handle, user)
hook_fn = CFUNCTYPE(None, handle, handle, c_int32, c_void_p, c_size_t, user)
extension_fn = CFUNCTYPE(None, text, user)
server_fn = CFUNCTYPE(None, handle, user)
visit_fn = CFUNCTYPE(None, c_void_p, user)

# NULL instead of a function.
no_finalizer: Any = ctypes.cast(0, finalizer_fn)
no_log: Any = ctypes.cast(0, log_fn)
no_token_provider: Any = ctypes.cast(0, token_fn)

_TEXT_OUT: List[Any] = [handle, buffer, c_size_t, size_out]
_OPTION_U32: List[Any] = [handle, c_uint32]
_OPTION_U64: List[Any] = [handle, c_uint64]

FUNCTIONS: Dict[str, Tuple[Any, List[Any]]] = {
    # version
    "cryo_version": (c_uint32, []),
    "cryo_abi_version": (c_uint32, []),
    "cryo_version_string": (text, []),
    "cryo_build_info": (text, []),
    # status and log
    "cryo_status_name": (text, [status]),
    "cryo_last_error": (text, []),
    "cryo_set_log": (status, [c_int32, log_fn, user, finalizer_fn]),
    # events
    "cryo_events_new": (status, [user, finalizer_fn, handle_out]),
    "cryo_events_free": (None, [handle]),
    "cryo_events_on_listening": (status, [handle, listening_fn]),
    "cryo_events_on_session": (status, [handle, session_fn]),
    "cryo_events_on_message": (status, [handle, message_fn]),
    "cryo_events_on_closed": (status, [handle, closed_fn]),
    "cryo_events_on_stat": (status, [handle, stat_fn]),
    "cryo_events_on_disconnected": (status, [handle, disconnected_fn]),
    "cryo_events_on_reconnected": (status, [handle, reconnected_fn]),
    "cryo_events_on_attempt_failed": (status, [handle, attempt_failed_fn]),
    "cryo_events_on_lost": (status, [handle, lost_fn]),
    "cryo_events_on_dropped": (status, [handle, dropped_fn]),
    "cryo_events_on_writable": (status, [handle, writable_fn]),
    "cryo_events_on_receipt": (status, [handle, receipt_fn]),
    "cryo_events_use_queue": (status, [handle, handle]),
    # server options
    "cryo_server_options_new": (status, [handle_out]),
    "cryo_server_options_free": (None, [handle]),
    "cryo_server_options_set_host": (status, [handle, text]),
    "cryo_server_options_set_port": (status, [handle, c_uint16]),
    "cryo_server_options_set_threads": (status, _OPTION_U32),
    "cryo_server_options_set_validator": (status, [handle, validate_fn, user, finalizer_fn]),
    "cryo_server_options_set_events": (status, [handle, handle]),
    "cryo_server_options_set_tls_files": (status, [handle, text, text]),
    "cryo_server_options_set_tls_memory": (status, [handle, data, c_size_t, data, c_size_t]),
    "cryo_server_options_add_tls_files": (status, [handle, text, text]),
    "cryo_server_options_add_tls_memory": (status, [handle, data, c_size_t, data, c_size_t]),
    "cryo_server_options_set_tls_min_version": (status, [handle, c_int32]),
    "cryo_server_options_set_tls_client_ca_file": (status, [handle, text]),
    "cryo_server_options_set_tls_client_ca_memory": (status, [handle, data, c_size_t]),
    "cryo_server_options_set_tls_require_client_certificate": (status, [handle, c_int32]),
    "cryo_server_options_add_tls_ocsp_file": (status, [handle, text]),
    "cryo_server_options_set_tls_ticket_keys": (status, [handle, data, c_size_t]),
    "cryo_server_options_set_cale": (status, [handle, c_int32]),
    "cryo_server_options_set_reuse_port": (status, [handle, c_int32]),
    "cryo_server_options_set_transport": (status, [handle, c_int32]),
    "cryo_server_options_set_cale_timeout_ms": (status, _OPTION_U32),
    "cryo_server_options_set_keepalive_ms": (status, _OPTION_U32),
    "cryo_server_options_set_stall_timeout_ms": (status, _OPTION_U32),
    "cryo_server_options_set_ack_timeout_ms": (status, _OPTION_U32),
    "cryo_server_options_set_head_timeout_ms": (status, _OPTION_U32),
    "cryo_server_options_set_validation_timeout_ms": (status, _OPTION_U32),
    "cryo_server_options_set_hello_wait_ms": (status, _OPTION_U32),
    "cryo_server_options_set_close_timeout_ms": (status, _OPTION_U32),
    "cryo_server_options_set_message_timeout_ms": (status, _OPTION_U32),
    "cryo_server_options_set_min_message_rate": (status, _OPTION_U32),
    "cryo_server_options_set_max_message_bytes": (status, _OPTION_U64),
    "cryo_server_options_set_max_fragments": (status, _OPTION_U32),
    "cryo_server_options_set_max_violations": (status, _OPTION_U32),
    "cryo_server_options_set_high_water_mark": (status, _OPTION_U64),
    "cryo_server_options_set_low_water_mark": (status, _OPTION_U64),
    "cryo_server_options_set_max_queued_bytes": (status, _OPTION_U64),
    "cryo_server_options_set_max_queue_count": (status, _OPTION_U32),
    "cryo_server_options_set_drop_policy": (status, [handle, c_int32]),
    "cryo_server_options_set_duplicate_policy": (status, [handle, c_int32]),
    "cryo_server_options_set_probe_timeout_ms": (status, [handle, c_uint32]),
    "cryo_server_options_set_resume_window_ms": (status, [handle, c_uint32]),
    "cryo_server_options_set_max_away_sessions": (status, [handle, c_uint32]),
    "cryo_server_options_set_max_total_queued_bytes": (status, _OPTION_U64),
    "cryo_server_options_set_max_receipts": (status, _OPTION_U32),
    "cryo_server_options_set_max_sessions": (status, _OPTION_U32),
    "cryo_server_options_set_max_sessions_per_address": (status, _OPTION_U32),
    "cryo_server_options_set_max_pending_validations": (status, _OPTION_U32),
    "cryo_server_options_set_health": (status, [handle, c_int32]),
    "cryo_server_options_set_metrics": (status, [handle, c_int32, text]),
    "cryo_server_options_add_allowed_origin": (status, [handle, text]),
    "cryo_server_options_add_session_header": (status, [handle, text]),
    "cryo_server_options_set_max_attempts_per_address": (status, _OPTION_U32),
    "cryo_server_options_set_max_failed_tokens_per_address": (status, _OPTION_U32),
    "cryo_server_options_set_address_window_ms": (status, _OPTION_U32),
    "cryo_server_options_set_manual_ack": (status, [handle, c_int32]),
    "cryo_server_options_set_max_unacknowledged": (status, _OPTION_U32),
    "cryo_server_options_set_socket_mode": (status, _OPTION_U32),
    "cryo_server_options_set_listen_fd": (status, [handle, c_int32]),
    "cryo_server_options_set_max_head_bytes": (status, _OPTION_U32),
    "cryo_server_options_add_trusted_proxy": (status, [handle, text]),
    "cryo_server_options_set_forwarded_header": (status, [handle, c_int32]),
    "cryo_server_options_set_proxy_protocol": (status, [handle, c_int32]),
    # server
    "cryo_server_post": (status, [handle, server_fn, user, finalizer_fn]),
    "cryo_server_post_after_ms": (status, [handle, c_uint32, server_fn, user, finalizer_fn]),
    "cryo_server_new": (status, [handle, handle_out]),
    "cryo_server_start": (status, [handle]),
    "cryo_server_port": (c_uint16, [handle]),
    "cryo_server_transport": (c_int32, [handle]),
    "cryo_server_run_once": (status, [handle, c_int32]),
    "cryo_server_fd": (c_int32, [handle]),
    "cryo_server_timeout_ms": (c_int32, [handle]),
    "cryo_server_set_tls": (status, [handle, handle]),
    "cryo_server_set_tls_ticket_keys": (status, [handle, data, c_size_t]),
    "cryo_server_stop": (status, [handle]),
    "cryo_server_wake": (status, [handle]),
    "cryo_server_drain": (status, [handle, c_uint32, c_uint32]),
    "cryo_server_drain_with": (status, [handle, c_uint32, c_uint32, c_int32, text, c_uint32]),
    "cryo_server_wait": (status, [handle, c_int32]),
    "cryo_server_stat": (status, [handle, c_int32, c_int32, double_out]),
    "cryo_server_metrics": (status, _TEXT_OUT),
    "cryo_server_free": (None, [handle]),
    "cryo_server_session_count": (c_size_t, [handle]),
    "cryo_server_sessions": (status, [handle, handle_out, c_size_t, size_out]),
    "cryo_server_find_session": (status, [handle, data, handle_out]),
    "cryo_server_connect_peer": (status, [handle, handle, handle_out]),
    "cryo_server_broadcast": (status, [handle, c_int32, data, c_size_t, handle, size_out]),
    # auth
    "cryo_auth_accept": (status, [handle]),
    "cryo_auth_replace": (status, [handle]),
    "cryo_auth_reject": (status, [handle, text]),
    "cryo_auth_token": (status, _TEXT_OUT),
    "cryo_auth_remote_address": (status, _TEXT_OUT),
    "cryo_auth_proxy_address": (status, _TEXT_OUT),
    "cryo_auth_path": (status, _TEXT_OUT),
    "cryo_auth_parameter": (status, [handle, text, buffer, c_size_t, size_out]),
    "cryo_auth_peer_certificate_subject": (status, _TEXT_OUT),
    "cryo_auth_peer_certificate_name": (status, [handle, c_size_t, buffer, c_size_t, size_out]),
    "cryo_auth_peer_certificate_fingerprint": (status, _TEXT_OUT),
    "cryo_auth_header": (status, [handle, text, buffer, c_size_t, size_out]),
    "cryo_auth_accept_with": (status, [handle, user, finalizer_fn]),
    "cryo_auth_set": (status, [handle, text, c_void_p, finalizer_fn]),
    "cryo_auth_set_claim": (status, [handle, text, text]),
    "cryo_auth_set_expiry_ms": (status, [handle, c_int64]),
    "cryo_auth_refuse": (status, [handle, c_int32, text, c_uint32]),
    # session
    "cryo_session_retain": (handle, [handle]),
    "cryo_session_release": (None, [handle]),
    "cryo_session_send": (status, [handle, c_int32, data, c_size_t]),
    "cryo_session_send_with": (status, [handle, c_int32, data, c_size_t, text, c_uint64]),
    "cryo_sessions_send": (status, [handle_out, c_size_t, c_int32, data, c_size_t, status_out, size_out]),
    "cryo_session_pause_reading": (status, [handle]),
    "cryo_session_resume_reading": (status, [handle]),
    "cryo_message_id": (c_uint64, [handle]),
    "cryo_message_ack": (status, [handle, c_uint64]),
    "cryo_session_post": (status, [handle, session_fn, user, finalizer_fn]),
    "cryo_session_post_after_ms": (status, [handle, c_uint32, session_fn, user, finalizer_fn]),
    "cryo_session_ping": (status, [handle]),
    "cryo_session_close": (status, [handle, c_int32, text]),
    "cryo_session_is_open": (c_int32, [handle]),
    "cryo_session_is_peer": (c_int32, [handle]),
    "cryo_session_is_secure": (c_int32, [handle]),
    "cryo_session_id": (status, [handle, buffer]),
    "cryo_session_id_text": (status, _TEXT_OUT),
    "cryo_session_token": (status, _TEXT_OUT),
    "cryo_session_remote_address": (status, _TEXT_OUT),
    "cryo_session_proxy_address": (status, _TEXT_OUT),
    "cryo_session_path": (status, _TEXT_OUT),
    "cryo_session_parameter": (status, [handle, text, buffer, c_size_t, size_out]),
    "cryo_session_peer_certificate_subject": (status, _TEXT_OUT),
    "cryo_session_peer_certificate_name": (status, [handle, c_size_t, buffer, c_size_t, size_out]),
    "cryo_session_peer_certificate_fingerprint": (status, _TEXT_OUT),
    "cryo_session_parameter_at": (
        status,
        [handle, c_size_t, buffer, c_size_t, size_out, buffer, c_size_t, size_out],
    ),
    "cryo_session_header": (status, [handle, text, buffer, c_size_t, size_out]),
    "cryo_session_claim": (status, [handle, text, buffer, c_size_t, size_out]),
    "cryo_session_set_expiry_ms": (status, [handle, c_int64]),
    "cryo_session_stat": (status, [handle, c_int32, double_out]),
    "cryo_session_set_user": (status, [handle, user, finalizer_fn]),
    "cryo_session_user": (user, [handle]),
    "cryo_session_set": (status, [handle, text, c_void_p, finalizer_fn]),
    "cryo_session_get": (status, [handle, text, handle_out]),
    "cryo_session_visit": (status, [handle, text, visit_fn, user]),
    # client options
    "cryo_client_options_new": (status, [handle_out]),
    "cryo_client_options_free": (None, [handle]),
    "cryo_client_options_set_url": (status, [handle, text]),
    "cryo_client_options_set_token": (status, [handle, text]),
    "cryo_client_options_set_token_provider": (status, [handle, token_fn, user, finalizer_fn]),
    "cryo_client_options_set_session_id": (status, [handle, data]),
    "cryo_client_options_add_header": (status, [handle, text, text]),
    "cryo_client_options_set_proxy": (status, [handle, text]),
    "cryo_client_options_use_proxy_from_environment": (status, [handle, c_int32]),
    "cryo_client_options_add_parameter": (status, [handle, text, text]),
    "cryo_client_options_set_events": (status, [handle, handle]),
    "cryo_client_options_set_loop": (status, [handle, handle]),
    "cryo_client_options_set_cale": (status, [handle, c_int32]),
    "cryo_client_options_set_cale_timeout_ms": (status, _OPTION_U32),
    "cryo_client_options_set_tls_ca_file": (status, [handle, text]),
    "cryo_client_options_set_tls_ca_memory": (status, [handle, data, c_size_t]),
    "cryo_client_options_set_tls_system_ca": (status, [handle, c_int32]),
    "cryo_client_options_set_tls_min_version": (status, [handle, c_int32]),
    "cryo_client_options_set_tls_files": (status, [handle, text, text]),
    "cryo_client_options_set_tls_memory": (status, [handle, data, c_size_t, data, c_size_t]),
    "cryo_client_options_set_connect_timeout_ms": (status, _OPTION_U32),
    "cryo_client_options_set_reconnect_initial_ms": (status, _OPTION_U32),
    "cryo_client_options_set_reconnect_max_ms": (status, _OPTION_U32),
    "cryo_client_options_set_reconnect_attempts": (status, _OPTION_U32),
    "cryo_client_options_set_resend": (status, [handle, c_int32]),
    "cryo_client_options_set_keepalive_ms": (status, _OPTION_U32),
    "cryo_client_options_set_stall_timeout_ms": (status, _OPTION_U32),
    "cryo_client_options_set_ack_timeout_ms": (status, _OPTION_U32),
    "cryo_client_options_set_close_timeout_ms": (status, _OPTION_U32),
    "cryo_client_options_set_max_message_bytes": (status, _OPTION_U64),
    "cryo_client_options_set_max_violations": (status, _OPTION_U32),
    "cryo_client_options_set_high_water_mark": (status, _OPTION_U64),
    "cryo_client_options_set_low_water_mark": (status, _OPTION_U64),
    "cryo_client_options_set_max_queued_bytes": (status, _OPTION_U64),
    "cryo_client_options_set_max_queue_count": (status, _OPTION_U32),
    "cryo_client_options_set_drop_policy": (status, [handle, c_int32]),
    "cryo_client_options_set_max_receipts": (status, _OPTION_U32),
    # client
    "cryo_client_new": (status, [handle, handle_out]),
    "cryo_client_start": (status, [handle]),
    "cryo_client_session": (handle, [handle]),
    "cryo_client_close": (status, [handle, c_int32, text]),
    "cryo_client_set_token": (status, [handle, text]),
    "cryo_client_wait": (status, [handle, c_int32]),
    "cryo_client_free": (None, [handle]),
    # tokens
    "cryo_token_give": (status, [handle, text]),
    "cryo_token_fail": (status, [handle, text]),
    # extensions
    "cryo_extension_new": (status, [text, user, finalizer_fn, handle_out]),
    "cryo_extension_free": (None, [handle]),
    "cryo_extension_name": (status, _TEXT_OUT),
    "cryo_extension_user": (user, [handle]),
    "cryo_extension_set_hook": (status, [handle, c_int32, c_int32, hook_fn]),
    "cryo_extension_set_queue": (status, [handle, c_int32, c_int32, handle]),
    "cryo_extension_set_timeout_ms": (status, _OPTION_U32),
    "cryo_extension_set_on_failure": (status, [handle, c_int32]),
    "cryo_extension_on_register": (status, [handle, extension_fn]),
    "cryo_extension_on_unregister": (status, [handle, extension_fn]),
    "cryo_server_add_extension": (status, [handle, handle]),
    "cryo_server_remove_extension": (status, [handle, text]),
    "cryo_server_find_extension": (status, [handle, text, handle_out]),
    "cryo_client_add_extension": (status, [handle, handle]),
    "cryo_client_remove_extension": (status, [handle, text]),
    "cryo_client_find_extension": (status, [handle, text, handle_out]),
    "cryo_hook_pass": (status, [handle]),
    "cryo_hook_replace": (status, [handle, data, c_size_t]),
    "cryo_hook_stop": (status, [handle]),
    "cryo_hook_fail": (status, [handle, text]),
    "cryo_hook_data": (c_void_p, [handle, size_out]),
    "cryo_hook_kind": (c_int32, [handle]),
    "cryo_hook_direction": (c_int32, [handle]),
    "cryo_hook_session": (handle, [handle]),
    # loop
    "cryo_loop_new": (status, [handle_out]),
    "cryo_loop_run_once": (status, [handle, c_int32]),
    "cryo_loop_fd": (c_int32, [handle]),
    "cryo_loop_timeout_ms": (c_int32, [handle]),
    "cryo_loop_wake": (status, [handle]),
    "cryo_loop_free": (None, [handle]),
    # queue
    "cryo_queue_new": (status, [handle_out]),
    "cryo_queue_free": (None, [handle]),
    "cryo_queue_set_capacity": (status, [handle, c_uint32, c_uint64]),
    "cryo_queue_fd": (c_int32, [handle]),
    "cryo_queue_next": (status, [handle, c_int32, handle_out]),
    "cryo_queue_next_many": (status, [handle, c_int32, c_uint32, handle_out, size_out]),
    "cryo_queue_release": (status, [handle, c_void_p]),
    "cryo_queue_wake": (status, [handle]),
    "cryo_event_free": (None, [handle]),
    "cryo_event_kind": (c_int32, [handle]),
    "cryo_event_session": (handle, [handle]),
    "cryo_event_auth": (handle, [handle]),
    "cryo_event_message_kind": (c_int32, [handle]),
    "cryo_event_data": (c_void_p, [handle, size_out]),
    "cryo_event_code": (c_int32, [handle]),
    "cryo_event_text": (text, [handle]),
    "cryo_event_value": (c_double, [handle]),
    "cryo_event_http_status": (c_int32, [handle]),
    "cryo_event_receipt": (c_uint64, [handle]),
    "cryo_event_message_id": (c_uint64, [handle]),
    "cryo_event_hook": (handle, [handle]),
    "cryo_event_token_request": (handle, [handle]),
}


def raise_for(number: int) -> None:
    """Raises the exception for a negative status, with what the library has to say about it."""
    if number < 0:
        said: bytes = lib.cryo_last_error()
        name: bytes = lib.cryo_status_name(number)
        raise error_for(number, name.decode("utf-8", "replace"), said.decode("utf-8", "replace"))


def _check(result: Any, _function: Any, _arguments: Any) -> int:
    number: int = result.value
    raise_for(number)
    return number


def _declare(library: ctypes.CDLL) -> ctypes.CDLL:
    for name, (result, arguments) in FUNCTIONS.items():
        try:
            function = getattr(library, name)
        except AttributeError:
            raise ImportError(f"cryo: the library has no {name}; it is older than this package.") from None
        function.argtypes = arguments
        function.restype = result
        if result is status:
            function.errcheck = _check
    return library


lib: Any = _declare(open_library())


def new_handle(function: Callable[..., int], *arguments: Any) -> int:
    """Calls a function whose last argument is where it writes a handle."""
    out = c_void_p()
    function(*arguments, ctypes.byref(out))
    assert out.value is not None
    return out.value


def read_text(function: Callable[..., int], *arguments: Any) -> str:
    """Calls a function that ends in (out, capacity, len): once for the length, once for the text."""
    length = c_size_t()
    function(*arguments, None, 0, ctypes.byref(length))
    out = ctypes.create_string_buffer(length.value + 1)
    function(*arguments, out, len(out), ctypes.byref(length))
    return out.raw[: length.value].decode("utf-8", "replace")


def read_bytes(address: Optional[int], length: int) -> bytes:
    """A copy of what the library lends."""
    return ctypes.string_at(address, length) if address and length else b""


def to_text(value: str) -> bytes:
    """Text as the library takes it. ValueError when it holds a NUL, which would cut it short."""
    encoded = value.encode("utf-8")
    if b"\0" in encoded:
        raise ValueError("the text must not contain a NUL character")
    return encoded


def to_expiry(seconds: float) -> int:
    """Seconds as int64 milliseconds, rounded down: a token is not good for longer than it says. Infinity is never."""
    most = 2**63 - 1
    if seconds == math.inf:
        return most
    return min(max(math.floor(seconds * 1000), 0), most)


def to_milliseconds(seconds: Optional[float]) -> int:
    """Seconds as the library's int32 milliseconds, rounded up; None is for ever (-1)."""
    if seconds is None or seconds == math.inf:
        return -1
    return min(max(math.ceil(seconds * 1000), 0), 2**31 - 1)
