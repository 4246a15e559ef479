#include "functions.h"

#include <string.h>

static const uint8_t bytes[16] = "0123456789abcde";
static char text[64];
static size_t len;
static double number;
static void *pointer;
static cryo_server *a_server;
static cryo_session *a_session;
static cryo_session *sessions[1];
static cryo_event *an_event;
static const uint8_t *a_batch;
static cryo_client *a_client;
static cryo_extension *an_extension;

static void listening_fn(cryo_server *server, const char *host, uint16_t port, void *user) {
    (void)server, (void)host, (void)port, (void)user;
}
static void session_fn(cryo_session *session, void *user) {
    (void)session, (void)user;
}
static void server_fn(cryo_server *server, void *user) {
    (void)server, (void)user;
}
static void message_fn(cryo_session *session, int32_t kind, const uint8_t *data, size_t size, void *user) {
    (void)session, (void)kind, (void)data, (void)size, (void)user;
}
static void closed_fn(cryo_session *session, int32_t code, const char *reason, void *user) {
    (void)session, (void)code, (void)reason, (void)user;
}
static void stat_fn(cryo_session *session, int32_t stat, double value, void *user) {
    (void)session, (void)stat, (void)value, (void)user;
}
static void attempt_failed_fn(cryo_session *session, cryo_status status, int32_t http_status,
                              const char *words, int64_t retry_ms, void *user) {
    (void)session, (void)status, (void)http_status, (void)words, (void)retry_ms, (void)user;
}
static void validate_fn(cryo_auth *auth, const char *token, size_t size, void *user) {
    (void)auth, (void)token, (void)size, (void)user;
}
static void dropped_fn(cryo_session *session, int32_t reason, int32_t kind, const uint8_t *data, size_t size,
                       void *user) {
    (void)session, (void)reason, (void)kind, (void)data, (void)size, (void)user;
}
static void receipt_fn(cryo_session *session, uint64_t receipt, int32_t outcome, double rtt_ms,
                       const char *by, void *user) {
    (void)session, (void)receipt, (void)outcome, (void)rtt_ms, (void)by, (void)user;
}
static void hook_fn(cryo_hook *hook, cryo_session *session, int32_t kind, const uint8_t *data, size_t size,
                    void *user) {
    (void)hook, (void)session, (void)kind, (void)data, (void)size, (void)user;
}
static void token_fn(cryo_token_request *request, void *user) {
    (void)request, (void)user;
}
static void extension_fn(const char *name, void *user) {
    (void)name, (void)user;
}
static void visit_fn(void *value, void *user) {
    (void)value, (void)user;
}

#define STATUS(name, arguments)                                                                              \
    static int64_t call_##name(void *h) {                                                                    \
        return name arguments;                                                                               \
    }
#define NOTHING(name)                                                                                        \
    static int64_t call_##name(void *h) {                                                                    \
        name(h);                                                                                             \
        return 0;                                                                                            \
    }
#define POINTER(name, arguments)                                                                             \
    static int64_t call_##name(void *h) {                                                                    \
        return name arguments != NULL;                                                                       \
    }

STATUS(cryo_message_ack, (h, 1))
STATUS(cryo_server_options_set_manual_ack, (h, 1))
STATUS(cryo_server_options_set_max_unacknowledged, (h, 1000))
STATUS(cryo_server_post, (h, server_fn, NULL, NULL))
STATUS(cryo_server_post_after_ms, (h, 1000, server_fn, NULL, NULL))
STATUS(cryo_session_pause_reading, (h))
STATUS(cryo_session_post, (h, session_fn, NULL, NULL))
STATUS(cryo_session_post_after_ms, (h, 1000, session_fn, NULL, NULL))
STATUS(cryo_session_resume_reading, (h))
static int64_t call_cryo_sessions_send(void *h) {
    cryo_session *const one[] = {h};
    cryo_status told = CRYO_OK;
    const cryo_status status = cryo_sessions_send(one, 1, CRYO_BINARY, bytes, sizeof bytes, &told, NULL);
    return status == CRYO_OK ? told : status;
}
STATUS(cryo_auth_accept, (h))
STATUS(cryo_auth_accept_with, (h, text, NULL))
STATUS(cryo_auth_header, (h, "name", text, sizeof text, &len))
STATUS(cryo_auth_refuse, (h, 403, "no", 0))
STATUS(cryo_auth_set, (h, "key", text, NULL))
STATUS(cryo_auth_set_claim, (h, "name", "value"))
STATUS(cryo_auth_set_expiry_ms, (h, 1000))
STATUS(cryo_auth_parameter, (h, "name", text, sizeof text, &len))
STATUS(cryo_auth_path, (h, text, sizeof text, &len))
STATUS(cryo_auth_peer_certificate_fingerprint, (h, text, sizeof text, &len))
STATUS(cryo_auth_peer_certificate_name, (h, 0, text, sizeof text, &len))
STATUS(cryo_auth_peer_certificate_subject, (h, text, sizeof text, &len))
STATUS(cryo_auth_reject, (h, "no"))
STATUS(cryo_auth_replace, (h))
STATUS(cryo_auth_proxy_address, (h, text, sizeof text, &len))
STATUS(cryo_auth_remote_address, (h, text, sizeof text, &len))
STATUS(cryo_auth_token, (h, text, sizeof text, &len))
STATUS(cryo_client_close, (h, CRYO_CLOSE_GRACEFUL, NULL))
NOTHING(cryo_client_free)
STATUS(cryo_client_new, (h, &a_client))
STATUS(cryo_client_options_set_proxy, (h, "http://localhost:1"))
STATUS(cryo_client_options_use_proxy_from_environment, (h, 0))
STATUS(cryo_client_options_add_header, (h, "Origin", "https://example.org"))
STATUS(cryo_client_options_add_parameter, (h, "name", "value"))
NOTHING(cryo_client_options_free)
STATUS(cryo_client_options_set_ack_timeout_ms, (h, 1000))
STATUS(cryo_client_options_set_cale, (h, 1))
STATUS(cryo_client_options_set_cale_timeout_ms, (h, 1000))
STATUS(cryo_client_options_set_close_timeout_ms, (h, 1000))
STATUS(cryo_client_options_set_connect_timeout_ms, (h, 1000))
STATUS(cryo_client_options_set_events, (h, NULL))
STATUS(cryo_client_options_set_high_water_mark, (h, 1000))
STATUS(cryo_client_options_set_keepalive_ms, (h, 1000))
STATUS(cryo_client_options_set_loop, (h, NULL))
STATUS(cryo_client_options_set_low_water_mark, (h, 1000))
STATUS(cryo_client_options_set_max_message_bytes, (h, 1000))
STATUS(cryo_client_options_set_max_queue_count, (h, 1000))
STATUS(cryo_client_options_set_max_queued_bytes, (h, 1000))
STATUS(cryo_client_options_set_max_violations, (h, 1000))
STATUS(cryo_client_options_set_reconnect_attempts, (h, 1000))
STATUS(cryo_client_options_set_reconnect_initial_ms, (h, 1000))
STATUS(cryo_client_options_set_reconnect_max_ms, (h, 1000))
STATUS(cryo_client_options_set_resend, (h, 1))
STATUS(cryo_client_options_set_stall_timeout_ms, (h, 1000))
STATUS(cryo_client_options_set_session_id, (h, bytes))
STATUS(cryo_client_options_set_tls_ca_file, (h, "a"))
STATUS(cryo_client_options_set_tls_ca_memory, (h, bytes, sizeof bytes))
STATUS(cryo_client_options_set_tls_files, (h, "a", "b"))
STATUS(cryo_client_options_set_tls_memory, (h, bytes, sizeof bytes, bytes, sizeof bytes))
STATUS(cryo_client_options_set_tls_system_ca, (h, 1))
STATUS(cryo_client_options_set_tls_min_version, (h, CRYO_TLS_1_3))
STATUS(cryo_client_options_set_token, (h, "a"))
STATUS(cryo_client_options_set_token_provider, (h, token_fn, NULL, NULL))
STATUS(cryo_client_set_token, (h, "a"))
STATUS(cryo_client_options_set_url, (h, "ws://localhost"))
POINTER(cryo_client_session, (h))
STATUS(cryo_client_start, (h))
STATUS(cryo_client_wait, (h, 0))
STATUS(cryo_event_http_status, (h))
STATUS(cryo_events_on_attempt_failed, (h, attempt_failed_fn))
STATUS(cryo_events_on_disconnected, (h, closed_fn))
STATUS(cryo_events_on_lost, (h, message_fn))
STATUS(cryo_events_on_reconnected, (h, session_fn))
STATUS(cryo_loop_fd, (h))
STATUS(cryo_loop_wake, (h))
NOTHING(cryo_loop_free)
STATUS(cryo_loop_run_once, (h, 0))
STATUS(cryo_loop_timeout_ms, (h))
POINTER(cryo_event_auth, (h))
STATUS(cryo_event_code, (h))
POINTER(cryo_event_data, (h, &len))
NOTHING(cryo_event_free)
STATUS(cryo_event_kind, (h))
STATUS(cryo_event_message_kind, (h))
POINTER(cryo_event_session, (h))
static int64_t call_cryo_event_text(void *h) {
    return strcmp(cryo_event_text(h), "") != 0;
}
static int64_t call_cryo_event_value(void *h) {
    return cryo_event_value(h) < 0 || cryo_event_value(h) > 0;
}
NOTHING(cryo_events_free)
STATUS(cryo_events_on_closed, (h, closed_fn))
STATUS(cryo_events_on_listening, (h, listening_fn))
STATUS(cryo_events_on_message, (h, message_fn))
STATUS(cryo_events_on_session, (h, session_fn))
STATUS(cryo_events_on_stat, (h, stat_fn))
STATUS(cryo_events_use_queue, (h, NULL))
STATUS(cryo_queue_fd, (h))
NOTHING(cryo_queue_free)
STATUS(cryo_queue_next, (h, 0, &an_event))
STATUS(cryo_queue_next_many, (h, 0, 0, &a_batch, &len))
STATUS(cryo_queue_release, (h, NULL))
STATUS(cryo_queue_set_capacity, (h, 1, 1))
STATUS(cryo_queue_wake, (h))
STATUS(cryo_server_connect_peer, (h, NULL, NULL))
STATUS(cryo_server_broadcast, (h, CRYO_BINARY, bytes, sizeof bytes, NULL, &len))
STATUS(cryo_server_fd, (h))
STATUS(cryo_server_wake, (h))
STATUS(cryo_server_find_session, (h, bytes, &a_session))
NOTHING(cryo_server_free)
STATUS(cryo_server_new, (h, &a_server))
NOTHING(cryo_server_options_free)
STATUS(cryo_server_options_set_ack_timeout_ms, (h, 1000))
STATUS(cryo_server_options_set_cale, (h, 1))
STATUS(cryo_server_options_set_reuse_port, (h, 1))
STATUS(cryo_server_options_set_cale_timeout_ms, (h, 1000))
STATUS(cryo_server_options_set_close_timeout_ms, (h, 1000))
STATUS(cryo_server_options_set_events, (h, NULL))
STATUS(cryo_server_options_add_trusted_proxy, (h, "10.0.0.0/8"))
STATUS(cryo_server_options_set_forwarded_header, (h, CRYO_FORWARDED_ANY))
STATUS(cryo_server_options_set_listen_fd, (h, -1))
STATUS(cryo_server_options_set_max_head_bytes, (h, 1024))
STATUS(cryo_server_options_set_proxy_protocol, (h, 0))
STATUS(cryo_server_options_set_socket_mode, (h, 0600))
STATUS(cryo_server_options_set_head_timeout_ms, (h, 1000))
STATUS(cryo_server_options_set_health, (h, 1))
STATUS(cryo_server_options_set_hello_wait_ms, (h, 1000))
STATUS(cryo_server_options_set_high_water_mark, (h, 1000))
STATUS(cryo_server_options_set_host, (h, "127.0.0.1"))
STATUS(cryo_server_options_set_keepalive_ms, (h, 1000))
STATUS(cryo_server_options_set_low_water_mark, (h, 1000))
STATUS(cryo_server_options_set_max_fragments, (h, 1000))
STATUS(cryo_server_options_set_max_message_bytes, (h, 1000))
STATUS(cryo_server_options_add_allowed_origin, (h, "https://example.com"))
STATUS(cryo_server_options_add_session_header, (h, "User-Agent"))
STATUS(cryo_server_options_set_address_window_ms, (h, 1000))
STATUS(cryo_server_options_set_max_attempts_per_address, (h, 1000))
STATUS(cryo_server_options_set_max_failed_tokens_per_address, (h, 1000))
STATUS(cryo_server_options_set_max_pending_validations, (h, 1000))
STATUS(cryo_server_options_set_max_queue_count, (h, 1000))
STATUS(cryo_server_options_set_max_queued_bytes, (h, 1000))
STATUS(cryo_server_options_set_max_sessions, (h, 1000))
STATUS(cryo_server_options_set_max_sessions_per_address, (h, 1000))
STATUS(cryo_server_options_set_max_violations, (h, 1000))
STATUS(cryo_server_options_set_message_timeout_ms, (h, 1000))
STATUS(cryo_server_options_set_metrics, (h, 1, NULL))
STATUS(cryo_server_options_set_min_message_rate, (h, 1000))
STATUS(cryo_server_options_set_port, (h, 1000))
STATUS(cryo_server_options_set_stall_timeout_ms, (h, 1000))
STATUS(cryo_server_options_set_threads, (h, 1))
STATUS(cryo_server_options_set_tls_files, (h, "certificate", "key"))
STATUS(cryo_server_options_set_tls_memory, (h, bytes, sizeof bytes, bytes, sizeof bytes))
STATUS(cryo_server_options_add_tls_files, (h, "certificate", "key"))
STATUS(cryo_server_options_add_tls_memory, (h, bytes, sizeof bytes, bytes, sizeof bytes))
STATUS(cryo_server_options_add_tls_ocsp_file, (h, "response"))
STATUS(cryo_server_options_set_tls_client_ca_file, (h, "a"))
STATUS(cryo_server_options_set_tls_client_ca_memory, (h, bytes, sizeof bytes))
STATUS(cryo_server_options_set_tls_min_version, (h, CRYO_TLS_1_3))
STATUS(cryo_server_options_set_tls_require_client_certificate, (h, 1))
STATUS(cryo_server_options_set_tls_ticket_keys, (h, NULL, 0))
STATUS(cryo_server_set_tls, (h, NULL))
STATUS(cryo_server_set_tls_ticket_keys, (h, NULL, 0))
STATUS(cryo_server_options_set_transport, (h, CRYO_TRANSPORT_AUTO))
STATUS(cryo_server_options_set_validation_timeout_ms, (h, 1000))
STATUS(cryo_server_options_set_validator, (h, validate_fn, NULL, NULL))
STATUS(cryo_server_port, (h))
STATUS(cryo_server_transport, (h))
STATUS(cryo_server_run_once, (h, 0))
STATUS(cryo_server_session_count, (h) != 0)
STATUS(cryo_server_sessions, (h, sessions, 1, &len))
STATUS(cryo_server_metrics, (h, text, sizeof text, &len))
STATUS(cryo_server_start, (h))
STATUS(cryo_server_stat, (h, CRYO_SERVER_STAT_SESSIONS, 0, &number))
STATUS(cryo_server_drain, (h, 0, 0))
STATUS(cryo_server_drain_with, (h, 0, 0, CRYO_CLOSE_GRACEFUL, NULL, 0))
STATUS(cryo_server_stop, (h))
STATUS(cryo_server_timeout_ms, (h))
STATUS(cryo_server_wait, (h, 0))
STATUS(cryo_session_claim, (h, "name", text, sizeof text, &len))
STATUS(cryo_session_header, (h, "name", text, sizeof text, &len))
STATUS(cryo_session_set_expiry_ms, (h, 1000))
STATUS(cryo_session_close, (h, CRYO_CLOSE_GRACEFUL, "bye"))
STATUS(cryo_session_get, (h, "key", &pointer))
STATUS(cryo_session_id, (h, (uint8_t *)text))
STATUS(cryo_session_id_text, (h, text, sizeof text, &len))
STATUS(cryo_session_is_open, (h))
STATUS(cryo_session_is_peer, (h))
STATUS(cryo_session_is_secure, (h))
STATUS(cryo_session_parameter, (h, "name", text, sizeof text, &len))
STATUS(cryo_session_parameter_at, (h, 0, text, sizeof text, &len, text, sizeof text, &len))
STATUS(cryo_session_path, (h, text, sizeof text, &len))
STATUS(cryo_session_peer_certificate_fingerprint, (h, text, sizeof text, &len))
STATUS(cryo_session_peer_certificate_name, (h, 0, text, sizeof text, &len))
STATUS(cryo_session_peer_certificate_subject, (h, text, sizeof text, &len))
STATUS(cryo_session_ping, (h))
NOTHING(cryo_session_release)
STATUS(cryo_session_proxy_address, (h, text, sizeof text, &len))
STATUS(cryo_session_remote_address, (h, text, sizeof text, &len))
POINTER(cryo_session_retain, (h))
STATUS(cryo_session_send, (h, CRYO_BINARY, bytes, sizeof bytes))
STATUS(cryo_session_set, (h, "key", text, NULL))
STATUS(cryo_session_set_user, (h, text, NULL))
STATUS(cryo_session_stat, (h, CRYO_STAT_BYTES_RX, &number))
STATUS(cryo_session_token, (h, text, sizeof text, &len))
POINTER(cryo_session_user, (h))
STATUS(cryo_session_visit, (h, "key", visit_fn, NULL))
STATUS(cryo_client_add_extension, (h, an_extension))
STATUS(cryo_client_find_extension, (h, "name", &an_extension))
STATUS(cryo_client_options_set_drop_policy, (h, CRYO_DROP_NEWEST))
STATUS(cryo_client_options_set_max_receipts, (h, 1000))
STATUS(cryo_client_remove_extension, (h, "name"))
POINTER(cryo_event_hook, (h))
POINTER(cryo_event_token_request, (h))
STATUS(cryo_token_fail, (h, "no"))
STATUS(cryo_token_give, (h, "a"))
STATUS(cryo_event_receipt, (h) != 0)
STATUS(cryo_event_message_id, (h) != 0)
STATUS(cryo_message_id, (h) != 0)
STATUS(cryo_events_on_dropped, (h, dropped_fn))
STATUS(cryo_events_on_receipt, (h, receipt_fn))
STATUS(cryo_events_on_writable, (h, session_fn))
NOTHING(cryo_extension_free)
STATUS(cryo_extension_name, (h, text, sizeof text, &len))
STATUS(cryo_extension_on_register, (h, extension_fn))
STATUS(cryo_extension_on_unregister, (h, extension_fn))
STATUS(cryo_extension_set_hook, (h, CRYO_ON_RECEIVE, CRYO_UTF8, hook_fn))
STATUS(cryo_extension_set_on_failure, (h, CRYO_HOOK_STOP))
STATUS(cryo_extension_set_queue, (h, CRYO_ON_RECEIVE, CRYO_UTF8, NULL))
STATUS(cryo_extension_set_timeout_ms, (h, 1000))
POINTER(cryo_extension_user, (h))
POINTER(cryo_hook_data, (h, &len))
STATUS(cryo_hook_direction, (h))
STATUS(cryo_hook_fail, (h, "no"))
STATUS(cryo_hook_kind, (h))
STATUS(cryo_hook_pass, (h))
STATUS(cryo_hook_replace, (h, bytes, sizeof bytes))
POINTER(cryo_hook_session, (h))
STATUS(cryo_hook_stop, (h))
STATUS(cryo_server_add_extension, (h, an_extension))
STATUS(cryo_server_find_extension, (h, "name", &an_extension))
STATUS(cryo_server_options_set_drop_policy, (h, CRYO_DROP_NEWEST))
STATUS(cryo_server_options_set_duplicate_policy, (h, CRYO_DUPLICATE_REPLACE))
STATUS(cryo_server_options_set_probe_timeout_ms, (h, 1000))
STATUS(cryo_server_options_set_resume_window_ms, (h, 1000))
STATUS(cryo_server_options_set_max_away_sessions, (h, 1000))
STATUS(cryo_server_options_set_max_receipts, (h, 1000))
STATUS(cryo_server_options_set_max_total_queued_bytes, (h, 1000))
STATUS(cryo_server_remove_extension, (h, "name"))
STATUS(cryo_session_send_with, (h, CRYO_BINARY, bytes, sizeof bytes, "key", 1))

#define NO_HANDLE(name)                                                                                      \
    { #name, TAKES_NO_HANDLE, GIVES_STATUS, NULL }
#define ROW(name, kind, result)                                                                              \
    { #name, TAKES_##kind, GIVES_##result, call_##name }

// Sorted by name, as docs/symbols.txt is.
const struct function functions[] = {
    NO_HANDLE(cryo_abi_version),
    ROW(cryo_auth_accept, AUTH, STATUS),
    ROW(cryo_auth_accept_with, AUTH, STATUS),
    ROW(cryo_auth_header, AUTH, STATUS),
    ROW(cryo_auth_parameter, AUTH, STATUS),
    ROW(cryo_auth_path, AUTH, STATUS),
    ROW(cryo_auth_peer_certificate_fingerprint, AUTH, STATUS),
    ROW(cryo_auth_peer_certificate_name, AUTH, STATUS),
    ROW(cryo_auth_peer_certificate_subject, AUTH, STATUS),
    ROW(cryo_auth_proxy_address, AUTH, STATUS),
    ROW(cryo_auth_refuse, AUTH, STATUS),
    ROW(cryo_auth_reject, AUTH, STATUS),
    ROW(cryo_auth_remote_address, AUTH, STATUS),
    ROW(cryo_auth_replace, AUTH, STATUS),
    ROW(cryo_auth_set, AUTH, STATUS),
    ROW(cryo_auth_set_claim, AUTH, STATUS),
    ROW(cryo_auth_set_expiry_ms, AUTH, STATUS),
    ROW(cryo_auth_token, AUTH, STATUS),
    NO_HANDLE(cryo_build_info),
    ROW(cryo_client_add_extension, CLIENT, STATUS),
    ROW(cryo_client_close, CLIENT, STATUS),
    ROW(cryo_client_find_extension, CLIENT, STATUS),
    ROW(cryo_client_free, CLIENT, NOTHING),
    ROW(cryo_client_new, CLIENT_OPTIONS, STATUS),
    ROW(cryo_client_options_add_header, CLIENT_OPTIONS, STATUS),
    ROW(cryo_client_options_add_parameter, CLIENT_OPTIONS, STATUS),
    ROW(cryo_client_options_free, CLIENT_OPTIONS, NOTHING),
    NO_HANDLE(cryo_client_options_new),
    ROW(cryo_client_options_set_ack_timeout_ms, CLIENT_OPTIONS, STATUS),
    ROW(cryo_client_options_set_cale, CLIENT_OPTIONS, STATUS),
    ROW(cryo_client_options_set_cale_timeout_ms, CLIENT_OPTIONS, STATUS),
    ROW(cryo_client_options_set_close_timeout_ms, CLIENT_OPTIONS, STATUS),
    ROW(cryo_client_options_set_connect_timeout_ms, CLIENT_OPTIONS, STATUS),
    ROW(cryo_client_options_set_drop_policy, CLIENT_OPTIONS, STATUS),
    ROW(cryo_client_options_set_events, CLIENT_OPTIONS, STATUS),
    ROW(cryo_client_options_set_high_water_mark, CLIENT_OPTIONS, STATUS),
    ROW(cryo_client_options_set_keepalive_ms, CLIENT_OPTIONS, STATUS),
    ROW(cryo_client_options_set_loop, CLIENT_OPTIONS, STATUS),
    ROW(cryo_client_options_set_low_water_mark, CLIENT_OPTIONS, STATUS),
    ROW(cryo_client_options_set_max_message_bytes, CLIENT_OPTIONS, STATUS),
    ROW(cryo_client_options_set_max_queue_count, CLIENT_OPTIONS, STATUS),
    ROW(cryo_client_options_set_max_queued_bytes, CLIENT_OPTIONS, STATUS),
    ROW(cryo_client_options_set_max_receipts, CLIENT_OPTIONS, STATUS),
    ROW(cryo_client_options_set_max_violations, CLIENT_OPTIONS, STATUS),
    ROW(cryo_client_options_set_proxy, CLIENT_OPTIONS, STATUS),
    ROW(cryo_client_options_set_reconnect_attempts, CLIENT_OPTIONS, STATUS),
    ROW(cryo_client_options_set_reconnect_initial_ms, CLIENT_OPTIONS, STATUS),
    ROW(cryo_client_options_set_reconnect_max_ms, CLIENT_OPTIONS, STATUS),
    ROW(cryo_client_options_set_resend, CLIENT_OPTIONS, STATUS),
    ROW(cryo_client_options_set_session_id, CLIENT_OPTIONS, STATUS),
    ROW(cryo_client_options_set_stall_timeout_ms, CLIENT_OPTIONS, STATUS),
    ROW(cryo_client_options_set_tls_ca_file, CLIENT_OPTIONS, STATUS),
    ROW(cryo_client_options_set_tls_ca_memory, CLIENT_OPTIONS, STATUS),
    ROW(cryo_client_options_set_tls_files, CLIENT_OPTIONS, STATUS),
    ROW(cryo_client_options_set_tls_memory, CLIENT_OPTIONS, STATUS),
    ROW(cryo_client_options_set_tls_min_version, CLIENT_OPTIONS, STATUS),
    ROW(cryo_client_options_set_tls_system_ca, CLIENT_OPTIONS, STATUS),
    ROW(cryo_client_options_set_token, CLIENT_OPTIONS, STATUS),
    ROW(cryo_client_options_set_token_provider, CLIENT_OPTIONS, STATUS),
    ROW(cryo_client_options_set_url, CLIENT_OPTIONS, STATUS),
    ROW(cryo_client_options_use_proxy_from_environment, CLIENT_OPTIONS, STATUS),
    ROW(cryo_client_remove_extension, CLIENT, STATUS),
    ROW(cryo_client_session, CLIENT, VALUE),
    ROW(cryo_client_set_token, CLIENT, STATUS),
    ROW(cryo_client_start, CLIENT, STATUS),
    ROW(cryo_client_wait, CLIENT, STATUS),
    ROW(cryo_event_auth, EVENT, VALUE),
    ROW(cryo_event_code, EVENT, VALUE),
    ROW(cryo_event_data, EVENT, VALUE),
    ROW(cryo_event_free, EVENT, NOTHING),
    ROW(cryo_event_hook, EVENT, VALUE),
    ROW(cryo_event_http_status, EVENT, VALUE),
    ROW(cryo_event_kind, EVENT, VALUE),
    ROW(cryo_event_message_id, EVENT, VALUE),
    ROW(cryo_event_message_kind, EVENT, VALUE),
    ROW(cryo_event_receipt, EVENT, VALUE),
    ROW(cryo_event_session, EVENT, VALUE),
    ROW(cryo_event_text, EVENT, VALUE),
    ROW(cryo_event_token_request, EVENT, VALUE),
    ROW(cryo_event_value, EVENT, VALUE),
    ROW(cryo_events_free, EVENTS, NOTHING),
    NO_HANDLE(cryo_events_new),
    ROW(cryo_events_on_attempt_failed, EVENTS, STATUS),
    ROW(cryo_events_on_closed, EVENTS, STATUS),
    ROW(cryo_events_on_disconnected, EVENTS, STATUS),
    ROW(cryo_events_on_dropped, EVENTS, STATUS),
    ROW(cryo_events_on_listening, EVENTS, STATUS),
    ROW(cryo_events_on_lost, EVENTS, STATUS),
    ROW(cryo_events_on_message, EVENTS, STATUS),
    ROW(cryo_events_on_receipt, EVENTS, STATUS),
    ROW(cryo_events_on_reconnected, EVENTS, STATUS),
    ROW(cryo_events_on_session, EVENTS, STATUS),
    ROW(cryo_events_on_stat, EVENTS, STATUS),
    ROW(cryo_events_on_writable, EVENTS, STATUS),
    ROW(cryo_events_use_queue, EVENTS, STATUS),
    ROW(cryo_extension_free, EXTENSION, NOTHING),
    ROW(cryo_extension_name, EXTENSION, STATUS),
    NO_HANDLE(cryo_extension_new),
    ROW(cryo_extension_on_register, EXTENSION, STATUS),
    ROW(cryo_extension_on_unregister, EXTENSION, STATUS),
    ROW(cryo_extension_set_hook, EXTENSION, STATUS),
    ROW(cryo_extension_set_on_failure, EXTENSION, STATUS),
    ROW(cryo_extension_set_queue, EXTENSION, STATUS),
    ROW(cryo_extension_set_timeout_ms, EXTENSION, STATUS),
    ROW(cryo_extension_user, EXTENSION, VALUE),
    ROW(cryo_hook_data, HOOK, VALUE),
    ROW(cryo_hook_direction, HOOK, VALUE),
    ROW(cryo_hook_fail, HOOK, STATUS),
    ROW(cryo_hook_kind, HOOK, VALUE),
    ROW(cryo_hook_pass, HOOK, STATUS),
    ROW(cryo_hook_replace, HOOK, STATUS),
    ROW(cryo_hook_session, HOOK, VALUE),
    ROW(cryo_hook_stop, HOOK, STATUS),
    NO_HANDLE(cryo_last_error),
    ROW(cryo_loop_fd, LOOP, STATUS),
    ROW(cryo_loop_free, LOOP, NOTHING),
    NO_HANDLE(cryo_loop_new),
    ROW(cryo_loop_run_once, LOOP, STATUS),
    ROW(cryo_loop_timeout_ms, LOOP, STATUS),
    ROW(cryo_loop_wake, LOOP, STATUS),
    ROW(cryo_message_ack, SESSION, STATUS),
    ROW(cryo_message_id, SESSION, VALUE),
    ROW(cryo_queue_fd, QUEUE, STATUS),
    ROW(cryo_queue_free, QUEUE, NOTHING),
    NO_HANDLE(cryo_queue_new),
    ROW(cryo_queue_next, QUEUE, STATUS),
    ROW(cryo_queue_next_many, QUEUE, STATUS),
    ROW(cryo_queue_release, QUEUE, STATUS),
    ROW(cryo_queue_set_capacity, QUEUE, STATUS),
    ROW(cryo_queue_wake, QUEUE, STATUS),
    ROW(cryo_server_add_extension, SERVER, STATUS),
    ROW(cryo_server_broadcast, SERVER, STATUS),
    ROW(cryo_server_connect_peer, SERVER, STATUS),
    ROW(cryo_server_drain, SERVER, STATUS),
    ROW(cryo_server_drain_with, SERVER, STATUS),
    ROW(cryo_server_fd, SERVER, STATUS),
    ROW(cryo_server_find_extension, SERVER, STATUS),
    ROW(cryo_server_find_session, SERVER, STATUS),
    ROW(cryo_server_free, SERVER, NOTHING),
    ROW(cryo_server_metrics, SERVER, STATUS),
    ROW(cryo_server_new, OPTIONS, STATUS),
    ROW(cryo_server_options_add_allowed_origin, OPTIONS, STATUS),
    ROW(cryo_server_options_add_session_header, OPTIONS, STATUS),
    ROW(cryo_server_options_add_tls_files, OPTIONS, STATUS),
    ROW(cryo_server_options_add_tls_memory, OPTIONS, STATUS),
    ROW(cryo_server_options_add_tls_ocsp_file, OPTIONS, STATUS),
    ROW(cryo_server_options_add_trusted_proxy, OPTIONS, STATUS),
    ROW(cryo_server_options_free, OPTIONS, NOTHING),
    NO_HANDLE(cryo_server_options_new),
    ROW(cryo_server_options_set_ack_timeout_ms, OPTIONS, STATUS),
    ROW(cryo_server_options_set_address_window_ms, OPTIONS, STATUS),
    ROW(cryo_server_options_set_cale, OPTIONS, STATUS),
    ROW(cryo_server_options_set_cale_timeout_ms, OPTIONS, STATUS),
    ROW(cryo_server_options_set_close_timeout_ms, OPTIONS, STATUS),
    ROW(cryo_server_options_set_drop_policy, OPTIONS, STATUS),
    ROW(cryo_server_options_set_duplicate_policy, OPTIONS, STATUS),
    ROW(cryo_server_options_set_events, OPTIONS, STATUS),
    ROW(cryo_server_options_set_forwarded_header, OPTIONS, STATUS),
    ROW(cryo_server_options_set_head_timeout_ms, OPTIONS, STATUS),
    ROW(cryo_server_options_set_health, OPTIONS, STATUS),
    ROW(cryo_server_options_set_hello_wait_ms, OPTIONS, STATUS),
    ROW(cryo_server_options_set_high_water_mark, OPTIONS, STATUS),
    ROW(cryo_server_options_set_host, OPTIONS, STATUS),
    ROW(cryo_server_options_set_keepalive_ms, OPTIONS, STATUS),
    ROW(cryo_server_options_set_listen_fd, OPTIONS, STATUS),
    ROW(cryo_server_options_set_low_water_mark, OPTIONS, STATUS),
    ROW(cryo_server_options_set_manual_ack, OPTIONS, STATUS),
    ROW(cryo_server_options_set_max_attempts_per_address, OPTIONS, STATUS),
    ROW(cryo_server_options_set_max_away_sessions, OPTIONS, STATUS),
    ROW(cryo_server_options_set_max_failed_tokens_per_address, OPTIONS, STATUS),
    ROW(cryo_server_options_set_max_fragments, OPTIONS, STATUS),
    ROW(cryo_server_options_set_max_head_bytes, OPTIONS, STATUS),
    ROW(cryo_server_options_set_max_message_bytes, OPTIONS, STATUS),
    ROW(cryo_server_options_set_max_pending_validations, OPTIONS, STATUS),
    ROW(cryo_server_options_set_max_queue_count, OPTIONS, STATUS),
    ROW(cryo_server_options_set_max_queued_bytes, OPTIONS, STATUS),
    ROW(cryo_server_options_set_max_receipts, OPTIONS, STATUS),
    ROW(cryo_server_options_set_max_sessions, OPTIONS, STATUS),
    ROW(cryo_server_options_set_max_sessions_per_address, OPTIONS, STATUS),
    ROW(cryo_server_options_set_max_total_queued_bytes, OPTIONS, STATUS),
    ROW(cryo_server_options_set_max_unacknowledged, OPTIONS, STATUS),
    ROW(cryo_server_options_set_max_violations, OPTIONS, STATUS),
    ROW(cryo_server_options_set_message_timeout_ms, OPTIONS, STATUS),
    ROW(cryo_server_options_set_metrics, OPTIONS, STATUS),
    ROW(cryo_server_options_set_min_message_rate, OPTIONS, STATUS),
    ROW(cryo_server_options_set_port, OPTIONS, STATUS),
    ROW(cryo_server_options_set_probe_timeout_ms, OPTIONS, STATUS),
    ROW(cryo_server_options_set_proxy_protocol, OPTIONS, STATUS),
    ROW(cryo_server_options_set_resume_window_ms, OPTIONS, STATUS),
    ROW(cryo_server_options_set_reuse_port, OPTIONS, STATUS),
    ROW(cryo_server_options_set_socket_mode, OPTIONS, STATUS),
    ROW(cryo_server_options_set_stall_timeout_ms, OPTIONS, STATUS),
    ROW(cryo_server_options_set_threads, OPTIONS, STATUS),
    ROW(cryo_server_options_set_tls_client_ca_file, OPTIONS, STATUS),
    ROW(cryo_server_options_set_tls_client_ca_memory, OPTIONS, STATUS),
    ROW(cryo_server_options_set_tls_files, OPTIONS, STATUS),
    ROW(cryo_server_options_set_tls_memory, OPTIONS, STATUS),
    ROW(cryo_server_options_set_tls_min_version, OPTIONS, STATUS),
    ROW(cryo_server_options_set_tls_require_client_certificate, OPTIONS, STATUS),
    ROW(cryo_server_options_set_tls_ticket_keys, OPTIONS, STATUS),
    ROW(cryo_server_options_set_transport, OPTIONS, STATUS),
    ROW(cryo_server_options_set_validation_timeout_ms, OPTIONS, STATUS),
    ROW(cryo_server_options_set_validator, OPTIONS, STATUS),
    ROW(cryo_server_port, SERVER, VALUE),
    ROW(cryo_server_post, SERVER, STATUS),
    ROW(cryo_server_post_after_ms, SERVER, STATUS),
    ROW(cryo_server_remove_extension, SERVER, STATUS),
    ROW(cryo_server_run_once, SERVER, STATUS),
    ROW(cryo_server_session_count, SERVER, VALUE),
    ROW(cryo_server_sessions, SERVER, STATUS),
    ROW(cryo_server_set_tls, SERVER, STATUS),
    ROW(cryo_server_set_tls_ticket_keys, SERVER, STATUS),
    ROW(cryo_server_start, SERVER, STATUS),
    ROW(cryo_server_stat, SERVER, STATUS),
    ROW(cryo_server_stop, SERVER, STATUS),
    ROW(cryo_server_timeout_ms, SERVER, STATUS),
    ROW(cryo_server_transport, SERVER, VALUE),
    ROW(cryo_server_wait, SERVER, STATUS),
    ROW(cryo_server_wake, SERVER, STATUS),
    ROW(cryo_session_claim, SESSION, STATUS),
    ROW(cryo_session_close, SESSION, STATUS),
    ROW(cryo_session_get, SESSION, STATUS),
    ROW(cryo_session_header, SESSION, STATUS),
    ROW(cryo_session_id, SESSION, STATUS),
    ROW(cryo_session_id_text, SESSION, STATUS),
    ROW(cryo_session_is_open, SESSION, VALUE),
    ROW(cryo_session_is_peer, SESSION, VALUE),
    ROW(cryo_session_is_secure, SESSION, VALUE),
    ROW(cryo_session_parameter, SESSION, STATUS),
    ROW(cryo_session_parameter_at, SESSION, STATUS),
    ROW(cryo_session_path, SESSION, STATUS),
    ROW(cryo_session_pause_reading, SESSION, STATUS),
    ROW(cryo_session_peer_certificate_fingerprint, SESSION, STATUS),
    ROW(cryo_session_peer_certificate_name, SESSION, STATUS),
    ROW(cryo_session_peer_certificate_subject, SESSION, STATUS),
    ROW(cryo_session_ping, SESSION, STATUS),
    ROW(cryo_session_post, SESSION, STATUS),
    ROW(cryo_session_post_after_ms, SESSION, STATUS),
    ROW(cryo_session_proxy_address, SESSION, STATUS),
    ROW(cryo_session_release, SESSION, NOTHING),
    ROW(cryo_session_remote_address, SESSION, STATUS),
    ROW(cryo_session_resume_reading, SESSION, STATUS),
    ROW(cryo_session_retain, SESSION, VALUE),
    ROW(cryo_session_send, SESSION, STATUS),
    ROW(cryo_session_send_with, SESSION, STATUS),
    ROW(cryo_session_set, SESSION, STATUS),
    ROW(cryo_session_set_expiry_ms, SESSION, STATUS),
    ROW(cryo_session_set_user, SESSION, STATUS),
    ROW(cryo_session_stat, SESSION, STATUS),
    ROW(cryo_session_token, SESSION, STATUS),
    ROW(cryo_session_user, SESSION, VALUE),
    ROW(cryo_session_visit, SESSION, STATUS),
    ROW(cryo_sessions_send, SESSION, STATUS),
    NO_HANDLE(cryo_set_log),
    NO_HANDLE(cryo_status_name),
    ROW(cryo_token_fail, TOKEN_REQUEST, STATUS),
    ROW(cryo_token_give, TOKEN_REQUEST, STATUS),
    NO_HANDLE(cryo_version),
    NO_HANDLE(cryo_version_string),
};

const size_t function_count = sizeof functions / sizeof functions[0];

const char *handle_name(enum takes kind) {
    static const char *const names[HANDLE_KINDS] = {
        "server options", "event set", "server", "session",   "auth ticket", "queue",       "event",
        "client options", "client",    "loop",   "extension", "hook ticket", "token ticket"};
    return kind < HANDLE_KINDS ? names[kind] : "";
}
