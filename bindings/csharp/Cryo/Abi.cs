// The functions of cryo.h. Written by bindings/api/update.py; do not edit.

using System;
using System.Runtime.InteropServices;

namespace Cryo
{
    internal static class Abi
    {
        internal const uint Version = 1;
        internal const string File = "libcryo.so.1";

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern uint cryo_version();

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern uint cryo_abi_version();

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr cryo_version_string();

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr cryo_build_info();

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr cryo_status_name(int status);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr cryo_last_error();

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_set_log(int level, IntPtr fn, IntPtr user, IntPtr finalizer);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_events_new(IntPtr user, IntPtr finalizer, out IntPtr result);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern void cryo_events_free(IntPtr events);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_events_on_listening(Handle events, IntPtr fn);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_events_on_session(Handle events, IntPtr fn);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_events_on_message(Handle events, IntPtr fn);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_events_on_closed(Handle events, IntPtr fn);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_events_on_stat(Handle events, IntPtr fn);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_events_on_disconnected(Handle events, IntPtr fn);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_events_on_reconnected(Handle events, IntPtr fn);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_events_on_attempt_failed(Handle events, IntPtr fn);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_events_on_lost(Handle events, IntPtr fn);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_events_on_dropped(Handle events, IntPtr fn);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_events_on_writable(Handle events, IntPtr fn);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_events_on_receipt(Handle events, IntPtr fn);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_events_use_queue(Handle events, Handle queue);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_new(out IntPtr result);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern void cryo_server_options_free(IntPtr options);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_host(Handle options, byte[] host);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_port(Handle options, ushort port);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_reuse_port(Handle options, int on);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_socket_mode(Handle options, uint mode);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_listen_fd(Handle options, int fd);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_transport(Handle options, int transport);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_threads(Handle options, uint threads);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_validator(Handle options, IntPtr fn, IntPtr user, IntPtr
            finalizer);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_events(Handle options, Handle events);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_tls_files(Handle options, byte[] certificateFile, byte[]
            keyFile);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_tls_memory(Handle options, byte[] certificate, UIntPtr
            certificateLen, byte[] key, UIntPtr keyLen);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_add_tls_files(Handle options, byte[] certificateFile, byte[]
            keyFile);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_add_tls_memory(Handle options, byte[] certificate, UIntPtr
            certificateLen, byte[] key, UIntPtr keyLen);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_tls_min_version(Handle options, int version);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_tls_client_ca_file(Handle options, byte[] file);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_tls_client_ca_memory(Handle options, byte[] pem, UIntPtr
            len);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_tls_require_client_certificate(Handle options, int on);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_add_tls_ocsp_file(Handle options, byte[] file);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_tls_ticket_keys(Handle options, byte[] keys, UIntPtr len);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_cale(Handle options, int on);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_cale_timeout_ms(Handle options, uint ms);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_keepalive_ms(Handle options, uint ms);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_stall_timeout_ms(Handle options, uint ms);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_ack_timeout_ms(Handle options, uint ms);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_head_timeout_ms(Handle options, uint ms);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_max_head_bytes(Handle options, uint bytes);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_add_trusted_proxy(Handle options, byte[] network);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_forwarded_header(Handle options, int which);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_proxy_protocol(Handle options, int on);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_validation_timeout_ms(Handle options, uint ms);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_hello_wait_ms(Handle options, uint ms);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_close_timeout_ms(Handle options, uint ms);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_message_timeout_ms(Handle options, uint ms);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_min_message_rate(Handle options, uint bytesPerSecond);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_max_message_bytes(Handle options, ulong bytes);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_max_fragments(Handle options, uint count);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_max_violations(Handle options, uint count);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_high_water_mark(Handle options, ulong bytes);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_low_water_mark(Handle options, ulong bytes);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_max_queued_bytes(Handle options, ulong bytes);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_max_queue_count(Handle options, uint count);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_drop_policy(Handle options, int policy);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_max_total_queued_bytes(Handle options, ulong bytes);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_max_receipts(Handle options, uint count);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_max_sessions(Handle options, uint count);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_max_sessions_per_address(Handle options, uint count);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_duplicate_policy(Handle options, int policy);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_probe_timeout_ms(Handle options, uint ms);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_resume_window_ms(Handle options, uint ms);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_max_away_sessions(Handle options, uint count);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_max_pending_validations(Handle options, uint count);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_health(Handle options, int on);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_metrics(Handle options, int on, byte[] token);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_manual_ack(Handle options, int on);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_max_unacknowledged(Handle options, uint count);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_add_allowed_origin(Handle options, byte[] origin);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_add_session_header(Handle options, byte[] name);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_max_attempts_per_address(Handle options, uint count);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_max_failed_tokens_per_address(Handle options, uint count);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_options_set_address_window_ms(Handle options, uint ms);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_new(Handle options, out IntPtr result);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_start(Handle server);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern ushort cryo_server_port(Handle server);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_transport(Handle server);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_run_once(Handle server, int timeoutMs);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_wake(Handle server);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_fd(Handle server);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_timeout_ms(Handle server);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_set_tls(Handle server, Handle options);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_set_tls_ticket_keys(Handle server, byte[] keys, UIntPtr len);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_stop(Handle server);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_drain(Handle server, uint deadlineMs, uint batchMs);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_drain_with(Handle server, uint deadlineMs, uint batchMs, int code, byte[]
            reason, uint retryMs);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_wait(Handle server, int timeoutMs);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern void cryo_server_free(IntPtr server);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_stat(Handle server, int stat, int of, out double result);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_metrics(Handle server, byte[] result, UIntPtr capacity, out UIntPtr len);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern UIntPtr cryo_server_session_count(Handle server);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_sessions(Handle server, IntPtr[] result, UIntPtr capacity, out UIntPtr
            count);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_find_session(Handle server, byte[] id, out IntPtr result);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_broadcast(Handle server, int kind, byte[] data, UIntPtr len, IntPtr
            except, out UIntPtr count);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_post(Handle server, IntPtr fn, IntPtr user, IntPtr finalizer);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_post_after_ms(Handle server, uint ms, IntPtr fn, IntPtr user, IntPtr
            finalizer);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_connect_peer(Handle server, Handle options, out IntPtr result);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_auth_accept(IntPtr auth);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_auth_replace(IntPtr auth);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_auth_accept_with(IntPtr auth, IntPtr user, IntPtr finalizer);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_auth_set(IntPtr auth, byte[] key, IntPtr value, IntPtr finalizer);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_auth_set_claim(IntPtr auth, byte[] name, byte[] value);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_auth_set_expiry_ms(IntPtr auth, long ms);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_auth_refuse(IntPtr auth, int httpStatus, byte[] body, uint retryAfterMs);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_auth_reject(IntPtr auth, byte[] reason);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_auth_token(IntPtr auth, byte[] result, UIntPtr capacity, out UIntPtr len);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_auth_remote_address(IntPtr auth, byte[] result, UIntPtr capacity, out UIntPtr
            len);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_auth_proxy_address(IntPtr auth, byte[] result, UIntPtr capacity, out UIntPtr
            len);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_auth_path(IntPtr auth, byte[] result, UIntPtr capacity, out UIntPtr len);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_auth_parameter(IntPtr auth, byte[] name, byte[] result, UIntPtr capacity, out
            UIntPtr len);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_auth_peer_certificate_subject(IntPtr auth, byte[] result, UIntPtr capacity, out
            UIntPtr len);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_auth_peer_certificate_name(IntPtr auth, UIntPtr index, byte[] result, UIntPtr
            capacity, out UIntPtr len);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_auth_peer_certificate_fingerprint(IntPtr auth, byte[] result, UIntPtr capacity,
            out UIntPtr len);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_auth_header(IntPtr auth, byte[] name, byte[] result, UIntPtr capacity, out
            UIntPtr len);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr cryo_session_retain(IntPtr session);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern void cryo_session_release(IntPtr session);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_session_send(IntPtr session, int kind, byte[] data, UIntPtr len);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_session_send_with(IntPtr session, int kind, byte[] data, UIntPtr len, byte[]
            key, ulong receipt);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_sessions_send(IntPtr[] sessions, UIntPtr count, int kind, byte[] data, UIntPtr
            len, int[] statuses, out UIntPtr sent);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_session_ping(IntPtr session);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_session_close(IntPtr session, int code, byte[] reason);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_session_is_open(IntPtr session);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_session_is_secure(IntPtr session);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_session_is_peer(IntPtr session);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_session_id(IntPtr session, byte[] result);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_session_id_text(IntPtr session, byte[] result, UIntPtr capacity, out UIntPtr
            len);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_session_token(IntPtr session, byte[] result, UIntPtr capacity, out UIntPtr len);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_session_remote_address(IntPtr session, byte[] result, UIntPtr capacity, out
            UIntPtr len);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_session_proxy_address(IntPtr session, byte[] result, UIntPtr capacity, out
            UIntPtr len);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_session_path(IntPtr session, byte[] result, UIntPtr capacity, out UIntPtr len);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_session_parameter(IntPtr session, byte[] name, byte[] result, UIntPtr capacity,
            out UIntPtr len);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_session_parameter_at(IntPtr session, UIntPtr index, byte[] name, UIntPtr
            nameCapacity, out UIntPtr nameLen, byte[] value, UIntPtr valueCapacity, out UIntPtr valueLen);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_session_peer_certificate_subject(IntPtr session, byte[] result, UIntPtr
            capacity, out UIntPtr len);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_session_peer_certificate_name(IntPtr session, UIntPtr index, byte[] result,
            UIntPtr capacity, out UIntPtr len);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_session_peer_certificate_fingerprint(IntPtr session, byte[] result, UIntPtr
            capacity, out UIntPtr len);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_session_header(IntPtr session, byte[] name, byte[] result, UIntPtr capacity, out
            UIntPtr len);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_session_claim(IntPtr session, byte[] name, byte[] result, UIntPtr capacity, out
            UIntPtr len);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_session_set_expiry_ms(IntPtr session, long ms);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_session_stat(IntPtr session, int stat, out double result);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_session_pause_reading(IntPtr session);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_session_resume_reading(IntPtr session);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern ulong cryo_message_id(IntPtr session);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_message_ack(IntPtr session, ulong message);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_session_post(IntPtr session, IntPtr fn, IntPtr user, IntPtr finalizer);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_session_post_after_ms(IntPtr session, uint ms, IntPtr fn, IntPtr user, IntPtr
            finalizer);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_session_set_user(IntPtr session, IntPtr user, IntPtr finalizer);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr cryo_session_user(IntPtr session);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_session_set(IntPtr session, byte[] key, IntPtr value, IntPtr finalizer);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_session_get(IntPtr session, byte[] key, out IntPtr result);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_session_visit(IntPtr session, byte[] key, IntPtr fn, IntPtr user);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_options_new(out IntPtr result);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern void cryo_client_options_free(IntPtr options);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_options_set_url(Handle options, byte[] url);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_options_set_token(Handle options, byte[] token);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_options_set_token_provider(Handle options, IntPtr fn, IntPtr user, IntPtr
            finalizer);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_options_set_session_id(Handle options, byte[] id);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_options_add_parameter(Handle options, byte[] name, byte[] value);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_options_add_header(Handle options, byte[] name, byte[] value);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_options_set_events(Handle options, Handle events);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_options_set_loop(Handle options, IntPtr loop);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_options_set_cale(Handle options, int on);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_options_set_cale_timeout_ms(Handle options, uint ms);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_options_set_tls_ca_file(Handle options, byte[] file);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_options_set_tls_ca_memory(Handle options, byte[] pem, UIntPtr len);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_options_set_tls_system_ca(Handle options, int on);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_options_set_tls_files(Handle options, byte[] certificateFile, byte[]
            keyFile);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_options_set_tls_memory(Handle options, byte[] certificate, UIntPtr
            certificateLen, byte[] key, UIntPtr keyLen);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_options_set_tls_min_version(Handle options, int version);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_options_set_proxy(Handle options, byte[] url);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_options_use_proxy_from_environment(Handle options, int on);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_options_set_connect_timeout_ms(Handle options, uint ms);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_options_set_reconnect_initial_ms(Handle options, uint ms);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_options_set_reconnect_max_ms(Handle options, uint ms);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_options_set_reconnect_attempts(Handle options, uint count);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_options_set_resend(Handle options, int on);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_options_set_keepalive_ms(Handle options, uint ms);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_options_set_stall_timeout_ms(Handle options, uint ms);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_options_set_ack_timeout_ms(Handle options, uint ms);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_options_set_close_timeout_ms(Handle options, uint ms);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_options_set_max_message_bytes(Handle options, ulong bytes);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_options_set_max_violations(Handle options, uint count);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_options_set_low_water_mark(Handle options, ulong bytes);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_options_set_max_queue_count(Handle options, uint count);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_options_set_drop_policy(Handle options, int policy);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_options_set_max_receipts(Handle options, uint count);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_options_set_high_water_mark(Handle options, ulong bytes);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_options_set_max_queued_bytes(Handle options, ulong bytes);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_new(Handle options, out IntPtr result);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_start(Handle client);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr cryo_client_session(Handle client);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_set_token(Handle client, byte[] token);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_token_give(IntPtr request, byte[] token);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_token_fail(IntPtr request, byte[] reason);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_close(Handle client, int code, byte[] reason);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_wait(Handle client, int timeoutMs);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern void cryo_client_free(IntPtr client);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_extension_new(byte[] name, IntPtr user, IntPtr finalizer, out IntPtr result);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern void cryo_extension_free(IntPtr extension);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_extension_name(Handle extension, byte[] result, UIntPtr capacity, out UIntPtr
            len);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr cryo_extension_user(Handle extension);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_extension_set_hook(Handle extension, int direction, int kind, IntPtr fn);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_extension_set_queue(Handle extension, int direction, int kind, Handle queue);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_extension_set_timeout_ms(Handle extension, uint ms);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_extension_set_on_failure(Handle extension, int what);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_extension_on_register(Handle extension, IntPtr fn);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_extension_on_unregister(Handle extension, IntPtr fn);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_add_extension(Handle server, Handle extension);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_remove_extension(Handle server, byte[] name);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_server_find_extension(Handle server, byte[] name, out IntPtr result);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_add_extension(Handle client, Handle extension);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_remove_extension(Handle client, byte[] name);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_client_find_extension(Handle client, byte[] name, out IntPtr result);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_hook_pass(IntPtr hook);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_hook_replace(IntPtr hook, byte[] data, UIntPtr len);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_hook_stop(IntPtr hook);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_hook_fail(IntPtr hook, byte[] reason);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr cryo_hook_data(IntPtr hook, out UIntPtr len);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_hook_kind(IntPtr hook);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_hook_direction(IntPtr hook);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr cryo_hook_session(IntPtr hook);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_loop_new(out IntPtr result);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_loop_run_once(IntPtr loop, int timeoutMs);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_loop_wake(IntPtr loop);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_loop_fd(IntPtr loop);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_loop_timeout_ms(IntPtr loop);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern void cryo_loop_free(IntPtr loop);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_queue_new(out IntPtr result);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern void cryo_queue_free(IntPtr queue);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_queue_set_capacity(Handle queue, uint events, ulong bytes);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_queue_fd(Handle queue);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_queue_next(Handle queue, int timeoutMs, out IntPtr result);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_queue_wake(Handle queue);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern void cryo_event_free(IntPtr each);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_event_kind(IntPtr each);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr cryo_event_session(IntPtr each);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr cryo_event_auth(IntPtr each);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_event_message_kind(IntPtr each);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr cryo_event_data(IntPtr each, out UIntPtr len);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_event_code(IntPtr each);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr cryo_event_text(IntPtr each);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern double cryo_event_value(IntPtr each);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_event_http_status(IntPtr each);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern ulong cryo_event_receipt(IntPtr each);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern ulong cryo_event_message_id(IntPtr each);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr cryo_event_hook(IntPtr each);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr cryo_event_token_request(IntPtr each);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_queue_next_many(Handle queue, int timeoutMs, uint maxEvents, ref IntPtr batch,
            out UIntPtr len);

        [DllImport(File, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int cryo_queue_release(Handle queue, IntPtr batch);
    }
}
