<?php

// What cryo.h has. Written by bindings/api/update.py; do not edit.

declare(strict_types=1);

namespace Cryo;

/** @internal */
final class Abi
{
    /** Handles are numbers; u64 above 2^63 is negative. */
    public const DECLARATIONS = <<<'C'
        uint32_t cryo_version(void);
        uint32_t cryo_abi_version(void);
        const char *cryo_version_string(void);
        const char *cryo_build_info(void);
        const char *cryo_status_name(int32_t);
        const char *cryo_last_error(void);
        int32_t cryo_set_log(int32_t, void *, uintptr_t, void *);
        int32_t cryo_events_new(uintptr_t, void *, uintptr_t *);
        void cryo_events_free(uintptr_t);
        int32_t cryo_events_on_listening(uintptr_t, void *);
        int32_t cryo_events_on_session(uintptr_t, void *);
        int32_t cryo_events_on_message(uintptr_t, void *);
        int32_t cryo_events_on_closed(uintptr_t, void *);
        int32_t cryo_events_on_stat(uintptr_t, void *);
        int32_t cryo_events_on_disconnected(uintptr_t, void *);
        int32_t cryo_events_on_reconnected(uintptr_t, void *);
        int32_t cryo_events_on_attempt_failed(uintptr_t, void *);
        int32_t cryo_events_on_lost(uintptr_t, void *);
        int32_t cryo_events_on_dropped(uintptr_t, void *);
        int32_t cryo_events_on_writable(uintptr_t, void *);
        int32_t cryo_events_on_receipt(uintptr_t, void *);
        int32_t cryo_events_use_queue(uintptr_t, uintptr_t);
        int32_t cryo_server_options_new(uintptr_t *);
        void cryo_server_options_free(uintptr_t);
        int32_t cryo_server_options_set_host(uintptr_t, const char *);
        int32_t cryo_server_options_set_port(uintptr_t, uint16_t);
        int32_t cryo_server_options_set_reuse_port(uintptr_t, int32_t);
        int32_t cryo_server_options_set_socket_mode(uintptr_t, uint32_t);
        int32_t cryo_server_options_set_listen_fd(uintptr_t, int32_t);
        int32_t cryo_server_options_set_transport(uintptr_t, int32_t);
        int32_t cryo_server_options_set_threads(uintptr_t, uint32_t);
        int32_t cryo_server_options_set_validator(uintptr_t, void *, uintptr_t, void *);
        int32_t cryo_server_options_set_events(uintptr_t, uintptr_t);
        int32_t cryo_server_options_set_tls_files(uintptr_t, const char *, const char *);
        int32_t cryo_server_options_set_tls_memory(uintptr_t, const char *, size_t, const char *, size_t);
        int32_t cryo_server_options_add_tls_files(uintptr_t, const char *, const char *);
        int32_t cryo_server_options_add_tls_memory(uintptr_t, const char *, size_t, const char *, size_t);
        int32_t cryo_server_options_set_tls_min_version(uintptr_t, int32_t);
        int32_t cryo_server_options_set_tls_client_ca_file(uintptr_t, const char *);
        int32_t cryo_server_options_set_tls_client_ca_memory(uintptr_t, const char *, size_t);
        int32_t cryo_server_options_set_tls_require_client_certificate(uintptr_t, int32_t);
        int32_t cryo_server_options_add_tls_ocsp_file(uintptr_t, const char *);
        int32_t cryo_server_options_set_tls_ticket_keys(uintptr_t, const char *, size_t);
        int32_t cryo_server_options_set_cale(uintptr_t, int32_t);
        int32_t cryo_server_options_set_cale_timeout_ms(uintptr_t, uint32_t);
        int32_t cryo_server_options_set_keepalive_ms(uintptr_t, uint32_t);
        int32_t cryo_server_options_set_stall_timeout_ms(uintptr_t, uint32_t);
        int32_t cryo_server_options_set_ack_timeout_ms(uintptr_t, uint32_t);
        int32_t cryo_server_options_set_head_timeout_ms(uintptr_t, uint32_t);
        int32_t cryo_server_options_set_max_head_bytes(uintptr_t, uint32_t);
        int32_t cryo_server_options_add_trusted_proxy(uintptr_t, const char *);
        int32_t cryo_server_options_set_forwarded_header(uintptr_t, int32_t);
        int32_t cryo_server_options_set_proxy_protocol(uintptr_t, int32_t);
        int32_t cryo_server_options_set_validation_timeout_ms(uintptr_t, uint32_t);
        int32_t cryo_server_options_set_hello_wait_ms(uintptr_t, uint32_t);
        int32_t cryo_server_options_set_close_timeout_ms(uintptr_t, uint32_t);
        int32_t cryo_server_options_set_message_timeout_ms(uintptr_t, uint32_t);
        int32_t cryo_server_options_set_min_message_rate(uintptr_t, uint32_t);
        int32_t cryo_server_options_set_max_message_bytes(uintptr_t, uint64_t);
        int32_t cryo_server_options_set_max_fragments(uintptr_t, uint32_t);
        int32_t cryo_server_options_set_max_violations(uintptr_t, uint32_t);
        int32_t cryo_server_options_set_high_water_mark(uintptr_t, uint64_t);
        int32_t cryo_server_options_set_low_water_mark(uintptr_t, uint64_t);
        int32_t cryo_server_options_set_max_queued_bytes(uintptr_t, uint64_t);
        int32_t cryo_server_options_set_max_queue_count(uintptr_t, uint32_t);
        int32_t cryo_server_options_set_drop_policy(uintptr_t, int32_t);
        int32_t cryo_server_options_set_max_total_queued_bytes(uintptr_t, uint64_t);
        int32_t cryo_server_options_set_max_receipts(uintptr_t, uint32_t);
        int32_t cryo_server_options_set_max_sessions(uintptr_t, uint32_t);
        int32_t cryo_server_options_set_max_sessions_per_address(uintptr_t, uint32_t);
        int32_t cryo_server_options_set_duplicate_policy(uintptr_t, int32_t);
        int32_t cryo_server_options_set_probe_timeout_ms(uintptr_t, uint32_t);
        int32_t cryo_server_options_set_resume_window_ms(uintptr_t, uint32_t);
        int32_t cryo_server_options_set_max_away_sessions(uintptr_t, uint32_t);
        int32_t cryo_server_options_set_max_pending_validations(uintptr_t, uint32_t);
        int32_t cryo_server_options_set_health(uintptr_t, int32_t);
        int32_t cryo_server_options_set_metrics(uintptr_t, int32_t, const char *);
        int32_t cryo_server_options_set_manual_ack(uintptr_t, int32_t);
        int32_t cryo_server_options_set_max_unacknowledged(uintptr_t, uint32_t);
        int32_t cryo_server_options_add_allowed_origin(uintptr_t, const char *);
        int32_t cryo_server_options_add_session_header(uintptr_t, const char *);
        int32_t cryo_server_options_set_max_attempts_per_address(uintptr_t, uint32_t);
        int32_t cryo_server_options_set_max_failed_tokens_per_address(uintptr_t, uint32_t);
        int32_t cryo_server_options_set_address_window_ms(uintptr_t, uint32_t);
        int32_t cryo_server_new(uintptr_t, uintptr_t *);
        int32_t cryo_server_start(uintptr_t);
        uint16_t cryo_server_port(uintptr_t);
        int32_t cryo_server_transport(uintptr_t);
        int32_t cryo_server_run_once(uintptr_t, int32_t);
        int32_t cryo_server_wake(uintptr_t);
        int32_t cryo_server_fd(uintptr_t);
        int32_t cryo_server_timeout_ms(uintptr_t);
        int32_t cryo_server_set_tls(uintptr_t, uintptr_t);
        int32_t cryo_server_set_tls_ticket_keys(uintptr_t, const char *, size_t);
        int32_t cryo_server_stop(uintptr_t);
        int32_t cryo_server_drain(uintptr_t, uint32_t, uint32_t);
        int32_t cryo_server_drain_with(uintptr_t, uint32_t, uint32_t, int32_t, const char *, uint32_t);
        int32_t cryo_server_wait(uintptr_t, int32_t);
        void cryo_server_free(uintptr_t);
        int32_t cryo_server_stat(uintptr_t, int32_t, int32_t, double *);
        int32_t cryo_server_metrics(uintptr_t, char *, size_t, size_t *);
        size_t cryo_server_session_count(uintptr_t);
        int32_t cryo_server_sessions(uintptr_t, uintptr_t *, size_t, size_t *);
        int32_t cryo_server_find_session(uintptr_t, const char *, uintptr_t *);
        int32_t cryo_server_broadcast(uintptr_t, int32_t, const char *, size_t, uintptr_t, size_t *);
        int32_t cryo_server_post(uintptr_t, void *, uintptr_t, void *);
        int32_t cryo_server_post_after_ms(uintptr_t, uint32_t, void *, uintptr_t, void *);
        int32_t cryo_server_connect_peer(uintptr_t, uintptr_t, uintptr_t *);
        int32_t cryo_auth_accept(uintptr_t);
        int32_t cryo_auth_replace(uintptr_t);
        int32_t cryo_auth_accept_with(uintptr_t, uintptr_t, void *);
        int32_t cryo_auth_set(uintptr_t, const char *, uintptr_t, void *);
        int32_t cryo_auth_set_claim(uintptr_t, const char *, const char *);
        int32_t cryo_auth_set_expiry_ms(uintptr_t, int64_t);
        int32_t cryo_auth_refuse(uintptr_t, int32_t, const char *, uint32_t);
        int32_t cryo_auth_reject(uintptr_t, const char *);
        int32_t cryo_auth_token(uintptr_t, char *, size_t, size_t *);
        int32_t cryo_auth_remote_address(uintptr_t, char *, size_t, size_t *);
        int32_t cryo_auth_proxy_address(uintptr_t, char *, size_t, size_t *);
        int32_t cryo_auth_path(uintptr_t, char *, size_t, size_t *);
        int32_t cryo_auth_parameter(uintptr_t, const char *, char *, size_t, size_t *);
        int32_t cryo_auth_peer_certificate_subject(uintptr_t, char *, size_t, size_t *);
        int32_t cryo_auth_peer_certificate_name(uintptr_t, size_t, char *, size_t, size_t *);
        int32_t cryo_auth_peer_certificate_fingerprint(uintptr_t, char *, size_t, size_t *);
        int32_t cryo_auth_header(uintptr_t, const char *, char *, size_t, size_t *);
        uintptr_t cryo_session_retain(uintptr_t);
        void cryo_session_release(uintptr_t);
        int32_t cryo_session_send(uintptr_t, int32_t, const char *, size_t);
        int32_t cryo_session_send_with(uintptr_t, int32_t, const char *, size_t, const char *, uint64_t);
        int32_t cryo_sessions_send(const uintptr_t *, size_t, int32_t, const char *, size_t, int32_t *, size_t *);
        int32_t cryo_session_ping(uintptr_t);
        int32_t cryo_session_close(uintptr_t, int32_t, const char *);
        int32_t cryo_session_is_open(uintptr_t);
        int32_t cryo_session_is_secure(uintptr_t);
        int32_t cryo_session_is_peer(uintptr_t);
        int32_t cryo_session_id(uintptr_t, uint8_t *);
        int32_t cryo_session_id_text(uintptr_t, char *, size_t, size_t *);
        int32_t cryo_session_token(uintptr_t, char *, size_t, size_t *);
        int32_t cryo_session_remote_address(uintptr_t, char *, size_t, size_t *);
        int32_t cryo_session_proxy_address(uintptr_t, char *, size_t, size_t *);
        int32_t cryo_session_path(uintptr_t, char *, size_t, size_t *);
        int32_t cryo_session_parameter(uintptr_t, const char *, char *, size_t, size_t *);
        int32_t cryo_session_parameter_at(uintptr_t, size_t, char *, size_t, size_t *, char *, size_t, size_t *);
        int32_t cryo_session_peer_certificate_subject(uintptr_t, char *, size_t, size_t *);
        int32_t cryo_session_peer_certificate_name(uintptr_t, size_t, char *, size_t, size_t *);
        int32_t cryo_session_peer_certificate_fingerprint(uintptr_t, char *, size_t, size_t *);
        int32_t cryo_session_header(uintptr_t, const char *, char *, size_t, size_t *);
        int32_t cryo_session_claim(uintptr_t, const char *, char *, size_t, size_t *);
        int32_t cryo_session_set_expiry_ms(uintptr_t, int64_t);
        int32_t cryo_session_stat(uintptr_t, int32_t, double *);
        int32_t cryo_session_pause_reading(uintptr_t);
        int32_t cryo_session_resume_reading(uintptr_t);
        uint64_t cryo_message_id(uintptr_t);
        int32_t cryo_message_ack(uintptr_t, uint64_t);
        int32_t cryo_session_post(uintptr_t, void *, uintptr_t, void *);
        int32_t cryo_session_post_after_ms(uintptr_t, uint32_t, void *, uintptr_t, void *);
        int32_t cryo_session_set_user(uintptr_t, uintptr_t, void *);
        uintptr_t cryo_session_user(uintptr_t);
        int32_t cryo_session_set(uintptr_t, const char *, uintptr_t, void *);
        int32_t cryo_session_get(uintptr_t, const char *, uintptr_t *);
        int32_t cryo_session_visit(uintptr_t, const char *, void *, uintptr_t);
        int32_t cryo_client_options_new(uintptr_t *);
        void cryo_client_options_free(uintptr_t);
        int32_t cryo_client_options_set_url(uintptr_t, const char *);
        int32_t cryo_client_options_set_token(uintptr_t, const char *);
        int32_t cryo_client_options_set_token_provider(uintptr_t, void *, uintptr_t, void *);
        int32_t cryo_client_options_set_session_id(uintptr_t, const char *);
        int32_t cryo_client_options_add_parameter(uintptr_t, const char *, const char *);
        int32_t cryo_client_options_add_header(uintptr_t, const char *, const char *);
        int32_t cryo_client_options_set_events(uintptr_t, uintptr_t);
        int32_t cryo_client_options_set_loop(uintptr_t, uintptr_t);
        int32_t cryo_client_options_set_cale(uintptr_t, int32_t);
        int32_t cryo_client_options_set_cale_timeout_ms(uintptr_t, uint32_t);
        int32_t cryo_client_options_set_tls_ca_file(uintptr_t, const char *);
        int32_t cryo_client_options_set_tls_ca_memory(uintptr_t, const char *, size_t);
        int32_t cryo_client_options_set_tls_system_ca(uintptr_t, int32_t);
        int32_t cryo_client_options_set_tls_files(uintptr_t, const char *, const char *);
        int32_t cryo_client_options_set_tls_memory(uintptr_t, const char *, size_t, const char *, size_t);
        int32_t cryo_client_options_set_tls_min_version(uintptr_t, int32_t);
        int32_t cryo_client_options_set_proxy(uintptr_t, const char *);
        int32_t cryo_client_options_use_proxy_from_environment(uintptr_t, int32_t);
        int32_t cryo_client_options_set_connect_timeout_ms(uintptr_t, uint32_t);
        int32_t cryo_client_options_set_reconnect_initial_ms(uintptr_t, uint32_t);
        int32_t cryo_client_options_set_reconnect_max_ms(uintptr_t, uint32_t);
        int32_t cryo_client_options_set_reconnect_attempts(uintptr_t, uint32_t);
        int32_t cryo_client_options_set_resend(uintptr_t, int32_t);
        int32_t cryo_client_options_set_keepalive_ms(uintptr_t, uint32_t);
        int32_t cryo_client_options_set_stall_timeout_ms(uintptr_t, uint32_t);
        int32_t cryo_client_options_set_ack_timeout_ms(uintptr_t, uint32_t);
        int32_t cryo_client_options_set_close_timeout_ms(uintptr_t, uint32_t);
        int32_t cryo_client_options_set_max_message_bytes(uintptr_t, uint64_t);
        int32_t cryo_client_options_set_max_violations(uintptr_t, uint32_t);
        int32_t cryo_client_options_set_low_water_mark(uintptr_t, uint64_t);
        int32_t cryo_client_options_set_max_queue_count(uintptr_t, uint32_t);
        int32_t cryo_client_options_set_drop_policy(uintptr_t, int32_t);
        int32_t cryo_client_options_set_max_receipts(uintptr_t, uint32_t);
        int32_t cryo_client_options_set_high_water_mark(uintptr_t, uint64_t);
        int32_t cryo_client_options_set_max_queued_bytes(uintptr_t, uint64_t);
        int32_t cryo_client_new(uintptr_t, uintptr_t *);
        int32_t cryo_client_start(uintptr_t);
        uintptr_t cryo_client_session(uintptr_t);
        int32_t cryo_client_set_token(uintptr_t, const char *);
        int32_t cryo_token_give(uintptr_t, const char *);
        int32_t cryo_token_fail(uintptr_t, const char *);
        int32_t cryo_client_close(uintptr_t, int32_t, const char *);
        int32_t cryo_client_wait(uintptr_t, int32_t);
        void cryo_client_free(uintptr_t);
        int32_t cryo_extension_new(const char *, uintptr_t, void *, uintptr_t *);
        void cryo_extension_free(uintptr_t);
        int32_t cryo_extension_name(uintptr_t, char *, size_t, size_t *);
        uintptr_t cryo_extension_user(uintptr_t);
        int32_t cryo_extension_set_hook(uintptr_t, int32_t, int32_t, void *);
        int32_t cryo_extension_set_queue(uintptr_t, int32_t, int32_t, uintptr_t);
        int32_t cryo_extension_set_timeout_ms(uintptr_t, uint32_t);
        int32_t cryo_extension_set_on_failure(uintptr_t, int32_t);
        int32_t cryo_extension_on_register(uintptr_t, void *);
        int32_t cryo_extension_on_unregister(uintptr_t, void *);
        int32_t cryo_server_add_extension(uintptr_t, uintptr_t);
        int32_t cryo_server_remove_extension(uintptr_t, const char *);
        int32_t cryo_server_find_extension(uintptr_t, const char *, uintptr_t *);
        int32_t cryo_client_add_extension(uintptr_t, uintptr_t);
        int32_t cryo_client_remove_extension(uintptr_t, const char *);
        int32_t cryo_client_find_extension(uintptr_t, const char *, uintptr_t *);
        int32_t cryo_hook_pass(uintptr_t);
        int32_t cryo_hook_replace(uintptr_t, const char *, size_t);
        int32_t cryo_hook_stop(uintptr_t);
        int32_t cryo_hook_fail(uintptr_t, const char *);
        const uint8_t *cryo_hook_data(uintptr_t, size_t *);
        int32_t cryo_hook_kind(uintptr_t);
        int32_t cryo_hook_direction(uintptr_t);
        uintptr_t cryo_hook_session(uintptr_t);
        int32_t cryo_loop_new(uintptr_t *);
        int32_t cryo_loop_run_once(uintptr_t, int32_t);
        int32_t cryo_loop_wake(uintptr_t);
        int32_t cryo_loop_fd(uintptr_t);
        int32_t cryo_loop_timeout_ms(uintptr_t);
        void cryo_loop_free(uintptr_t);
        int32_t cryo_queue_new(uintptr_t *);
        void cryo_queue_free(uintptr_t);
        int32_t cryo_queue_set_capacity(uintptr_t, uint32_t, uint64_t);
        int32_t cryo_queue_fd(uintptr_t);
        int32_t cryo_queue_next(uintptr_t, int32_t, uintptr_t *);
        int32_t cryo_queue_wake(uintptr_t);
        void cryo_event_free(uintptr_t);
        int32_t cryo_event_kind(uintptr_t);
        uintptr_t cryo_event_session(uintptr_t);
        uintptr_t cryo_event_auth(uintptr_t);
        int32_t cryo_event_message_kind(uintptr_t);
        const uint8_t *cryo_event_data(uintptr_t, size_t *);
        int32_t cryo_event_code(uintptr_t);
        const char *cryo_event_text(uintptr_t);
        double cryo_event_value(uintptr_t);
        int32_t cryo_event_http_status(uintptr_t);
        uint64_t cryo_event_receipt(uintptr_t);
        uint64_t cryo_event_message_id(uintptr_t);
        uintptr_t cryo_event_hook(uintptr_t);
        uintptr_t cryo_event_token_request(uintptr_t);
        int32_t cryo_queue_next_many(uintptr_t, int32_t, uint32_t, const uint8_t **, size_t *);
        int32_t cryo_queue_release(uintptr_t, const uint8_t *);
        C;

    /** Of each option: what sets it, what adds to it, and the kinds of its values. */
    public const OPTIONS = [
        'server' => [
            'host' => ['cryo_server_options_set_host', '', ['text']],
            'port' => ['cryo_server_options_set_port', '', ['u16']],
            'reuse_port' => ['cryo_server_options_set_reuse_port', '', ['i32']],
            'socket_mode' => ['cryo_server_options_set_socket_mode', '', ['u32']],
            'listen_fd' => ['cryo_server_options_set_listen_fd', '', ['i32']],
            'transport' => ['cryo_server_options_set_transport', '', ['i32']],
            'threads' => ['cryo_server_options_set_threads', '', ['u32']],
            'tls_files' => ['cryo_server_options_set_tls_files', 'cryo_server_options_add_tls_files', ['text', 'text']],
            'tls_memory' => ['cryo_server_options_set_tls_memory', 'cryo_server_options_add_tls_memory', ['bytes', 'bytes']],
            'tls_min_version' => ['cryo_server_options_set_tls_min_version', '', ['i32']],
            'tls_client_ca_file' => ['cryo_server_options_set_tls_client_ca_file', '', ['text']],
            'tls_client_ca_memory' => ['cryo_server_options_set_tls_client_ca_memory', '', ['bytes']],
            'tls_require_client_certificate' => ['cryo_server_options_set_tls_require_client_certificate', '', ['i32']],
            'tls_ocsp_file' => ['', 'cryo_server_options_add_tls_ocsp_file', ['text']],
            'tls_ticket_keys' => ['cryo_server_options_set_tls_ticket_keys', '', ['bytes']],
            'cale' => ['cryo_server_options_set_cale', '', ['i32']],
            'cale_timeout_ms' => ['cryo_server_options_set_cale_timeout_ms', '', ['u32']],
            'keepalive_ms' => ['cryo_server_options_set_keepalive_ms', '', ['u32']],
            'stall_timeout_ms' => ['cryo_server_options_set_stall_timeout_ms', '', ['u32']],
            'ack_timeout_ms' => ['cryo_server_options_set_ack_timeout_ms', '', ['u32']],
            'head_timeout_ms' => ['cryo_server_options_set_head_timeout_ms', '', ['u32']],
            'max_head_bytes' => ['cryo_server_options_set_max_head_bytes', '', ['u32']],
            'trusted_proxy' => ['', 'cryo_server_options_add_trusted_proxy', ['text']],
            'forwarded_header' => ['cryo_server_options_set_forwarded_header', '', ['i32']],
            'proxy_protocol' => ['cryo_server_options_set_proxy_protocol', '', ['i32']],
            'validation_timeout_ms' => ['cryo_server_options_set_validation_timeout_ms', '', ['u32']],
            'hello_wait_ms' => ['cryo_server_options_set_hello_wait_ms', '', ['u32']],
            'close_timeout_ms' => ['cryo_server_options_set_close_timeout_ms', '', ['u32']],
            'message_timeout_ms' => ['cryo_server_options_set_message_timeout_ms', '', ['u32']],
            'min_message_rate' => ['cryo_server_options_set_min_message_rate', '', ['u32']],
            'max_message_bytes' => ['cryo_server_options_set_max_message_bytes', '', ['u64']],
            'max_fragments' => ['cryo_server_options_set_max_fragments', '', ['u32']],
            'max_violations' => ['cryo_server_options_set_max_violations', '', ['u32']],
            'high_water_mark' => ['cryo_server_options_set_high_water_mark', '', ['u64']],
            'low_water_mark' => ['cryo_server_options_set_low_water_mark', '', ['u64']],
            'max_queued_bytes' => ['cryo_server_options_set_max_queued_bytes', '', ['u64']],
            'max_queue_count' => ['cryo_server_options_set_max_queue_count', '', ['u32']],
            'drop_policy' => ['cryo_server_options_set_drop_policy', '', ['i32']],
            'max_total_queued_bytes' => ['cryo_server_options_set_max_total_queued_bytes', '', ['u64']],
            'max_receipts' => ['cryo_server_options_set_max_receipts', '', ['u32']],
            'max_sessions' => ['cryo_server_options_set_max_sessions', '', ['u32']],
            'max_sessions_per_address' => ['cryo_server_options_set_max_sessions_per_address', '', ['u32']],
            'duplicate_policy' => ['cryo_server_options_set_duplicate_policy', '', ['i32']],
            'probe_timeout_ms' => ['cryo_server_options_set_probe_timeout_ms', '', ['u32']],
            'resume_window_ms' => ['cryo_server_options_set_resume_window_ms', '', ['u32']],
            'max_away_sessions' => ['cryo_server_options_set_max_away_sessions', '', ['u32']],
            'max_pending_validations' => ['cryo_server_options_set_max_pending_validations', '', ['u32']],
            'health' => ['cryo_server_options_set_health', '', ['i32']],
            'metrics' => ['cryo_server_options_set_metrics', '', ['i32', 'text']],
            'manual_ack' => ['cryo_server_options_set_manual_ack', '', ['i32']],
            'max_unacknowledged' => ['cryo_server_options_set_max_unacknowledged', '', ['u32']],
            'allowed_origin' => ['', 'cryo_server_options_add_allowed_origin', ['text']],
            'session_header' => ['', 'cryo_server_options_add_session_header', ['text']],
            'max_attempts_per_address' => ['cryo_server_options_set_max_attempts_per_address', '', ['u32']],
            'max_failed_tokens_per_address' => ['cryo_server_options_set_max_failed_tokens_per_address', '', ['u32']],
            'address_window_ms' => ['cryo_server_options_set_address_window_ms', '', ['u32']],
        ],
        'client' => [
            'url' => ['cryo_client_options_set_url', '', ['text']],
            'token' => ['cryo_client_options_set_token', '', ['text']],
            'session_id' => ['cryo_client_options_set_session_id', '', ['id']],
            'parameter' => ['', 'cryo_client_options_add_parameter', ['text', 'text']],
            'header' => ['', 'cryo_client_options_add_header', ['text', 'text']],
            'cale' => ['cryo_client_options_set_cale', '', ['i32']],
            'cale_timeout_ms' => ['cryo_client_options_set_cale_timeout_ms', '', ['u32']],
            'tls_ca_file' => ['cryo_client_options_set_tls_ca_file', '', ['text']],
            'tls_ca_memory' => ['cryo_client_options_set_tls_ca_memory', '', ['bytes']],
            'tls_system_ca' => ['cryo_client_options_set_tls_system_ca', '', ['i32']],
            'tls_files' => ['cryo_client_options_set_tls_files', '', ['text', 'text']],
            'tls_memory' => ['cryo_client_options_set_tls_memory', '', ['bytes', 'bytes']],
            'tls_min_version' => ['cryo_client_options_set_tls_min_version', '', ['i32']],
            'proxy' => ['cryo_client_options_set_proxy', '', ['text']],
            'use_proxy_from_environment' => ['cryo_client_options_use_proxy_from_environment', '', ['i32']],
            'connect_timeout_ms' => ['cryo_client_options_set_connect_timeout_ms', '', ['u32']],
            'reconnect_initial_ms' => ['cryo_client_options_set_reconnect_initial_ms', '', ['u32']],
            'reconnect_max_ms' => ['cryo_client_options_set_reconnect_max_ms', '', ['u32']],
            'reconnect_attempts' => ['cryo_client_options_set_reconnect_attempts', '', ['u32']],
            'resend' => ['cryo_client_options_set_resend', '', ['i32']],
            'keepalive_ms' => ['cryo_client_options_set_keepalive_ms', '', ['u32']],
            'stall_timeout_ms' => ['cryo_client_options_set_stall_timeout_ms', '', ['u32']],
            'ack_timeout_ms' => ['cryo_client_options_set_ack_timeout_ms', '', ['u32']],
            'close_timeout_ms' => ['cryo_client_options_set_close_timeout_ms', '', ['u32']],
            'max_message_bytes' => ['cryo_client_options_set_max_message_bytes', '', ['u64']],
            'max_violations' => ['cryo_client_options_set_max_violations', '', ['u32']],
            'low_water_mark' => ['cryo_client_options_set_low_water_mark', '', ['u64']],
            'max_queue_count' => ['cryo_client_options_set_max_queue_count', '', ['u32']],
            'drop_policy' => ['cryo_client_options_set_drop_policy', '', ['i32']],
            'max_receipts' => ['cryo_client_options_set_max_receipts', '', ['u32']],
            'high_water_mark' => ['cryo_client_options_set_high_water_mark', '', ['u64']],
            'max_queued_bytes' => ['cryo_client_options_set_max_queued_bytes', '', ['u64']],
        ],
    ];

    /** All constants of cryo.h by their names without the prefix. */
    public const CONSTANTS = [
        'VERSION_MAJOR' => 0,
        'VERSION_MINOR' => 1,
        'VERSION_PATCH' => 0,
        'ABI_VERSION' => 1,
        'NEVER' => 9223372036854775807,
        'OK' => 0,
        'ERR_INVALID' => -1,
        'ERR_HANDLE' => -2,
        'ERR_STATE' => -3,
        'ERR_NO_MEMORY' => -4,
        'ERR_CLOSED' => -5,
        'ERR_FULL' => -6,
        'ERR_TOO_BIG' => -7,
        'ERR_TIMEOUT' => -8,
        'ERR_NOT_FOUND' => -9,
        'ERR_BUFFER' => -10,
        'ERR_ADDRESS' => -11,
        'ERR_ADDRESS_IN_USE' => -12,
        'ERR_PERMISSION' => -13,
        'ERR_TLS_FILE' => -14,
        'ERR_TLS_CERTIFICATE' => -15,
        'ERR_TLS_KEY' => -16,
        'ERR_TLS_MISMATCH' => -17,
        'ERR_TLS_EXPIRED' => -18,
        'ERR_TLS' => -19,
        'ERR_SYSTEM' => -20,
        'ERR_UNSUPPORTED' => -21,
        'ERR_INTERNAL' => -22,
        'ERR_TOTAL_FULL' => -23,
        'ERR_RECEIPTS_FULL' => -24,
        'ERR_EXISTS' => -25,
        'ERR_RESOLVE' => -30,
        'ERR_CONNECT' => -31,
        'ERR_HTTP' => -32,
        'ERR_TLS_NAME' => -33,
        'ERR_TLS_UNTRUSTED' => -34,
        'ERR_TOKEN' => -35,
        'LOG_OFF' => 0,
        'LOG_ERROR' => 1,
        'LOG_WARNING' => 2,
        'LOG_INFO' => 3,
        'LOG_DEBUG' => 4,
        'UTF8' => 1,
        'BINARY' => 2,
        'CLOSE_GRACEFUL' => 4000,
        'CLOSE_CLIENT_ERROR' => 4001,
        'CLOSE_SERVER_ERROR' => 4002,
        'CLOSE_CALE_MISMATCH' => 4010,
        'CLOSE_CALE_HANDSHAKE' => 4011,
        'CLOSE_NO_STATUS' => 1005,
        'CLOSE_ABNORMAL' => 1006,
        'STAT_RTT' => 1,
        'STAT_BYTES_RX' => 2,
        'STAT_BYTES_TX' => 3,
        'STAT_ACK_TIMEOUT' => 4,
        'STAT_QUEUED_BYTES' => 5,
        'STAT_QUEUED_COUNT' => 6,
        'DROP_OLDEST' => 1,
        'DROP_NEWEST' => 2,
        'DEDUPE_LATEST' => 3,
        'TLS_1_2' => 12,
        'TLS_1_3' => 13,
        'DUPLICATE_REFUSE' => 1,
        'DUPLICATE_PROBE' => 2,
        'DUPLICATE_REPLACE' => 3,
        'FORWARDED_NONE' => 0,
        'FORWARDED_ANY' => 1,
        'FORWARDED_X_FORWARDED_FOR' => 2,
        'FORWARDED_RFC7239' => 3,
        'TRANSPORT_AUTO' => 0,
        'TRANSPORT_LIBWEBSOCKETS' => 1,
        'TRANSPORT_POLL' => 2,
        'DROPPED_OLDEST' => 1,
        'DROPPED_REFUSED' => 2,
        'DROPPED_REPLACED' => 3,
        'DROPPED_TOTAL' => 4,
        'RECEIPT_ACKNOWLEDGED' => 1,
        'RECEIPT_TIMED_OUT' => 2,
        'RECEIPT_DROPPED' => 3,
        'RECEIPT_VETOED' => 4,
        'RECEIPT_CLOSED' => 5,
        'RECEIPT_REFUSED' => 6,
        'SERVER_STAT_SESSIONS' => 1,
        'SERVER_STAT_AWAY' => 2,
        'SERVER_STAT_CONNECTIONS' => 3,
        'SERVER_STAT_ACCEPTED_CONNECTIONS' => 4,
        'SERVER_STAT_ACCEPTED_SESSIONS' => 5,
        'SERVER_STAT_RESUMED' => 6,
        'SERVER_STAT_CLOSED' => 7,
        'SERVER_STAT_REFUSED' => 8,
        'SERVER_STAT_TLS_FAILURES' => 9,
        'SERVER_STAT_VIOLATIONS' => 10,
        'SERVER_STAT_DROPPED' => 11,
        'SERVER_STAT_RECEIPTS' => 12,
        'SERVER_STAT_MESSAGES_RX' => 13,
        'SERVER_STAT_MESSAGES_TX' => 14,
        'SERVER_STAT_BYTES_RX' => 15,
        'SERVER_STAT_BYTES_TX' => 16,
        'SERVER_STAT_MAILBOX' => 17,
        'SERVER_STAT_SLOW_CALLBACKS' => 18,
        'SERVER_STAT_LOOP_LAG' => 19,
        'SERVER_STAT_BUSY' => 20,
        'SERVER_STAT_VALIDATIONS' => 21,
        'SERVER_STAT_HEALTH_CHECKS' => 22,
        'SERVER_STAT_DRAINING' => 23,
        'BEFORE_SEND' => 1,
        'ON_RECEIVE' => 2,
        'HOOK_PASS' => 1,
        'HOOK_STOP' => 2,
        'EVENT_LISTENING' => 1,
        'EVENT_AUTH' => 2,
        'EVENT_SESSION' => 3,
        'EVENT_MESSAGE' => 4,
        'EVENT_CLOSED' => 5,
        'EVENT_STAT' => 6,
        'EVENT_DISCONNECTED' => 7,
        'EVENT_RECONNECTED' => 8,
        'EVENT_ATTEMPT_FAILED' => 9,
        'EVENT_LOST' => 10,
        'EVENT_DROPPED' => 11,
        'EVENT_WRITABLE' => 12,
        'EVENT_RECEIPT' => 13,
        'EVENT_HOOK' => 14,
        'EVENT_TOKEN' => 15,
        'BATCH_VERSION' => 1,
        'BATCH_COUNT' => 4,
        'BATCH_BYTES' => 8,
        'BATCH_FIRST' => 16,
        'BATCH_RECORD_SIZE' => 20,
        'BATCH_SIZE' => 24,
        'RECORD_KIND' => 8,
        'RECORD_MESSAGE_KIND' => 12,
        'RECORD_SESSION' => 16,
        'RECORD_TICKET' => 24,
        'RECORD_DATA_LENGTH' => 32,
        'RECORD_DATA' => 40,
        'RECORD_TEXT' => 44,
        'RECORD_TEXT_LENGTH' => 48,
        'RECORD_CODE' => 52,
        'RECORD_HTTP_STATUS' => 56,
        'RECORD_RECEIPT' => 64,
        'RECORD_MESSAGE_ID' => 72,
        'RECORD_VALUE' => 80,
        'RECORD_SIZE' => 88,
    ];
}
