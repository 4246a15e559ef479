/* What Go calls: handles are numbers, and what went wrong comes with the status, since a goroutine's next call may be on
 * another thread. Written by bindings/api/update.py; do not edit. */
#ifndef CRYO_GO_ABI_H
#define CRYO_GO_ABI_H

#include <cryo.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    int32_t status;
    char *text; /* NULL, or to be freed */
} go_result;

static inline go_result go_result_of(cryo_status status) {
    go_result result = {status, status < 0 ? strdup(cryo_last_error()) : NULL};
    return result;
}

static inline uint32_t go_cryo_version(void) {
    return cryo_version();
}

static inline uint32_t go_cryo_abi_version(void) {
    return cryo_abi_version();
}

static inline const char *go_cryo_version_string(void) {
    return cryo_version_string();
}

static inline const char *go_cryo_build_info(void) {
    return cryo_build_info();
}

static inline const char *go_cryo_status_name(cryo_status status) {
    return cryo_status_name(status);
}

static inline const char *go_cryo_last_error(void) {
    return cryo_last_error();
}

static inline void go_cryo_events_free(uint64_t events) {
    cryo_events_free((cryo_events *)(uintptr_t)events);
}

static inline go_result go_cryo_events_use_queue(uint64_t events, uint64_t queue) {
    return go_result_of(cryo_events_use_queue((cryo_events *)(uintptr_t)events, (cryo_queue *)(uintptr_t)queue));
}

static inline go_result go_cryo_server_options_new(uint64_t *out) {
    cryo_server_options *made = NULL;
    go_result result = go_result_of(cryo_server_options_new(&made));
    *out = (uint64_t)(uintptr_t)made;
    return result;
}

static inline void go_cryo_server_options_free(uint64_t options) {
    cryo_server_options_free((cryo_server_options *)(uintptr_t)options);
}

static inline go_result go_cryo_server_options_set_host(uint64_t options, const char *host) {
    return go_result_of(cryo_server_options_set_host((cryo_server_options *)(uintptr_t)options, host));
}

static inline go_result go_cryo_server_options_set_port(uint64_t options, uint16_t port) {
    return go_result_of(cryo_server_options_set_port((cryo_server_options *)(uintptr_t)options, port));
}

static inline go_result go_cryo_server_options_set_reuse_port(uint64_t options, int32_t on) {
    return go_result_of(cryo_server_options_set_reuse_port((cryo_server_options *)(uintptr_t)options, on));
}

static inline go_result go_cryo_server_options_set_socket_mode(uint64_t options, uint32_t mode) {
    return go_result_of(cryo_server_options_set_socket_mode((cryo_server_options *)(uintptr_t)options, mode));
}

static inline go_result go_cryo_server_options_set_listen_fd(uint64_t options, int32_t fd) {
    return go_result_of(cryo_server_options_set_listen_fd((cryo_server_options *)(uintptr_t)options, fd));
}

static inline go_result go_cryo_server_options_set_transport(uint64_t options, int32_t transport) {
    return go_result_of(cryo_server_options_set_transport((cryo_server_options *)(uintptr_t)options, transport));
}

static inline go_result go_cryo_server_options_set_threads(uint64_t options, uint32_t threads) {
    return go_result_of(cryo_server_options_set_threads((cryo_server_options *)(uintptr_t)options, threads));
}

static inline go_result go_cryo_server_options_set_events(uint64_t options, uint64_t events) {
    return go_result_of(cryo_server_options_set_events((cryo_server_options *)(uintptr_t)options, (cryo_events *)(uintptr_t)events));
}

static inline go_result go_cryo_server_options_set_tls_files(uint64_t options, const char *certificate_file, const char *key_file) {
    return go_result_of(cryo_server_options_set_tls_files((cryo_server_options *)(uintptr_t)options, certificate_file, key_file));
}

static inline go_result go_cryo_server_options_set_tls_memory(uint64_t options, const uint8_t *certificate, size_t certificate_len, const uint8_t *key, size_t key_len) {
    return go_result_of(cryo_server_options_set_tls_memory((cryo_server_options *)(uintptr_t)options, certificate, certificate_len, key, key_len));
}

static inline go_result go_cryo_server_options_add_tls_files(uint64_t options, const char *certificate_file, const char *key_file) {
    return go_result_of(cryo_server_options_add_tls_files((cryo_server_options *)(uintptr_t)options, certificate_file, key_file));
}

static inline go_result go_cryo_server_options_add_tls_memory(uint64_t options, const uint8_t *certificate, size_t certificate_len, const uint8_t *key, size_t key_len) {
    return go_result_of(cryo_server_options_add_tls_memory((cryo_server_options *)(uintptr_t)options, certificate, certificate_len, key, key_len));
}

static inline go_result go_cryo_server_options_set_tls_min_version(uint64_t options, int32_t version) {
    return go_result_of(cryo_server_options_set_tls_min_version((cryo_server_options *)(uintptr_t)options, version));
}

static inline go_result go_cryo_server_options_set_tls_client_ca_file(uint64_t options, const char *file) {
    return go_result_of(cryo_server_options_set_tls_client_ca_file((cryo_server_options *)(uintptr_t)options, file));
}

static inline go_result go_cryo_server_options_set_tls_client_ca_memory(uint64_t options, const uint8_t *pem, size_t len) {
    return go_result_of(cryo_server_options_set_tls_client_ca_memory((cryo_server_options *)(uintptr_t)options, pem, len));
}

static inline go_result go_cryo_server_options_set_tls_require_client_certificate(uint64_t options, int32_t on) {
    return go_result_of(cryo_server_options_set_tls_require_client_certificate((cryo_server_options *)(uintptr_t)options, on));
}

static inline go_result go_cryo_server_options_add_tls_ocsp_file(uint64_t options, const char *file) {
    return go_result_of(cryo_server_options_add_tls_ocsp_file((cryo_server_options *)(uintptr_t)options, file));
}

static inline go_result go_cryo_server_options_set_tls_ticket_keys(uint64_t options, const uint8_t *keys, size_t len) {
    return go_result_of(cryo_server_options_set_tls_ticket_keys((cryo_server_options *)(uintptr_t)options, keys, len));
}

static inline go_result go_cryo_server_options_set_cale(uint64_t options, int32_t on) {
    return go_result_of(cryo_server_options_set_cale((cryo_server_options *)(uintptr_t)options, on));
}

static inline go_result go_cryo_server_options_set_cale_timeout_ms(uint64_t options, uint32_t ms) {
    return go_result_of(cryo_server_options_set_cale_timeout_ms((cryo_server_options *)(uintptr_t)options, ms));
}

static inline go_result go_cryo_server_options_set_keepalive_ms(uint64_t options, uint32_t ms) {
    return go_result_of(cryo_server_options_set_keepalive_ms((cryo_server_options *)(uintptr_t)options, ms));
}

static inline go_result go_cryo_server_options_set_stall_timeout_ms(uint64_t options, uint32_t ms) {
    return go_result_of(cryo_server_options_set_stall_timeout_ms((cryo_server_options *)(uintptr_t)options, ms));
}

static inline go_result go_cryo_server_options_set_ack_timeout_ms(uint64_t options, uint32_t ms) {
    return go_result_of(cryo_server_options_set_ack_timeout_ms((cryo_server_options *)(uintptr_t)options, ms));
}

static inline go_result go_cryo_server_options_set_head_timeout_ms(uint64_t options, uint32_t ms) {
    return go_result_of(cryo_server_options_set_head_timeout_ms((cryo_server_options *)(uintptr_t)options, ms));
}

static inline go_result go_cryo_server_options_set_max_head_bytes(uint64_t options, uint32_t bytes) {
    return go_result_of(cryo_server_options_set_max_head_bytes((cryo_server_options *)(uintptr_t)options, bytes));
}

static inline go_result go_cryo_server_options_add_trusted_proxy(uint64_t options, const char *network) {
    return go_result_of(cryo_server_options_add_trusted_proxy((cryo_server_options *)(uintptr_t)options, network));
}

static inline go_result go_cryo_server_options_set_forwarded_header(uint64_t options, int32_t which) {
    return go_result_of(cryo_server_options_set_forwarded_header((cryo_server_options *)(uintptr_t)options, which));
}

static inline go_result go_cryo_server_options_set_proxy_protocol(uint64_t options, int32_t on) {
    return go_result_of(cryo_server_options_set_proxy_protocol((cryo_server_options *)(uintptr_t)options, on));
}

static inline go_result go_cryo_server_options_set_validation_timeout_ms(uint64_t options, uint32_t ms) {
    return go_result_of(cryo_server_options_set_validation_timeout_ms((cryo_server_options *)(uintptr_t)options, ms));
}

static inline go_result go_cryo_server_options_set_hello_wait_ms(uint64_t options, uint32_t ms) {
    return go_result_of(cryo_server_options_set_hello_wait_ms((cryo_server_options *)(uintptr_t)options, ms));
}

static inline go_result go_cryo_server_options_set_close_timeout_ms(uint64_t options, uint32_t ms) {
    return go_result_of(cryo_server_options_set_close_timeout_ms((cryo_server_options *)(uintptr_t)options, ms));
}

static inline go_result go_cryo_server_options_set_message_timeout_ms(uint64_t options, uint32_t ms) {
    return go_result_of(cryo_server_options_set_message_timeout_ms((cryo_server_options *)(uintptr_t)options, ms));
}

static inline go_result go_cryo_server_options_set_min_message_rate(uint64_t options, uint32_t bytes_per_second) {
    return go_result_of(cryo_server_options_set_min_message_rate((cryo_server_options *)(uintptr_t)options, bytes_per_second));
}

static inline go_result go_cryo_server_options_set_max_message_bytes(uint64_t options, uint64_t bytes) {
    return go_result_of(cryo_server_options_set_max_message_bytes((cryo_server_options *)(uintptr_t)options, bytes));
}

static inline go_result go_cryo_server_options_set_max_fragments(uint64_t options, uint32_t count) {
    return go_result_of(cryo_server_options_set_max_fragments((cryo_server_options *)(uintptr_t)options, count));
}

static inline go_result go_cryo_server_options_set_max_violations(uint64_t options, uint32_t count) {
    return go_result_of(cryo_server_options_set_max_violations((cryo_server_options *)(uintptr_t)options, count));
}

static inline go_result go_cryo_server_options_set_high_water_mark(uint64_t options, uint64_t bytes) {
    return go_result_of(cryo_server_options_set_high_water_mark((cryo_server_options *)(uintptr_t)options, bytes));
}

static inline go_result go_cryo_server_options_set_low_water_mark(uint64_t options, uint64_t bytes) {
    return go_result_of(cryo_server_options_set_low_water_mark((cryo_server_options *)(uintptr_t)options, bytes));
}

static inline go_result go_cryo_server_options_set_max_queued_bytes(uint64_t options, uint64_t bytes) {
    return go_result_of(cryo_server_options_set_max_queued_bytes((cryo_server_options *)(uintptr_t)options, bytes));
}

static inline go_result go_cryo_server_options_set_max_queue_count(uint64_t options, uint32_t count) {
    return go_result_of(cryo_server_options_set_max_queue_count((cryo_server_options *)(uintptr_t)options, count));
}

static inline go_result go_cryo_server_options_set_drop_policy(uint64_t options, int32_t policy) {
    return go_result_of(cryo_server_options_set_drop_policy((cryo_server_options *)(uintptr_t)options, policy));
}

static inline go_result go_cryo_server_options_set_max_total_queued_bytes(uint64_t options, uint64_t bytes) {
    return go_result_of(cryo_server_options_set_max_total_queued_bytes((cryo_server_options *)(uintptr_t)options, bytes));
}

static inline go_result go_cryo_server_options_set_max_receipts(uint64_t options, uint32_t count) {
    return go_result_of(cryo_server_options_set_max_receipts((cryo_server_options *)(uintptr_t)options, count));
}

static inline go_result go_cryo_server_options_set_max_sessions(uint64_t options, uint32_t count) {
    return go_result_of(cryo_server_options_set_max_sessions((cryo_server_options *)(uintptr_t)options, count));
}

static inline go_result go_cryo_server_options_set_max_sessions_per_address(uint64_t options, uint32_t count) {
    return go_result_of(cryo_server_options_set_max_sessions_per_address((cryo_server_options *)(uintptr_t)options, count));
}

static inline go_result go_cryo_server_options_set_duplicate_policy(uint64_t options, int32_t policy) {
    return go_result_of(cryo_server_options_set_duplicate_policy((cryo_server_options *)(uintptr_t)options, policy));
}

static inline go_result go_cryo_server_options_set_probe_timeout_ms(uint64_t options, uint32_t ms) {
    return go_result_of(cryo_server_options_set_probe_timeout_ms((cryo_server_options *)(uintptr_t)options, ms));
}

static inline go_result go_cryo_server_options_set_resume_window_ms(uint64_t options, uint32_t ms) {
    return go_result_of(cryo_server_options_set_resume_window_ms((cryo_server_options *)(uintptr_t)options, ms));
}

static inline go_result go_cryo_server_options_set_max_away_sessions(uint64_t options, uint32_t count) {
    return go_result_of(cryo_server_options_set_max_away_sessions((cryo_server_options *)(uintptr_t)options, count));
}

static inline go_result go_cryo_server_options_set_max_pending_validations(uint64_t options, uint32_t count) {
    return go_result_of(cryo_server_options_set_max_pending_validations((cryo_server_options *)(uintptr_t)options, count));
}

static inline go_result go_cryo_server_options_set_health(uint64_t options, int32_t on) {
    return go_result_of(cryo_server_options_set_health((cryo_server_options *)(uintptr_t)options, on));
}

static inline go_result go_cryo_server_options_set_metrics(uint64_t options, int32_t on, const char *token) {
    return go_result_of(cryo_server_options_set_metrics((cryo_server_options *)(uintptr_t)options, on, token));
}

static inline go_result go_cryo_server_options_set_manual_ack(uint64_t options, int32_t on) {
    return go_result_of(cryo_server_options_set_manual_ack((cryo_server_options *)(uintptr_t)options, on));
}

static inline go_result go_cryo_server_options_set_max_unacknowledged(uint64_t options, uint32_t count) {
    return go_result_of(cryo_server_options_set_max_unacknowledged((cryo_server_options *)(uintptr_t)options, count));
}

static inline go_result go_cryo_server_options_add_allowed_origin(uint64_t options, const char *origin) {
    return go_result_of(cryo_server_options_add_allowed_origin((cryo_server_options *)(uintptr_t)options, origin));
}

static inline go_result go_cryo_server_options_add_session_header(uint64_t options, const char *name) {
    return go_result_of(cryo_server_options_add_session_header((cryo_server_options *)(uintptr_t)options, name));
}

static inline go_result go_cryo_server_options_set_max_attempts_per_address(uint64_t options, uint32_t count) {
    return go_result_of(cryo_server_options_set_max_attempts_per_address((cryo_server_options *)(uintptr_t)options, count));
}

static inline go_result go_cryo_server_options_set_max_failed_tokens_per_address(uint64_t options, uint32_t count) {
    return go_result_of(cryo_server_options_set_max_failed_tokens_per_address((cryo_server_options *)(uintptr_t)options, count));
}

static inline go_result go_cryo_server_options_set_address_window_ms(uint64_t options, uint32_t ms) {
    return go_result_of(cryo_server_options_set_address_window_ms((cryo_server_options *)(uintptr_t)options, ms));
}

static inline go_result go_cryo_server_new(uint64_t options, uint64_t *out) {
    cryo_server *made = NULL;
    go_result result = go_result_of(cryo_server_new((const cryo_server_options *)(uintptr_t)options, &made));
    *out = (uint64_t)(uintptr_t)made;
    return result;
}

static inline go_result go_cryo_server_start(uint64_t server) {
    return go_result_of(cryo_server_start((cryo_server *)(uintptr_t)server));
}

static inline uint16_t go_cryo_server_port(uint64_t server) {
    return cryo_server_port((const cryo_server *)(uintptr_t)server);
}

static inline int32_t go_cryo_server_transport(uint64_t server) {
    return cryo_server_transport((const cryo_server *)(uintptr_t)server);
}

static inline go_result go_cryo_server_run_once(uint64_t server, int32_t timeout_ms) {
    return go_result_of(cryo_server_run_once((cryo_server *)(uintptr_t)server, timeout_ms));
}

static inline go_result go_cryo_server_wake(uint64_t server) {
    return go_result_of(cryo_server_wake((cryo_server *)(uintptr_t)server));
}

static inline int32_t go_cryo_server_fd(uint64_t server) {
    return cryo_server_fd((const cryo_server *)(uintptr_t)server);
}

static inline int32_t go_cryo_server_timeout_ms(uint64_t server) {
    return cryo_server_timeout_ms((const cryo_server *)(uintptr_t)server);
}

static inline go_result go_cryo_server_set_tls(uint64_t server, uint64_t options) {
    return go_result_of(cryo_server_set_tls((cryo_server *)(uintptr_t)server, (const cryo_server_options *)(uintptr_t)options));
}

static inline go_result go_cryo_server_set_tls_ticket_keys(uint64_t server, const uint8_t *keys, size_t len) {
    return go_result_of(cryo_server_set_tls_ticket_keys((cryo_server *)(uintptr_t)server, keys, len));
}

static inline go_result go_cryo_server_stop(uint64_t server) {
    return go_result_of(cryo_server_stop((cryo_server *)(uintptr_t)server));
}

static inline go_result go_cryo_server_drain(uint64_t server, uint32_t deadline_ms, uint32_t batch_ms) {
    return go_result_of(cryo_server_drain((cryo_server *)(uintptr_t)server, deadline_ms, batch_ms));
}

static inline go_result go_cryo_server_drain_with(uint64_t server, uint32_t deadline_ms, uint32_t batch_ms, int32_t code, const char *reason, uint32_t retry_ms) {
    return go_result_of(cryo_server_drain_with((cryo_server *)(uintptr_t)server, deadline_ms, batch_ms, code, reason, retry_ms));
}

static inline go_result go_cryo_server_wait(uint64_t server, int32_t timeout_ms) {
    return go_result_of(cryo_server_wait((cryo_server *)(uintptr_t)server, timeout_ms));
}

static inline void go_cryo_server_free(uint64_t server) {
    cryo_server_free((cryo_server *)(uintptr_t)server);
}

static inline go_result go_cryo_server_stat(uint64_t server, int32_t stat, int32_t of, double *out) {
    return go_result_of(cryo_server_stat((const cryo_server *)(uintptr_t)server, stat, of, out));
}

static inline go_result go_cryo_server_metrics(uint64_t server, char *out, size_t capacity, size_t *len) {
    return go_result_of(cryo_server_metrics((const cryo_server *)(uintptr_t)server, out, capacity, len));
}

static inline size_t go_cryo_server_session_count(uint64_t server) {
    return cryo_server_session_count((const cryo_server *)(uintptr_t)server);
}

static inline go_result go_cryo_server_find_session(uint64_t server, const uint8_t *id, uint64_t *out) {
    cryo_session *made = NULL;
    go_result result = go_result_of(cryo_server_find_session((const cryo_server *)(uintptr_t)server, id, &made));
    *out = (uint64_t)(uintptr_t)made;
    return result;
}

static inline go_result go_cryo_server_broadcast(uint64_t server, int32_t kind, const uint8_t *data, size_t len, uint64_t except, size_t *count) {
    return go_result_of(cryo_server_broadcast((cryo_server *)(uintptr_t)server, kind, data, len, (const cryo_session *)(uintptr_t)except, count));
}

static inline go_result go_cryo_server_connect_peer(uint64_t server, uint64_t options, uint64_t *out) {
    cryo_session *made = NULL;
    go_result result = go_result_of(cryo_server_connect_peer((cryo_server *)(uintptr_t)server, (const cryo_client_options *)(uintptr_t)options, &made));
    *out = (uint64_t)(uintptr_t)made;
    return result;
}

static inline go_result go_cryo_auth_accept(uint64_t auth) {
    return go_result_of(cryo_auth_accept((cryo_auth *)(uintptr_t)auth));
}

static inline go_result go_cryo_auth_replace(uint64_t auth) {
    return go_result_of(cryo_auth_replace((cryo_auth *)(uintptr_t)auth));
}

static inline go_result go_cryo_auth_set_claim(uint64_t auth, const char *name, const char *value) {
    return go_result_of(cryo_auth_set_claim((cryo_auth *)(uintptr_t)auth, name, value));
}

static inline go_result go_cryo_auth_set_expiry_ms(uint64_t auth, int64_t ms) {
    return go_result_of(cryo_auth_set_expiry_ms((cryo_auth *)(uintptr_t)auth, ms));
}

static inline go_result go_cryo_auth_refuse(uint64_t auth, int32_t http_status, const char *body, uint32_t retry_after_ms) {
    return go_result_of(cryo_auth_refuse((cryo_auth *)(uintptr_t)auth, http_status, body, retry_after_ms));
}

static inline go_result go_cryo_auth_reject(uint64_t auth, const char *reason) {
    return go_result_of(cryo_auth_reject((cryo_auth *)(uintptr_t)auth, reason));
}

static inline go_result go_cryo_auth_token(uint64_t auth, char *out, size_t capacity, size_t *len) {
    return go_result_of(cryo_auth_token((const cryo_auth *)(uintptr_t)auth, out, capacity, len));
}

static inline go_result go_cryo_auth_remote_address(uint64_t auth, char *out, size_t capacity, size_t *len) {
    return go_result_of(cryo_auth_remote_address((const cryo_auth *)(uintptr_t)auth, out, capacity, len));
}

static inline go_result go_cryo_auth_proxy_address(uint64_t auth, char *out, size_t capacity, size_t *len) {
    return go_result_of(cryo_auth_proxy_address((const cryo_auth *)(uintptr_t)auth, out, capacity, len));
}

static inline go_result go_cryo_auth_path(uint64_t auth, char *out, size_t capacity, size_t *len) {
    return go_result_of(cryo_auth_path((const cryo_auth *)(uintptr_t)auth, out, capacity, len));
}

static inline go_result go_cryo_auth_parameter(uint64_t auth, const char *name, char *out, size_t capacity, size_t *len) {
    return go_result_of(cryo_auth_parameter((const cryo_auth *)(uintptr_t)auth, name, out, capacity, len));
}

static inline go_result go_cryo_auth_peer_certificate_subject(uint64_t auth, char *out, size_t capacity, size_t *len) {
    return go_result_of(cryo_auth_peer_certificate_subject((const cryo_auth *)(uintptr_t)auth, out, capacity, len));
}

static inline go_result go_cryo_auth_peer_certificate_name(uint64_t auth, size_t index, char *out, size_t capacity, size_t *len) {
    return go_result_of(cryo_auth_peer_certificate_name((const cryo_auth *)(uintptr_t)auth, index, out, capacity, len));
}

static inline go_result go_cryo_auth_peer_certificate_fingerprint(uint64_t auth, char *out, size_t capacity, size_t *len) {
    return go_result_of(cryo_auth_peer_certificate_fingerprint((const cryo_auth *)(uintptr_t)auth, out, capacity, len));
}

static inline go_result go_cryo_auth_header(uint64_t auth, const char *name, char *out, size_t capacity, size_t *len) {
    return go_result_of(cryo_auth_header((const cryo_auth *)(uintptr_t)auth, name, out, capacity, len));
}

static inline uint64_t go_cryo_session_retain(uint64_t session) {
    return (uint64_t)(uintptr_t)cryo_session_retain((cryo_session *)(uintptr_t)session);
}

static inline void go_cryo_session_release(uint64_t session) {
    cryo_session_release((cryo_session *)(uintptr_t)session);
}

static inline go_result go_cryo_session_send(uint64_t session, int32_t kind, const uint8_t *data, size_t len) {
    return go_result_of(cryo_session_send((cryo_session *)(uintptr_t)session, kind, data, len));
}

static inline go_result go_cryo_session_send_with(uint64_t session, int32_t kind, const uint8_t *data, size_t len, const char *key, uint64_t receipt) {
    return go_result_of(cryo_session_send_with((cryo_session *)(uintptr_t)session, kind, data, len, key, receipt));
}

static inline go_result go_cryo_session_ping(uint64_t session) {
    return go_result_of(cryo_session_ping((cryo_session *)(uintptr_t)session));
}

static inline go_result go_cryo_session_close(uint64_t session, int32_t code, const char *reason) {
    return go_result_of(cryo_session_close((cryo_session *)(uintptr_t)session, code, reason));
}

static inline int32_t go_cryo_session_is_open(uint64_t session) {
    return cryo_session_is_open((const cryo_session *)(uintptr_t)session);
}

static inline int32_t go_cryo_session_is_secure(uint64_t session) {
    return cryo_session_is_secure((const cryo_session *)(uintptr_t)session);
}

static inline int32_t go_cryo_session_is_peer(uint64_t session) {
    return cryo_session_is_peer((const cryo_session *)(uintptr_t)session);
}

static inline go_result go_cryo_session_id(uint64_t session, uint8_t *out) {
    return go_result_of(cryo_session_id((const cryo_session *)(uintptr_t)session, out));
}

static inline go_result go_cryo_session_id_text(uint64_t session, char *out, size_t capacity, size_t *len) {
    return go_result_of(cryo_session_id_text((const cryo_session *)(uintptr_t)session, out, capacity, len));
}

static inline go_result go_cryo_session_token(uint64_t session, char *out, size_t capacity, size_t *len) {
    return go_result_of(cryo_session_token((const cryo_session *)(uintptr_t)session, out, capacity, len));
}

static inline go_result go_cryo_session_remote_address(uint64_t session, char *out, size_t capacity, size_t *len) {
    return go_result_of(cryo_session_remote_address((const cryo_session *)(uintptr_t)session, out, capacity, len));
}

static inline go_result go_cryo_session_proxy_address(uint64_t session, char *out, size_t capacity, size_t *len) {
    return go_result_of(cryo_session_proxy_address((const cryo_session *)(uintptr_t)session, out, capacity, len));
}

static inline go_result go_cryo_session_path(uint64_t session, char *out, size_t capacity, size_t *len) {
    return go_result_of(cryo_session_path((const cryo_session *)(uintptr_t)session, out, capacity, len));
}

static inline go_result go_cryo_session_parameter(uint64_t session, const char *name, char *out, size_t capacity, size_t *len) {
    return go_result_of(cryo_session_parameter((const cryo_session *)(uintptr_t)session, name, out, capacity, len));
}

static inline go_result go_cryo_session_peer_certificate_subject(uint64_t session, char *out, size_t capacity, size_t *len) {
    return go_result_of(cryo_session_peer_certificate_subject((const cryo_session *)(uintptr_t)session, out, capacity, len));
}

static inline go_result go_cryo_session_peer_certificate_name(uint64_t session, size_t index, char *out, size_t capacity, size_t *len) {
    return go_result_of(cryo_session_peer_certificate_name((const cryo_session *)(uintptr_t)session, index, out, capacity, len));
}

static inline go_result go_cryo_session_peer_certificate_fingerprint(uint64_t session, char *out, size_t capacity, size_t *len) {
    return go_result_of(cryo_session_peer_certificate_fingerprint((const cryo_session *)(uintptr_t)session, out, capacity, len));
}

static inline go_result go_cryo_session_header(uint64_t session, const char *name, char *out, size_t capacity, size_t *len) {
    return go_result_of(cryo_session_header((const cryo_session *)(uintptr_t)session, name, out, capacity, len));
}

static inline go_result go_cryo_session_claim(uint64_t session, const char *name, char *out, size_t capacity, size_t *len) {
    return go_result_of(cryo_session_claim((const cryo_session *)(uintptr_t)session, name, out, capacity, len));
}

static inline go_result go_cryo_session_set_expiry_ms(uint64_t session, int64_t ms) {
    return go_result_of(cryo_session_set_expiry_ms((cryo_session *)(uintptr_t)session, ms));
}

static inline go_result go_cryo_session_stat(uint64_t session, int32_t stat, double *out) {
    return go_result_of(cryo_session_stat((const cryo_session *)(uintptr_t)session, stat, out));
}

static inline go_result go_cryo_session_pause_reading(uint64_t session) {
    return go_result_of(cryo_session_pause_reading((cryo_session *)(uintptr_t)session));
}

static inline go_result go_cryo_session_resume_reading(uint64_t session) {
    return go_result_of(cryo_session_resume_reading((cryo_session *)(uintptr_t)session));
}

static inline uint64_t go_cryo_message_id(uint64_t session) {
    return cryo_message_id((const cryo_session *)(uintptr_t)session);
}

static inline go_result go_cryo_message_ack(uint64_t session, uint64_t message) {
    return go_result_of(cryo_message_ack((cryo_session *)(uintptr_t)session, message));
}

static inline go_result go_cryo_client_options_new(uint64_t *out) {
    cryo_client_options *made = NULL;
    go_result result = go_result_of(cryo_client_options_new(&made));
    *out = (uint64_t)(uintptr_t)made;
    return result;
}

static inline void go_cryo_client_options_free(uint64_t options) {
    cryo_client_options_free((cryo_client_options *)(uintptr_t)options);
}

static inline go_result go_cryo_client_options_set_url(uint64_t options, const char *url) {
    return go_result_of(cryo_client_options_set_url((cryo_client_options *)(uintptr_t)options, url));
}

static inline go_result go_cryo_client_options_set_token(uint64_t options, const char *token) {
    return go_result_of(cryo_client_options_set_token((cryo_client_options *)(uintptr_t)options, token));
}

static inline go_result go_cryo_client_options_set_session_id(uint64_t options, const uint8_t *id) {
    return go_result_of(cryo_client_options_set_session_id((cryo_client_options *)(uintptr_t)options, id));
}

static inline go_result go_cryo_client_options_add_parameter(uint64_t options, const char *name, const char *value) {
    return go_result_of(cryo_client_options_add_parameter((cryo_client_options *)(uintptr_t)options, name, value));
}

static inline go_result go_cryo_client_options_add_header(uint64_t options, const char *name, const char *value) {
    return go_result_of(cryo_client_options_add_header((cryo_client_options *)(uintptr_t)options, name, value));
}

static inline go_result go_cryo_client_options_set_events(uint64_t options, uint64_t events) {
    return go_result_of(cryo_client_options_set_events((cryo_client_options *)(uintptr_t)options, (cryo_events *)(uintptr_t)events));
}

static inline go_result go_cryo_client_options_set_loop(uint64_t options, uint64_t loop) {
    return go_result_of(cryo_client_options_set_loop((cryo_client_options *)(uintptr_t)options, (cryo_loop *)(uintptr_t)loop));
}

static inline go_result go_cryo_client_options_set_cale(uint64_t options, int32_t on) {
    return go_result_of(cryo_client_options_set_cale((cryo_client_options *)(uintptr_t)options, on));
}

static inline go_result go_cryo_client_options_set_cale_timeout_ms(uint64_t options, uint32_t ms) {
    return go_result_of(cryo_client_options_set_cale_timeout_ms((cryo_client_options *)(uintptr_t)options, ms));
}

static inline go_result go_cryo_client_options_set_tls_ca_file(uint64_t options, const char *file) {
    return go_result_of(cryo_client_options_set_tls_ca_file((cryo_client_options *)(uintptr_t)options, file));
}

static inline go_result go_cryo_client_options_set_tls_ca_memory(uint64_t options, const uint8_t *pem, size_t len) {
    return go_result_of(cryo_client_options_set_tls_ca_memory((cryo_client_options *)(uintptr_t)options, pem, len));
}

static inline go_result go_cryo_client_options_set_tls_system_ca(uint64_t options, int32_t on) {
    return go_result_of(cryo_client_options_set_tls_system_ca((cryo_client_options *)(uintptr_t)options, on));
}

static inline go_result go_cryo_client_options_set_tls_files(uint64_t options, const char *certificate_file, const char *key_file) {
    return go_result_of(cryo_client_options_set_tls_files((cryo_client_options *)(uintptr_t)options, certificate_file, key_file));
}

static inline go_result go_cryo_client_options_set_tls_memory(uint64_t options, const uint8_t *certificate, size_t certificate_len, const uint8_t *key, size_t key_len) {
    return go_result_of(cryo_client_options_set_tls_memory((cryo_client_options *)(uintptr_t)options, certificate, certificate_len, key, key_len));
}

static inline go_result go_cryo_client_options_set_tls_min_version(uint64_t options, int32_t version) {
    return go_result_of(cryo_client_options_set_tls_min_version((cryo_client_options *)(uintptr_t)options, version));
}

static inline go_result go_cryo_client_options_set_proxy(uint64_t options, const char *url) {
    return go_result_of(cryo_client_options_set_proxy((cryo_client_options *)(uintptr_t)options, url));
}

static inline go_result go_cryo_client_options_use_proxy_from_environment(uint64_t options, int32_t on) {
    return go_result_of(cryo_client_options_use_proxy_from_environment((cryo_client_options *)(uintptr_t)options, on));
}

static inline go_result go_cryo_client_options_set_connect_timeout_ms(uint64_t options, uint32_t ms) {
    return go_result_of(cryo_client_options_set_connect_timeout_ms((cryo_client_options *)(uintptr_t)options, ms));
}

static inline go_result go_cryo_client_options_set_reconnect_initial_ms(uint64_t options, uint32_t ms) {
    return go_result_of(cryo_client_options_set_reconnect_initial_ms((cryo_client_options *)(uintptr_t)options, ms));
}

static inline go_result go_cryo_client_options_set_reconnect_max_ms(uint64_t options, uint32_t ms) {
    return go_result_of(cryo_client_options_set_reconnect_max_ms((cryo_client_options *)(uintptr_t)options, ms));
}

static inline go_result go_cryo_client_options_set_reconnect_attempts(uint64_t options, uint32_t count) {
    return go_result_of(cryo_client_options_set_reconnect_attempts((cryo_client_options *)(uintptr_t)options, count));
}

static inline go_result go_cryo_client_options_set_resend(uint64_t options, int32_t on) {
    return go_result_of(cryo_client_options_set_resend((cryo_client_options *)(uintptr_t)options, on));
}

static inline go_result go_cryo_client_options_set_keepalive_ms(uint64_t options, uint32_t ms) {
    return go_result_of(cryo_client_options_set_keepalive_ms((cryo_client_options *)(uintptr_t)options, ms));
}

static inline go_result go_cryo_client_options_set_stall_timeout_ms(uint64_t options, uint32_t ms) {
    return go_result_of(cryo_client_options_set_stall_timeout_ms((cryo_client_options *)(uintptr_t)options, ms));
}

static inline go_result go_cryo_client_options_set_ack_timeout_ms(uint64_t options, uint32_t ms) {
    return go_result_of(cryo_client_options_set_ack_timeout_ms((cryo_client_options *)(uintptr_t)options, ms));
}

static inline go_result go_cryo_client_options_set_close_timeout_ms(uint64_t options, uint32_t ms) {
    return go_result_of(cryo_client_options_set_close_timeout_ms((cryo_client_options *)(uintptr_t)options, ms));
}

static inline go_result go_cryo_client_options_set_max_message_bytes(uint64_t options, uint64_t bytes) {
    return go_result_of(cryo_client_options_set_max_message_bytes((cryo_client_options *)(uintptr_t)options, bytes));
}

static inline go_result go_cryo_client_options_set_max_violations(uint64_t options, uint32_t count) {
    return go_result_of(cryo_client_options_set_max_violations((cryo_client_options *)(uintptr_t)options, count));
}

static inline go_result go_cryo_client_options_set_low_water_mark(uint64_t options, uint64_t bytes) {
    return go_result_of(cryo_client_options_set_low_water_mark((cryo_client_options *)(uintptr_t)options, bytes));
}

static inline go_result go_cryo_client_options_set_max_queue_count(uint64_t options, uint32_t count) {
    return go_result_of(cryo_client_options_set_max_queue_count((cryo_client_options *)(uintptr_t)options, count));
}

static inline go_result go_cryo_client_options_set_drop_policy(uint64_t options, int32_t policy) {
    return go_result_of(cryo_client_options_set_drop_policy((cryo_client_options *)(uintptr_t)options, policy));
}

static inline go_result go_cryo_client_options_set_max_receipts(uint64_t options, uint32_t count) {
    return go_result_of(cryo_client_options_set_max_receipts((cryo_client_options *)(uintptr_t)options, count));
}

static inline go_result go_cryo_client_options_set_high_water_mark(uint64_t options, uint64_t bytes) {
    return go_result_of(cryo_client_options_set_high_water_mark((cryo_client_options *)(uintptr_t)options, bytes));
}

static inline go_result go_cryo_client_options_set_max_queued_bytes(uint64_t options, uint64_t bytes) {
    return go_result_of(cryo_client_options_set_max_queued_bytes((cryo_client_options *)(uintptr_t)options, bytes));
}

static inline go_result go_cryo_client_new(uint64_t options, uint64_t *out) {
    cryo_client *made = NULL;
    go_result result = go_result_of(cryo_client_new((const cryo_client_options *)(uintptr_t)options, &made));
    *out = (uint64_t)(uintptr_t)made;
    return result;
}

static inline go_result go_cryo_client_start(uint64_t client) {
    return go_result_of(cryo_client_start((cryo_client *)(uintptr_t)client));
}

static inline uint64_t go_cryo_client_session(uint64_t client) {
    return (uint64_t)(uintptr_t)cryo_client_session((const cryo_client *)(uintptr_t)client);
}

static inline go_result go_cryo_client_set_token(uint64_t client, const char *token) {
    return go_result_of(cryo_client_set_token((cryo_client *)(uintptr_t)client, token));
}

static inline go_result go_cryo_token_give(uint64_t request, const char *token) {
    return go_result_of(cryo_token_give((cryo_token_request *)(uintptr_t)request, token));
}

static inline go_result go_cryo_token_fail(uint64_t request, const char *reason) {
    return go_result_of(cryo_token_fail((cryo_token_request *)(uintptr_t)request, reason));
}

static inline go_result go_cryo_client_close(uint64_t client, int32_t code, const char *reason) {
    return go_result_of(cryo_client_close((cryo_client *)(uintptr_t)client, code, reason));
}

static inline go_result go_cryo_client_wait(uint64_t client, int32_t timeout_ms) {
    return go_result_of(cryo_client_wait((cryo_client *)(uintptr_t)client, timeout_ms));
}

static inline void go_cryo_client_free(uint64_t client) {
    cryo_client_free((cryo_client *)(uintptr_t)client);
}

static inline void go_cryo_extension_free(uint64_t extension) {
    cryo_extension_free((cryo_extension *)(uintptr_t)extension);
}

static inline go_result go_cryo_extension_name(uint64_t extension, char *out, size_t capacity, size_t *len) {
    return go_result_of(cryo_extension_name((const cryo_extension *)(uintptr_t)extension, out, capacity, len));
}

static inline go_result go_cryo_extension_set_queue(uint64_t extension, int32_t direction, int32_t kind, uint64_t queue) {
    return go_result_of(cryo_extension_set_queue((cryo_extension *)(uintptr_t)extension, direction, kind, (cryo_queue *)(uintptr_t)queue));
}

static inline go_result go_cryo_extension_set_timeout_ms(uint64_t extension, uint32_t ms) {
    return go_result_of(cryo_extension_set_timeout_ms((cryo_extension *)(uintptr_t)extension, ms));
}

static inline go_result go_cryo_extension_set_on_failure(uint64_t extension, int32_t what) {
    return go_result_of(cryo_extension_set_on_failure((cryo_extension *)(uintptr_t)extension, what));
}

static inline go_result go_cryo_server_add_extension(uint64_t server, uint64_t extension) {
    return go_result_of(cryo_server_add_extension((cryo_server *)(uintptr_t)server, (cryo_extension *)(uintptr_t)extension));
}

static inline go_result go_cryo_server_remove_extension(uint64_t server, const char *name) {
    return go_result_of(cryo_server_remove_extension((cryo_server *)(uintptr_t)server, name));
}

static inline go_result go_cryo_server_find_extension(uint64_t server, const char *name, uint64_t *out) {
    cryo_extension *made = NULL;
    go_result result = go_result_of(cryo_server_find_extension((const cryo_server *)(uintptr_t)server, name, &made));
    *out = (uint64_t)(uintptr_t)made;
    return result;
}

static inline go_result go_cryo_client_add_extension(uint64_t client, uint64_t extension) {
    return go_result_of(cryo_client_add_extension((cryo_client *)(uintptr_t)client, (cryo_extension *)(uintptr_t)extension));
}

static inline go_result go_cryo_client_remove_extension(uint64_t client, const char *name) {
    return go_result_of(cryo_client_remove_extension((cryo_client *)(uintptr_t)client, name));
}

static inline go_result go_cryo_client_find_extension(uint64_t client, const char *name, uint64_t *out) {
    cryo_extension *made = NULL;
    go_result result = go_result_of(cryo_client_find_extension((const cryo_client *)(uintptr_t)client, name, &made));
    *out = (uint64_t)(uintptr_t)made;
    return result;
}

static inline go_result go_cryo_hook_pass(uint64_t hook) {
    return go_result_of(cryo_hook_pass((cryo_hook *)(uintptr_t)hook));
}

static inline go_result go_cryo_hook_replace(uint64_t hook, const uint8_t *data, size_t len) {
    return go_result_of(cryo_hook_replace((cryo_hook *)(uintptr_t)hook, data, len));
}

static inline go_result go_cryo_hook_stop(uint64_t hook) {
    return go_result_of(cryo_hook_stop((cryo_hook *)(uintptr_t)hook));
}

static inline go_result go_cryo_hook_fail(uint64_t hook, const char *reason) {
    return go_result_of(cryo_hook_fail((cryo_hook *)(uintptr_t)hook, reason));
}

static inline int32_t go_cryo_hook_kind(uint64_t hook) {
    return cryo_hook_kind((const cryo_hook *)(uintptr_t)hook);
}

static inline int32_t go_cryo_hook_direction(uint64_t hook) {
    return cryo_hook_direction((const cryo_hook *)(uintptr_t)hook);
}

static inline uint64_t go_cryo_hook_session(uint64_t hook) {
    return (uint64_t)(uintptr_t)cryo_hook_session((const cryo_hook *)(uintptr_t)hook);
}

static inline go_result go_cryo_loop_new(uint64_t *out) {
    cryo_loop *made = NULL;
    go_result result = go_result_of(cryo_loop_new(&made));
    *out = (uint64_t)(uintptr_t)made;
    return result;
}

static inline go_result go_cryo_loop_run_once(uint64_t loop, int32_t timeout_ms) {
    return go_result_of(cryo_loop_run_once((cryo_loop *)(uintptr_t)loop, timeout_ms));
}

static inline go_result go_cryo_loop_wake(uint64_t loop) {
    return go_result_of(cryo_loop_wake((cryo_loop *)(uintptr_t)loop));
}

static inline int32_t go_cryo_loop_fd(uint64_t loop) {
    return cryo_loop_fd((const cryo_loop *)(uintptr_t)loop);
}

static inline int32_t go_cryo_loop_timeout_ms(uint64_t loop) {
    return cryo_loop_timeout_ms((const cryo_loop *)(uintptr_t)loop);
}

static inline void go_cryo_loop_free(uint64_t loop) {
    cryo_loop_free((cryo_loop *)(uintptr_t)loop);
}

static inline go_result go_cryo_queue_new(uint64_t *out) {
    cryo_queue *made = NULL;
    go_result result = go_result_of(cryo_queue_new(&made));
    *out = (uint64_t)(uintptr_t)made;
    return result;
}

static inline void go_cryo_queue_free(uint64_t queue) {
    cryo_queue_free((cryo_queue *)(uintptr_t)queue);
}

static inline go_result go_cryo_queue_set_capacity(uint64_t queue, uint32_t events, uint64_t bytes) {
    return go_result_of(cryo_queue_set_capacity((cryo_queue *)(uintptr_t)queue, events, bytes));
}

static inline int32_t go_cryo_queue_fd(uint64_t queue) {
    return cryo_queue_fd((const cryo_queue *)(uintptr_t)queue);
}

static inline go_result go_cryo_queue_next(uint64_t queue, int32_t timeout_ms, uint64_t *out) {
    cryo_event *made = NULL;
    go_result result = go_result_of(cryo_queue_next((cryo_queue *)(uintptr_t)queue, timeout_ms, &made));
    *out = (uint64_t)(uintptr_t)made;
    return result;
}

static inline go_result go_cryo_queue_wake(uint64_t queue) {
    return go_result_of(cryo_queue_wake((cryo_queue *)(uintptr_t)queue));
}

static inline void go_cryo_event_free(uint64_t event) {
    cryo_event_free((cryo_event *)(uintptr_t)event);
}

static inline int32_t go_cryo_event_kind(uint64_t event) {
    return cryo_event_kind((const cryo_event *)(uintptr_t)event);
}

static inline uint64_t go_cryo_event_session(uint64_t event) {
    return (uint64_t)(uintptr_t)cryo_event_session((const cryo_event *)(uintptr_t)event);
}

static inline uint64_t go_cryo_event_auth(uint64_t event) {
    return (uint64_t)(uintptr_t)cryo_event_auth((const cryo_event *)(uintptr_t)event);
}

static inline int32_t go_cryo_event_message_kind(uint64_t event) {
    return cryo_event_message_kind((const cryo_event *)(uintptr_t)event);
}

static inline int32_t go_cryo_event_code(uint64_t event) {
    return cryo_event_code((const cryo_event *)(uintptr_t)event);
}

static inline const char *go_cryo_event_text(uint64_t event) {
    return cryo_event_text((const cryo_event *)(uintptr_t)event);
}

static inline double go_cryo_event_value(uint64_t event) {
    return cryo_event_value((const cryo_event *)(uintptr_t)event);
}

static inline int32_t go_cryo_event_http_status(uint64_t event) {
    return cryo_event_http_status((const cryo_event *)(uintptr_t)event);
}

static inline uint64_t go_cryo_event_receipt(uint64_t event) {
    return cryo_event_receipt((const cryo_event *)(uintptr_t)event);
}

static inline uint64_t go_cryo_event_message_id(uint64_t event) {
    return cryo_event_message_id((const cryo_event *)(uintptr_t)event);
}

static inline uint64_t go_cryo_event_hook(uint64_t event) {
    return (uint64_t)(uintptr_t)cryo_event_hook((const cryo_event *)(uintptr_t)event);
}

static inline uint64_t go_cryo_event_token_request(uint64_t event) {
    return (uint64_t)(uintptr_t)cryo_event_token_request((const cryo_event *)(uintptr_t)event);
}

static inline go_result go_cryo_queue_release(uint64_t queue, const uint8_t *batch) {
    return go_result_of(cryo_queue_release((cryo_queue *)(uintptr_t)queue, batch));
}

#endif
