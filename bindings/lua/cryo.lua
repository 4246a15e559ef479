--- Cryo for LuaJIT: real-time WebSocket sessions over libcryo.
-- One thread: the library's own threads serve, what happens waits in a queue, and handlers run inside of poll() and run().
-- See README.md. Times are in milliseconds where a name says so (`_ms`), else in seconds.

local ffi = require("ffi")
local bit = require("bit")

local cryo = {}

-- Until the end of the process, whatever becomes of this table: the library's threads must not lose their code.
local lib = package.loaded["cryo.library"]

-- generated: begin
ffi.cdef [[
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
]]

-- What options there are: what sets each, what adds to it, and the kinds of its values.
local OPTIONS = {
  server = {
    host = { set = "cryo_server_options_set_host", "text" },
    port = { set = "cryo_server_options_set_port", "u16" },
    reuse_port = { set = "cryo_server_options_set_reuse_port", "i32" },
    socket_mode = { set = "cryo_server_options_set_socket_mode", "u32" },
    listen_fd = { set = "cryo_server_options_set_listen_fd", "i32" },
    transport = { set = "cryo_server_options_set_transport", "i32" },
    threads = { set = "cryo_server_options_set_threads", "u32" },
    tls_files = { set = "cryo_server_options_set_tls_files", add = "cryo_server_options_add_tls_files", "text", "text" },
    tls_memory = { set = "cryo_server_options_set_tls_memory", add = "cryo_server_options_add_tls_memory", "bytes", "bytes" },
    tls_min_version = { set = "cryo_server_options_set_tls_min_version", "i32" },
    tls_client_ca_file = { set = "cryo_server_options_set_tls_client_ca_file", "text" },
    tls_client_ca_memory = { set = "cryo_server_options_set_tls_client_ca_memory", "bytes" },
    tls_require_client_certificate = { set = "cryo_server_options_set_tls_require_client_certificate", "i32" },
    tls_ocsp_file = { add = "cryo_server_options_add_tls_ocsp_file", "text" },
    tls_ticket_keys = { set = "cryo_server_options_set_tls_ticket_keys", "bytes" },
    cale = { set = "cryo_server_options_set_cale", "i32" },
    cale_timeout_ms = { set = "cryo_server_options_set_cale_timeout_ms", "u32" },
    keepalive_ms = { set = "cryo_server_options_set_keepalive_ms", "u32" },
    stall_timeout_ms = { set = "cryo_server_options_set_stall_timeout_ms", "u32" },
    ack_timeout_ms = { set = "cryo_server_options_set_ack_timeout_ms", "u32" },
    head_timeout_ms = { set = "cryo_server_options_set_head_timeout_ms", "u32" },
    max_head_bytes = { set = "cryo_server_options_set_max_head_bytes", "u32" },
    trusted_proxy = { add = "cryo_server_options_add_trusted_proxy", "text" },
    forwarded_header = { set = "cryo_server_options_set_forwarded_header", "i32" },
    proxy_protocol = { set = "cryo_server_options_set_proxy_protocol", "i32" },
    validation_timeout_ms = { set = "cryo_server_options_set_validation_timeout_ms", "u32" },
    hello_wait_ms = { set = "cryo_server_options_set_hello_wait_ms", "u32" },
    close_timeout_ms = { set = "cryo_server_options_set_close_timeout_ms", "u32" },
    message_timeout_ms = { set = "cryo_server_options_set_message_timeout_ms", "u32" },
    min_message_rate = { set = "cryo_server_options_set_min_message_rate", "u32" },
    max_message_bytes = { set = "cryo_server_options_set_max_message_bytes", "u64" },
    max_fragments = { set = "cryo_server_options_set_max_fragments", "u32" },
    max_violations = { set = "cryo_server_options_set_max_violations", "u32" },
    high_water_mark = { set = "cryo_server_options_set_high_water_mark", "u64" },
    low_water_mark = { set = "cryo_server_options_set_low_water_mark", "u64" },
    max_queued_bytes = { set = "cryo_server_options_set_max_queued_bytes", "u64" },
    max_queue_count = { set = "cryo_server_options_set_max_queue_count", "u32" },
    drop_policy = { set = "cryo_server_options_set_drop_policy", "i32" },
    max_total_queued_bytes = { set = "cryo_server_options_set_max_total_queued_bytes", "u64" },
    max_receipts = { set = "cryo_server_options_set_max_receipts", "u32" },
    max_sessions = { set = "cryo_server_options_set_max_sessions", "u32" },
    max_sessions_per_address = { set = "cryo_server_options_set_max_sessions_per_address", "u32" },
    duplicate_policy = { set = "cryo_server_options_set_duplicate_policy", "i32" },
    probe_timeout_ms = { set = "cryo_server_options_set_probe_timeout_ms", "u32" },
    resume_window_ms = { set = "cryo_server_options_set_resume_window_ms", "u32" },
    max_away_sessions = { set = "cryo_server_options_set_max_away_sessions", "u32" },
    max_pending_validations = { set = "cryo_server_options_set_max_pending_validations", "u32" },
    health = { set = "cryo_server_options_set_health", "i32" },
    metrics = { set = "cryo_server_options_set_metrics", "i32", "text" },
    manual_ack = { set = "cryo_server_options_set_manual_ack", "i32" },
    max_unacknowledged = { set = "cryo_server_options_set_max_unacknowledged", "u32" },
    allowed_origin = { add = "cryo_server_options_add_allowed_origin", "text" },
    session_header = { add = "cryo_server_options_add_session_header", "text" },
    max_attempts_per_address = { set = "cryo_server_options_set_max_attempts_per_address", "u32" },
    max_failed_tokens_per_address = { set = "cryo_server_options_set_max_failed_tokens_per_address", "u32" },
    address_window_ms = { set = "cryo_server_options_set_address_window_ms", "u32" },
  },
  client = {
    url = { set = "cryo_client_options_set_url", "text" },
    token = { set = "cryo_client_options_set_token", "text" },
    session_id = { set = "cryo_client_options_set_session_id", "id" },
    parameter = { add = "cryo_client_options_add_parameter", "text", "text" },
    header = { add = "cryo_client_options_add_header", "text", "text" },
    cale = { set = "cryo_client_options_set_cale", "i32" },
    cale_timeout_ms = { set = "cryo_client_options_set_cale_timeout_ms", "u32" },
    tls_ca_file = { set = "cryo_client_options_set_tls_ca_file", "text" },
    tls_ca_memory = { set = "cryo_client_options_set_tls_ca_memory", "bytes" },
    tls_system_ca = { set = "cryo_client_options_set_tls_system_ca", "i32" },
    tls_files = { set = "cryo_client_options_set_tls_files", "text", "text" },
    tls_memory = { set = "cryo_client_options_set_tls_memory", "bytes", "bytes" },
    tls_min_version = { set = "cryo_client_options_set_tls_min_version", "i32" },
    proxy = { set = "cryo_client_options_set_proxy", "text" },
    use_proxy_from_environment = { set = "cryo_client_options_use_proxy_from_environment", "i32" },
    connect_timeout_ms = { set = "cryo_client_options_set_connect_timeout_ms", "u32" },
    reconnect_initial_ms = { set = "cryo_client_options_set_reconnect_initial_ms", "u32" },
    reconnect_max_ms = { set = "cryo_client_options_set_reconnect_max_ms", "u32" },
    reconnect_attempts = { set = "cryo_client_options_set_reconnect_attempts", "u32" },
    resend = { set = "cryo_client_options_set_resend", "i32" },
    keepalive_ms = { set = "cryo_client_options_set_keepalive_ms", "u32" },
    stall_timeout_ms = { set = "cryo_client_options_set_stall_timeout_ms", "u32" },
    ack_timeout_ms = { set = "cryo_client_options_set_ack_timeout_ms", "u32" },
    close_timeout_ms = { set = "cryo_client_options_set_close_timeout_ms", "u32" },
    max_message_bytes = { set = "cryo_client_options_set_max_message_bytes", "u64" },
    max_violations = { set = "cryo_client_options_set_max_violations", "u32" },
    low_water_mark = { set = "cryo_client_options_set_low_water_mark", "u64" },
    max_queue_count = { set = "cryo_client_options_set_max_queue_count", "u32" },
    drop_policy = { set = "cryo_client_options_set_drop_policy", "i32" },
    max_receipts = { set = "cryo_client_options_set_max_receipts", "u32" },
    high_water_mark = { set = "cryo_client_options_set_high_water_mark", "u64" },
    max_queued_bytes = { set = "cryo_client_options_set_max_queued_bytes", "u64" },
  },
}

for name, value in pairs {
  VERSION_MAJOR = 0,
  VERSION_MINOR = 1,
  VERSION_PATCH = 0,
  ABI_VERSION = 1,
  NEVER = 9223372036854775807LL,
  OK = 0,
  ERR_INVALID = -1,
  ERR_HANDLE = -2,
  ERR_STATE = -3,
  ERR_NO_MEMORY = -4,
  ERR_CLOSED = -5,
  ERR_FULL = -6,
  ERR_TOO_BIG = -7,
  ERR_TIMEOUT = -8,
  ERR_NOT_FOUND = -9,
  ERR_BUFFER = -10,
  ERR_ADDRESS = -11,
  ERR_ADDRESS_IN_USE = -12,
  ERR_PERMISSION = -13,
  ERR_TLS_FILE = -14,
  ERR_TLS_CERTIFICATE = -15,
  ERR_TLS_KEY = -16,
  ERR_TLS_MISMATCH = -17,
  ERR_TLS_EXPIRED = -18,
  ERR_TLS = -19,
  ERR_SYSTEM = -20,
  ERR_UNSUPPORTED = -21,
  ERR_INTERNAL = -22,
  ERR_TOTAL_FULL = -23,
  ERR_RECEIPTS_FULL = -24,
  ERR_EXISTS = -25,
  ERR_RESOLVE = -30,
  ERR_CONNECT = -31,
  ERR_HTTP = -32,
  ERR_TLS_NAME = -33,
  ERR_TLS_UNTRUSTED = -34,
  ERR_TOKEN = -35,
  LOG_OFF = 0,
  LOG_ERROR = 1,
  LOG_WARNING = 2,
  LOG_INFO = 3,
  LOG_DEBUG = 4,
  UTF8 = 1,
  BINARY = 2,
  CLOSE_GRACEFUL = 4000,
  CLOSE_CLIENT_ERROR = 4001,
  CLOSE_SERVER_ERROR = 4002,
  CLOSE_CALE_MISMATCH = 4010,
  CLOSE_CALE_HANDSHAKE = 4011,
  CLOSE_NO_STATUS = 1005,
  CLOSE_ABNORMAL = 1006,
  STAT_RTT = 1,
  STAT_BYTES_RX = 2,
  STAT_BYTES_TX = 3,
  STAT_ACK_TIMEOUT = 4,
  STAT_QUEUED_BYTES = 5,
  STAT_QUEUED_COUNT = 6,
  DROP_OLDEST = 1,
  DROP_NEWEST = 2,
  DEDUPE_LATEST = 3,
  TLS_1_2 = 12,
  TLS_1_3 = 13,
  DUPLICATE_REFUSE = 1,
  DUPLICATE_PROBE = 2,
  DUPLICATE_REPLACE = 3,
  FORWARDED_NONE = 0,
  FORWARDED_ANY = 1,
  FORWARDED_X_FORWARDED_FOR = 2,
  FORWARDED_RFC7239 = 3,
  TRANSPORT_AUTO = 0,
  TRANSPORT_LIBWEBSOCKETS = 1,
  TRANSPORT_POLL = 2,
  DROPPED_OLDEST = 1,
  DROPPED_REFUSED = 2,
  DROPPED_REPLACED = 3,
  DROPPED_TOTAL = 4,
  RECEIPT_ACKNOWLEDGED = 1,
  RECEIPT_TIMED_OUT = 2,
  RECEIPT_DROPPED = 3,
  RECEIPT_VETOED = 4,
  RECEIPT_CLOSED = 5,
  RECEIPT_REFUSED = 6,
  SERVER_STAT_SESSIONS = 1,
  SERVER_STAT_AWAY = 2,
  SERVER_STAT_CONNECTIONS = 3,
  SERVER_STAT_ACCEPTED_CONNECTIONS = 4,
  SERVER_STAT_ACCEPTED_SESSIONS = 5,
  SERVER_STAT_RESUMED = 6,
  SERVER_STAT_CLOSED = 7,
  SERVER_STAT_REFUSED = 8,
  SERVER_STAT_TLS_FAILURES = 9,
  SERVER_STAT_VIOLATIONS = 10,
  SERVER_STAT_DROPPED = 11,
  SERVER_STAT_RECEIPTS = 12,
  SERVER_STAT_MESSAGES_RX = 13,
  SERVER_STAT_MESSAGES_TX = 14,
  SERVER_STAT_BYTES_RX = 15,
  SERVER_STAT_BYTES_TX = 16,
  SERVER_STAT_MAILBOX = 17,
  SERVER_STAT_SLOW_CALLBACKS = 18,
  SERVER_STAT_LOOP_LAG = 19,
  SERVER_STAT_BUSY = 20,
  SERVER_STAT_VALIDATIONS = 21,
  SERVER_STAT_HEALTH_CHECKS = 22,
  SERVER_STAT_DRAINING = 23,
  BEFORE_SEND = 1,
  ON_RECEIVE = 2,
  HOOK_PASS = 1,
  HOOK_STOP = 2,
  EVENT_LISTENING = 1,
  EVENT_AUTH = 2,
  EVENT_SESSION = 3,
  EVENT_MESSAGE = 4,
  EVENT_CLOSED = 5,
  EVENT_STAT = 6,
  EVENT_DISCONNECTED = 7,
  EVENT_RECONNECTED = 8,
  EVENT_ATTEMPT_FAILED = 9,
  EVENT_LOST = 10,
  EVENT_DROPPED = 11,
  EVENT_WRITABLE = 12,
  EVENT_RECEIPT = 13,
  EVENT_HOOK = 14,
  EVENT_TOKEN = 15,
  BATCH_VERSION = 1,
  BATCH_COUNT = 4,
  BATCH_BYTES = 8,
  BATCH_FIRST = 16,
  BATCH_RECORD_SIZE = 20,
  BATCH_SIZE = 24,
  RECORD_KIND = 8,
  RECORD_MESSAGE_KIND = 12,
  RECORD_SESSION = 16,
  RECORD_TICKET = 24,
  RECORD_DATA_LENGTH = 32,
  RECORD_DATA = 40,
  RECORD_TEXT = 44,
  RECORD_TEXT_LENGTH = 48,
  RECORD_CODE = 52,
  RECORD_HTTP_STATUS = 56,
  RECORD_RECEIPT = 64,
  RECORD_MESSAGE_ID = 72,
  RECORD_VALUE = 80,
  RECORD_SIZE = 88,
} do cryo[name] = value end
-- generated: end

ffi.cdef [[
int getpid(void);
struct cryo_pollfd { int fd; short events; short revents; };
int poll(struct cryo_pollfd *, unsigned long, int);
int sigemptyset(void *);
int sigaddset(void *, int);
int sigismember(const void *, int);
int sigpending(void *);
int sigwait(const void *, int *);
int pthread_sigmask(int, const void *, void *);
]]

local SLICE_MS = 200 -- the longest wait inside of the library
local MOST_EVENTS = 256 -- that one poll hands out
local OWN_RECEIPTS = 2 ^ 53 -- from here on even numbers are this module's, for functions: a number of Lua's is exact for these only
local NULL = ffi.cast("void *", 0)

-- ------------------------------------------------------------------------------------------------ the library

local function open_library()
  local help = "Install libcryo, or set the environment variable CRYO_LIBRARY to the path of the library file (libcryo.so.1)."
  local named = os.getenv("CRYO_LIBRARY")
  local folder = debug.getinfo(1, "S").source:match("^@(.*)cryo%.lua$")
  local found, tried, path
  for _, each in ipairs(named and { named } or { folder and folder .. "libcryo.so.1", "libcryo.so.1" }) do
    local ok, result = pcall(ffi.load, each)
    if ok then found, path = result, each break end
    tried = (tried and tried .. "; " or "") .. tostring(result)
  end
  if not found then error(("cryo: libcryo cannot be loaded (%s). %s"):format(tried, help), 0) end
  local ok, version = pcall(function() return found.cryo_abi_version() end)
  if not ok then error(("cryo: %s is not libcryo: it has no cryo_abi_version. %s"):format(path, help), 0) end
  if version ~= cryo.ABI_VERSION then
    error(("cryo: %s has ABI version %d; this module needs %d. Install the module and the library of the same release."):format(
      path, version, cryo.ABI_VERSION), 0)
  end
  return found
end

lib = lib or open_library()
package.loaded["cryo.library"] = lib

cryo.VERSION = ("%d.%d.%d"):format(cryo.VERSION_MAJOR, cryo.VERSION_MINOR, cryo.VERSION_PATCH) -- of this module

--- The version of the library that is loaded.
function cryo.version() return ffi.string(lib.cryo_version_string()) end

--- What the library was built with, for bug reports.
function cryo.build_info() return ffi.string(lib.cryo_build_info()) end

--- CRYO_ABI_VERSION of the library.
function cryo.abi_version() return lib.cryo_abi_version() end

--- The name of a status: "CRYO_ERR_CLOSED".
function cryo.status_name(status) return ffi.string(lib.cryo_status_name(status)) end

-- ------------------------------------------------------------------------------------------------ errors

--- What failed calls raise: a table with `status` (cryo.ERR_…), `name` and `text`.
local Error = {}
Error.__index = Error
Error.__tostring = function(self) return self.text ~= "" and ("%s (%s)"):format(self.text, self.name) or self.name end
cryo.Error = Error

local function raise(status, text)
  error(setmetatable({ status = status, name = cryo.status_name(status), text = text or ffi.string(lib.cryo_last_error()) }, Error), 0)
end

local function invalid(text, ...) raise(cryo.ERR_INVALID, text:format(...)) end

local function check(status)
  if status < 0 then raise(status) end
  return status
end

-- An answer on a ticket: false when it came too late.
local function settle(status)
  if status == cryo.ERR_STATE or status == cryo.ERR_HANDLE then return false end
  check(status)
  return true
end

--- The level of the library's log on standard error: cryo.LOG_OFF to LOG_DEBUG.
-- A function for its lines is not to be had: the library calls it on its own threads, where LuaJIT cannot be.
function cryo.set_log(level) check(lib.cryo_set_log(level, nil, 0, nil)) end

-- ------------------------------------------------------------------------------------------------ values

local out_handle = ffi.typeof("uintptr_t[1]")
local out_size = ffi.new("size_t[1]")
local out_number = ffi.new("double[1]")
local text_capacity, text_buffer = 4096, ffi.new("char[?]", 4096)

-- call(out, capacity, len) as the library's functions that write a text; nil where there is none.
local function text_of(call)
  local status = call(text_buffer, text_capacity, out_size)
  while status == cryo.ERR_BUFFER do -- once more if it has grown meanwhile
    text_capacity = tonumber(out_size[0]) + 1
    text_buffer = ffi.new("char[?]", text_capacity)
    status = call(text_buffer, text_capacity, out_size)
  end
  if status == cryo.ERR_NOT_FOUND then return nil end
  check(status)
  return ffi.string(text_buffer, out_size[0])
end

local function text_in(value, what)
  if type(value) ~= "string" then invalid("%s must be a string, not %s", what, type(value)) end
  if value:find("\0", 1, true) then invalid("%s must not contain a NUL byte", what) end
  return value
end

local function optional_text(value, what) return value ~= nil and text_in(value, what) or nil end

local function milliseconds(seconds)
  if seconds == nil or seconds == math.huge then return math.huge end
  return math.max(0, math.ceil(seconds * 1000))
end

local function id_bytes(id)
  if type(id) == "string" and #id == 16 then return id end
  local digits = type(id) == "string" and #id == 36 and id:gsub("%-", "")
  if not digits or not digits:match("^%x+$") or #digits ~= 32 then invalid("a session's id has 16 bytes, or is a UUID as text") end
  return (digits:gsub("%x%x", function(pair) return string.char(tonumber(pair, 16)) end))
end

local RANGES = { u16 = { 0, 2 ^ 16 - 1 }, u32 = { 0, 2 ^ 32 - 1 }, i32 = { -2 ^ 31, 2 ^ 31 - 1 }, u64 = { 0, 2 ^ 53 } }

local function number_in(kind, value, name)
  if type(value) == "boolean" then return value and 1 or 0 end
  if type(value) == "cdata" then return value end -- 64 bits
  local range = RANGES[kind]
  if type(value) ~= "number" or value % 1 ~= 0 or value < range[1] or value > range[2] then
    invalid("%s must be a whole number from %.0f to %.0f, not %s", name, range[1], range[2], tostring(value))
  end
  return value
end

-- Calls the setter of an option, with what its kinds say of the value.
local function set_option(handle, setter, kinds, name, value)
  local call = lib[setter]
  if kinds[1] == "text" and kinds[2] == "text" then
    if type(value) ~= "table" then invalid("%s must be a table of two strings", name) end
    check(call(handle, text_in(value[1], name), text_in(value[2], name)))
  elseif kinds[1] == "bytes" and kinds[2] == "bytes" then
    if type(value) ~= "table" then invalid("%s must be a table of two strings", name) end
    check(call(handle, value[1], #value[1], value[2], #value[2]))
  elseif kinds[2] == "text" then -- a switch with a text
    check(call(handle, value and 1 or 0, type(value) == "string" and text_in(value, name) or nil))
  elseif kinds[1] == "text" then
    check(call(handle, text_in(value, name)))
  elseif kinds[1] == "bytes" then
    if type(value) ~= "string" then invalid("%s must be a string", name) end
    check(call(handle, value, #value))
  elseif kinds[1] == "id" then
    check(call(handle, id_bytes(value)))
  else
    check(call(handle, number_in(kinds[1], value, name)))
  end
end

local function set_options(which, handle, given, others)
  for name, value in pairs(given) do
    local option = OPTIONS[which][name]
    if option then
      local many = option.add and type(value) == "table" and (#option == 1 or type(value[1]) ~= "string")
      if not many then
        set_option(handle, option.set or option.add, option, name, value)
      elseif value[1] == nil then -- by name, in their order
        local names = {}
        for each in pairs(value) do names[#names + 1] = each end
        table.sort(names)
        for _, each in ipairs(names) do set_option(handle, option.add, option, name, { each, value[each] }) end
      else
        for i, each in ipairs(value) do set_option(handle, i == 1 and option.set or option.add, option, name, each) end
      end
    elseif not others[name] then
      invalid("there is no %s option %s", which, tostring(name))
    end
  end
end

-- Options as a handle, for use(handle); freed in any case.
local function with_options(which, given, others, use)
  local out = out_handle()
  check(lib["cryo_" .. which .. "_options_new"](out))
  local ok, result = pcall(function()
    set_options(which, out[0], given, others)
    return use(out[0])
  end)
  lib["cryo_" .. which .. "_options_free"](out[0])
  if not ok then error(result, 0) end
  return result
end

-- name -> value of the constants with a prefix, names in lower case
local function figures(prefix)
  local found = {}
  for name, value in pairs(cryo) do
    if name:sub(1, #prefix) == prefix then found[name:sub(#prefix + 1):lower()] = value end
  end
  return found
end
local SESSION_STATS, SERVER_STATS = figures("STAT_"), figures("SERVER_STAT_")

-- ------------------------------------------------------------------------------------------------ sessions

--- One peer. `values` is a table of the application's own, for as long as the session lives.
local Session = {}
Session.__index = Session
cryo.Session = Session

local made_by = ffi.C.getpid()
local function is_ours() return ffi.C.getpid() == made_by end -- the child of a fork frees nothing

local function release_session(reference)
  if is_ours() then lib.cryo_session_release(reference[0]) end
end

-- An object that holds the session; `retained` says that the handle is the caller's already.
local function new_session(handle, retained)
  if not retained then lib.cryo_session_retain(handle) end
  local reference = ffi.gc(out_handle(handle), release_session)
  return setmetatable({ handle = handle, reference = reference, values = {} }, Session)
end

local receipts, next_receipt = {}, OWN_RECEIPTS

local function receipt_number(receipt)
  if receipt == nil then return 0 end
  if type(receipt) == "function" then
    next_receipt = next_receipt + 2
    receipts[next_receipt] = receipt
    return next_receipt
  end
  if type(receipt) ~= "number" or receipt % 1 ~= 0 or receipt < 1 or receipt >= OWN_RECEIPTS then
    invalid("a receipt is a function, or a whole number from 1 to 2^53 - 1")
  end
  return receipt
end

--- Sends a message: text unless `kind` is cryo.BINARY. `options.key` names it for the drop policy DEDUPE_LATEST;
-- `options.receipt` asks what became of it: a number, for the receipt event, or function(outcome, rtt_ms, by).
-- Raises CLOSED, FULL, TOTAL_FULL, RECEIPTS_FULL, STATE (a client that is not connected), TOO_BIG, INVALID (no UTF-8).
function Session:send(data, kind, options)
  if not options then return check(lib.cryo_session_send(self.handle, kind or 1, data, #data)) end
  local number = receipt_number(options.receipt)
  local status = lib.cryo_session_send_with(self.handle, kind or 1, data, #data, optional_text(options.key, "key"), number)
  if status < 0 then
    receipts[number] = nil
    raise(status)
  end
end

function Session:send_text(text, options) return self:send(text, cryo.UTF8, options) end
function Session:send_binary(bytes, options) return self:send(bytes, cryo.BINARY, options) end

--- Sends a ping beside those of the keep-alive.
function Session:ping() check(lib.cryo_session_ping(self.handle)) end

--- Closes, after what was sent before has left. Default 4000; the reason is cut to 123 bytes. Raises CLOSED.
function Session:close(code, reason)
  check(lib.cryo_session_close(self.handle, code or cryo.CLOSE_GRACEFUL, optional_text(reason, "reason")))
end

function Session:is_open() return lib.cryo_session_is_open(self.handle) == 1 end
--- Whether CALE encrypts.
function Session:is_secure() return lib.cryo_session_is_secure(self.handle) == 1 end
--- Whether this server has opened it (connect_peer).
function Session:is_peer() return lib.cryo_session_is_peer(self.handle) == 1 end

--- The id that the client chose, 36 characters.
function Session:id()
  if not self.known_id then
    self.known_id = text_of(function(...) return lib.cryo_session_id_text(self.handle, ...) end)
  end
  return self.known_id
end

--- The same as 16 bytes.
function Session:id_bytes()
  local out = ffi.new("uint8_t[16]")
  check(lib.cryo_session_id(self.handle, out))
  return ffi.string(out, 16)
end

function Session:token() return text_of(function(...) return lib.cryo_session_token(self.handle, ...) end) end
--- A query parameter, decoded, or nil.
function Session:parameter(name)
  text_in(name, "a name")
  return text_of(function(...) return lib.cryo_session_parameter(self.handle, name, ...) end)
end

--- All of them: by name the first value of each; and as a list of {name, value} in their order.
function Session:parameters()
  local named, listed = {}, {}
  local sizes = ffi.new("size_t[2]")
  local name, value = ffi.new("char[?]", 1024), ffi.new("char[?]", 65536) -- a request's head is no longer
  while true do
    local status = lib.cryo_session_parameter_at(self.handle, #listed, name, 1024, sizes, value, 65536, sizes + 1)
    if status == cryo.ERR_BUFFER then
      name = ffi.new("char[?]", 65536)
      status = lib.cryo_session_parameter_at(self.handle, #listed, name, 65536, sizes, value, 65536, sizes + 1)
    end
    if status == cryo.ERR_NOT_FOUND then return named, listed end
    check(status)
    local pair = { ffi.string(name, sizes[0]), ffi.string(value, sizes[1]) }
    listed[#listed + 1] = pair
    if named[pair[1]] == nil then named[pair[1]] = pair[2] end
  end
end

--- A text that the validator has set, or nil.
function Session:claim(name)
  text_in(name, "a name")
  return text_of(function(...) return lib.cryo_session_claim(self.handle, name, ...) end)
end

--- When it shall end, from now; cryo.NEVER takes it back. Raises CLOSED, STATE (a client's session).
function Session:set_expiry_ms(ms) check(lib.cryo_session_set_expiry_ms(self.handle, ms)) end

--- One of cryo.STAT_…, or nil where nothing was measured yet.
function Session:stat(stat)
  local status = lib.cryo_session_stat(self.handle, stat, out_number)
  if status == cryo.ERR_NOT_FOUND then return nil end
  check(status)
  return out_number[0]
end

--- All of them: rtt (ms, perhaps nil), bytes_rx, bytes_tx, ack_timeout, queued_bytes, queued_count.
function Session:stats()
  local found = {}
  for name, stat in pairs(SESSION_STATS) do found[name] = self:stat(stat) end
  return found
end

function Session:pause_reading() check(lib.cryo_session_pause_reading(self.handle)) end
function Session:resume_reading() check(lib.cryo_session_resume_reading(self.handle)) end

--- With the option manual_ack: the application is done with the message of this id.
function Session:ack(id) check(lib.cryo_message_ack(self.handle, id)) end

function Session:__tostring() return "cryo session " .. self:id() end

--- Sends one message to many sessions; returns how many have accepted it, and a list of the statuses.
function cryo.send_many(sessions, data, kind)
  local handles, statuses = ffi.new("uintptr_t[?]", #sessions), ffi.new("int32_t[?]", #sessions)
  for i, session in ipairs(sessions) do handles[i - 1] = session.handle end
  check(lib.cryo_sessions_send(handles, #sessions, kind or cryo.UTF8, data, #data, statuses, out_size))
  local told = {}
  for i = 1, #sessions do told[i] = statuses[i - 1] end
  return tonumber(out_size[0]), told
end

-- ------------------------------------------------------------------------------------------------ tickets

--- Shall this token come in? `token` is what the client has shown.
local Auth = {}
Auth.__index = Auth
cryo.Auth = Auth

-- What tickets are alike in: an answer now, or later.
local function later(self)
  self.is_later = true
  return self
end

-- Values that a validator gave, by number, until the session of the ticket is announced. Tickets whose client has gone leave theirs
-- behind: when there are many, those that are older than any announcement can be are forgotten.
local accepted, accepted_count, accepted_last = {}, 0, 0
local ACCEPTED_SECONDS, ACCEPTED_MANY = 300, 1024
local VALUES_KEY = "cryo.lua.values"

local function keep_accepted(values)
  if accepted_count >= ACCEPTED_MANY then
    local before = os.time() - ACCEPTED_SECONDS
    for number, each in pairs(accepted) do
      if each.time < before then accepted[number], accepted_count = nil, accepted_count - 1 end
    end
  end
  accepted_last, accepted_count = accepted_last + 1, accepted_count + 1
  accepted[accepted_last] = { values = values, time = os.time() }
  return accepted_last
end

local function take_accepted(session)
  if accepted_count == 0 then return end
  local out = out_handle()
  if lib.cryo_session_get(session.handle, VALUES_KEY, out) ~= cryo.OK then return end
  local found = accepted[tonumber(out[0])]
  if not found then return end
  accepted[tonumber(out[0])], accepted_count = nil, accepted_count - 1
  for name, value in pairs(found.values) do session.values[name] = value end
end

local function accept(self, values, call)
  local number
  if values ~= nil then
    if type(values) ~= "table" then invalid("values must be a table, not %s", type(values)) end
    number = keep_accepted(values)
    if not settle(lib.cryo_auth_set(self.handle, VALUES_KEY, number, nil)) then
      accepted[number], accepted_count = nil, accepted_count - 1
      return false
    end
  end
  self.is_settled = true
  local done = settle(call(self.handle))
  if not done and number then accepted[number], accepted_count = nil, accepted_count - 1 end
  return done
end

--- Lets the client in; `values` are in session.values from the session event on. False: too late, as of all the answers.
function Auth:accept(values) return accept(self, values, lib.cryo_auth_accept) end
--- The same, also in the place of a live session with the same id.
function Auth:replace(values) return accept(self, values, lib.cryo_auth_replace) end

--- Refuses with 401.
function Auth:reject(reason)
  self.is_settled = true
  return settle(lib.cryo_auth_reject(self.handle, optional_text(reason, "reason")))
end

--- Refuses with a status from 400 to 599, a text for the client, and a Retry-After.
function Auth:refuse(http_status, body, retry_after_ms)
  local done = settle(lib.cryo_auth_refuse(self.handle, http_status, optional_text(body, "body"), retry_after_ms or 0))
  self.is_settled = true
  return done
end

--- The answer comes later: a validator that returns nothing else would refuse.
Auth.later = later

--- Before the answer: a text for session:claim(name); nil takes it back.
function Auth:set_claim(name, value)
  check(lib.cryo_auth_set_claim(self.handle, text_in(name, "a name"), optional_text(value, "a claim")))
end

--- Before the answer: when the session shall end, from now.
function Auth:set_expiry_ms(ms) check(lib.cryo_auth_set_expiry_ms(self.handle, ms)) end

function Auth:parameter(name)
  text_in(name, "a name")
  return text_of(function(...) return lib.cryo_auth_parameter(self.handle, name, ...) end)
end

-- What tickets and sessions tell of the request.
for prefix, class in pairs { auth = Auth, session = Session } do
  for _, name in ipairs { "remote_address", "proxy_address", "path" } do
    local call = lib["cryo_" .. prefix .. "_" .. name]
    class[name] = function(self) return text_of(function(...) return call(self.handle, ...) end) end
  end
  local header = lib["cryo_" .. prefix .. "_header"]
  --- A header of the request, or nil; of a session, what the option session_header has kept.
  class.header = function(self, name)
    text_in(name, "a name")
    return text_of(function(...) return header(self.handle, name, ...) end)
  end
  local subject = lib["cryo_" .. prefix .. "_peer_certificate_subject"]
  local name_at = lib["cryo_" .. prefix .. "_peer_certificate_name"]
  local fingerprint = lib["cryo_" .. prefix .. "_peer_certificate_fingerprint"]
  --- The certificate that the client has shown: subject, names, fingerprint; or nil.
  class.peer_certificate = function(self)
    local found = { names = {}, subject = text_of(function(...) return subject(self.handle, ...) end) }
    if not found.subject then return nil end
    found.fingerprint = text_of(function(...) return fingerprint(self.handle, ...) end)
    repeat
      local name = text_of(function(...) return name_at(self.handle, #found.names, ...) end)
      found.names[#found.names + 1] = name
    until not name
    return found
  end
end

--- Shall this message pass? `data`, `kind` (cryo.UTF8, BINARY), `direction` (cryo.BEFORE_SEND, ON_RECEIVE), `session`.
local Hook = {}
Hook.__index = Hook
cryo.Hook = Hook

local function settle_hook(self, status)
  self.is_settled = true
  return settle(status)
end
--- All answers: false when it is too late.
function Hook:pass() return settle_hook(self, lib.cryo_hook_pass(self.handle)) end
function Hook:replace(data)
  local done = settle(lib.cryo_hook_replace(self.handle, data, #data)) -- what is no UTF-8 leaves the ticket open
  self.is_settled = true
  return done
end
function Hook:stop() return settle_hook(self, lib.cryo_hook_stop(self.handle)) end
function Hook:fail(reason) return settle_hook(self, lib.cryo_hook_fail(self.handle, optional_text(reason, "reason"))) end
--- The answer comes later: a hook that returns nothing else lets the message pass.
Hook.later = later

--- With which token shall it connect?
local TokenRequest = {}
TokenRequest.__index = TokenRequest
cryo.TokenRequest = TokenRequest

function TokenRequest:give(token)
  local done = settle(lib.cryo_token_give(self.handle, text_in(token, "a token")))
  self.is_settled = true
  return done
end
function TokenRequest:fail(reason)
  self.is_settled = true
  return settle(lib.cryo_token_fail(self.handle, optional_text(reason, "reason")))
end
TokenRequest.later = later

-- ------------------------------------------------------------------------------------------------ extensions

--- Sees messages before they are sent and after they were received. `hooks` has any of before_send_utf8, before_send_binary,
-- on_receive_utf8, on_receive_binary: function(session, data, hook), which returns true or nil (pass), false (stop), a string (replace),
-- or hook:later() and answers on `hook` then; further timeout_ms (5000), on_failure (cryo.HOOK_STOP or HOOK_PASS),
-- on_register and on_unregister: function(name).
local Extension = {}
Extension.__index = Extension
cryo.Extension = setmetatable(Extension, {
  __call = function(_, name, hooks)
    return setmetatable({ name = text_in(name, "a name"), hooks = hooks or {} }, Extension)
  end,
})

local HOOKS = {
  before_send_utf8 = { cryo.BEFORE_SEND, cryo.UTF8 }, before_send_binary = { cryo.BEFORE_SEND, cryo.BINARY },
  on_receive_utf8 = { cryo.ON_RECEIVE, cryo.UTF8 }, on_receive_binary = { cryo.ON_RECEIVE, cryo.BINARY },
}

local function new_extension(extension, queue)
  local out = out_handle()
  check(lib.cryo_extension_new(extension.name, 0, nil, out))
  local handle, hooks = out[0], extension.hooks
  local ok, problem = pcall(function()
    if hooks.timeout_ms then check(lib.cryo_extension_set_timeout_ms(handle, number_in("u32", hooks.timeout_ms, "timeout_ms"))) end
    if hooks.on_failure then check(lib.cryo_extension_set_on_failure(handle, hooks.on_failure)) end
    for name, where in pairs(HOOKS) do
      if hooks[name] then check(lib.cryo_extension_set_queue(handle, where[1], where[2], queue)) end
    end
  end)
  if ok then return handle end
  lib.cryo_extension_free(handle)
  error(problem, 0)
end

-- ------------------------------------------------------------------------------------------------ what servers and clients are alike in

local Owner = {}

-- Their keys as options: on_message = function … end.
local EVENTS = {
  "listening", "session", "message", "closed", "stat", "disconnected", "reconnected", "attempt_failed", "lost", "dropped", "writable",
  "receipt", "error",
}
local OTHERS = { validator = true, token_provider = true, queue_capacity = true }
for _, name in ipairs(EVENTS) do OTHERS["on_" .. name] = true end
local is_event = {}
for _, name in ipairs(EVENTS) do is_event[name] = true end

--- Sets the function for an event (nil: none); returns the object.
function Owner:on(event, handler)
  if not is_event[event] then invalid("there is no event %s", tostring(event)) end
  if handler ~= nil and type(handler) ~= "function" then invalid("the handler of %s must be a function", event) end
  self.handlers[event] = handler
  return self
end

local function report(self, problem, where)
  local handler = self.handlers.error
  if handler and where ~= "error" then
    local ok, worse = pcall(handler, problem, where)
    if ok then return end
    problem, where = worse, "error"
  end
  io.stderr:write(("cryo: %s: %s\n"):format(where, tostring(problem)))
end

local function traced(problem)
  return type(problem) == "string" and debug.traceback(problem, 2) or problem
end

-- Calls a handler of the application's: what it throws is reported.
local function tell(self, event, ...)
  local handler = self.handlers[event]
  if not handler then return end
  local ok, problem = xpcall(handler, traced, ...)
  if not ok then report(self, problem, event) end
end

local function free_owner(held)
  if not is_ours() then return end
  if held.which == 1 then lib.cryo_server_free(held.handle) else lib.cryo_client_free(held.handle) end
  lib.cryo_queue_free(held.queue)
end
local Held = ffi.typeof("struct { uintptr_t handle; uintptr_t queue; int which; }")

local function new_owner(class, which, given)
  local self = setmetatable({
    which = which, handlers = {}, known = {}, extensions = {}, providers = {},
    batch = ffi.new("const uint8_t *[1]"), batch_length = ffi.new("size_t[1]"),
  }, class)
  for name, value in pairs(given) do
    local event = type(name) == "string" and name:match("^on_(.+)$")
    if event then self:on(event, value) end
  end
  local out = out_handle()
  check(lib.cryo_queue_new(out))
  self.queue = out[0]
  local held = Held(0, self.queue, which == "server" and 1 or 2)
  self.held = ffi.gc(held, free_owner) -- servers and clients that nobody has closed
  local capacity = given.queue_capacity
  if capacity then check(lib.cryo_queue_set_capacity(self.queue, capacity[1], capacity[2])) end
  local events = out_handle()
  check(lib.cryo_events_new(0, nil, events))
  local ok, problem = pcall(function()
    check(lib.cryo_events_use_queue(events[0], self.queue))
    with_options(which, given, OTHERS, function(options)
      check(lib["cryo_" .. which .. "_options_set_events"](options, events[0]))
      if given.token_provider then check(lib.cryo_client_options_set_token_provider(options, nil, 0, nil)) end
      check(lib["cryo_" .. which .. "_new"](options, out))
    end)
  end)
  lib.cryo_events_free(events[0])
  if not ok then error(problem, 0) end
  self.handle = out[0]
  held.handle = self.handle
  return self
end

local function alive(self)
  if not self.handle then raise(cryo.ERR_STATE, "the " .. self.which .. " is closed") end
  return self.handle
end

--- Begins to serve, or to connect. Raises what is wrong with addresses, ports and certificates.
function Owner:start()
  check(lib["cryo_" .. self.which .. "_start"](alive(self)))
  self.started = true
  return self
end

--- A descriptor that is readable while an event waits, for other event loops: watch it, and call poll() when it is. Do not read it.
function Owner:fd()
  alive(self)
  return check(lib.cryo_queue_fd(self.queue))
end

--- Makes a poll() that waits, or the next one, return. From inside of handlers, too.
function Owner:wake() check(lib.cryo_queue_wake(self.queue)) end

-- By 8 bytes of memory: a number of Lua's has not that many digits.
local function session_at(self, address)
  local key = ffi.string(address, 8)
  local session = self.known[key]
  if not session then
    session = new_session(ffi.cast("const uint64_t *", address)[0])
    self.known[key] = session
  end
  return session, key
end

-- For a handle that is the caller's.
local function own_session(self, handle)
  local key = ffi.string(out_handle(handle), 8)
  local session = self.known[key]
  if session then
    lib.cryo_session_release(handle)
  else
    session = new_session(handle, true)
    self.known[key] = session
  end
  return session, key
end

local EventView = ffi.typeof([[const struct {
  uint64_t size; int32_t kind, message_kind; uint64_t session, ticket, data_length; uint32_t data, text, text_length;
  int32_t code, http_status, unused; uint64_t receipt, message_id; double value;
} *]])

local function data_of(event, at) return ffi.string(at + event.data, event.data_length) end
local function text_at(event, at) return event.text ~= 0 and ffi.string(at + event.text, event.text_length) or "" end
local function session_of(self, at) return (session_at(self, at + cryo.RECORD_SESSION)) end

-- A ticket's function: what it throws is the answer `failed`, what it returns is for `answer`.
local function ask(self, where, ticket, failed, answer, fn, ...)
  local ok, result = xpcall(fn, traced, ...)
  if ok and not (ticket.is_settled or ticket.is_later) then
    ok, result = xpcall(answer, traced, result)
  end
  if not ok then
    pcall(failed, result)
    report(self, result, where)
  end
end

local DISPATCH = {}

DISPATCH[cryo.EVENT_LISTENING] = function(self, event, at) tell(self, "listening", text_at(event, at), event.code) end

DISPATCH[cryo.EVENT_AUTH] = function(self, event, at)
  local auth = setmetatable({ handle = event.ticket, token = data_of(event, at) }, Auth)
  local validator = self.validator
  if not validator then return auth:reject() end
  ask(self, "validator", auth, function() auth:reject() end, function(answer)
    if answer == true then
      auth:accept()
    elseif type(answer) == "table" and answer ~= auth then
      auth:accept(answer)
    else
      auth:reject()
    end
  end, validator, auth)
end

DISPATCH[cryo.EVENT_SESSION] = function(self, _, at)
  local session = session_of(self, at)
  take_accepted(session)
  tell(self, "session", session)
end

DISPATCH[cryo.EVENT_MESSAGE] = function(self, event, at)
  local id = event.message_id
  tell(self, "message", session_of(self, at), data_of(event, at), event.message_kind, id ~= 0 and id or nil)
end

DISPATCH[cryo.EVENT_CLOSED] = function(self, event, at)
  local session, key = session_at(self, at + cryo.RECORD_SESSION)
  self.known[key], self.providers[key] = nil, nil
  tell(self, "closed", session, event.code, text_at(event, at))
end

DISPATCH[cryo.EVENT_STAT] = function(self, event, at) tell(self, "stat", session_of(self, at), event.code, event.value) end

DISPATCH[cryo.EVENT_DISCONNECTED] = function(self, event, at)
  tell(self, "disconnected", session_of(self, at), event.code, text_at(event, at))
end

DISPATCH[cryo.EVENT_RECONNECTED] = function(self, _, at)
  local session = session_of(self, at)
  take_accepted(session)
  tell(self, "reconnected", session)
end

DISPATCH[cryo.EVENT_ATTEMPT_FAILED] = function(self, event, at)
  tell(self, "attempt_failed", session_of(self, at), event.code, event.http_status, text_at(event, at), event.value)
end

DISPATCH[cryo.EVENT_LOST] = function(self, event, at)
  tell(self, "lost", session_of(self, at), data_of(event, at), event.message_kind)
end

DISPATCH[cryo.EVENT_DROPPED] = function(self, event, at)
  tell(self, "dropped", session_of(self, at), event.code, data_of(event, at), event.message_kind)
end

DISPATCH[cryo.EVENT_WRITABLE] = function(self, _, at) tell(self, "writable", session_of(self, at)) end

DISPATCH[cryo.EVENT_RECEIPT] = function(self, event, at)
  local number, outcome, by = tonumber(event.receipt), event.code, text_at(event, at)
  local rtt_ms = outcome == cryo.RECEIPT_ACKNOWLEDGED and event.value or nil
  local own = receipts[number]
  if not own then return tell(self, "receipt", session_of(self, at), number, outcome, rtt_ms, by) end
  receipts[number] = nil
  local ok, problem = xpcall(own, traced, outcome, rtt_ms, by)
  if not ok then report(self, problem, "receipt") end
end

DISPATCH[cryo.EVENT_HOOK] = function(self, event, at)
  local hook = setmetatable({
    handle = event.ticket, session = session_of(self, at), data = data_of(event, at), kind = event.message_kind, direction = event.code,
  }, Hook)
  local name = text_at(event, at)
  local extension = self.extensions[name]
  local fn
  for each, where in pairs(HOOKS) do
    if extension and where[1] == hook.direction and where[2] == hook.kind then fn = extension.hooks[each] end
  end
  if not fn then return hook:fail("there is no such hook any more") end
  ask(self, "a hook of " .. name, hook, function(problem) hook:fail((tostring(problem):gsub("%z", ""))) end, function(answer)
    if answer == nil or answer == true then
      hook:pass()
    elseif answer == false then
      hook:stop()
    elseif type(answer) == "string" then
      hook:replace(answer)
    elseif answer ~= hook then
      invalid("a hook returns a boolean, a string or nothing, not a %s", type(answer))
    end
  end, fn, hook.session, hook.data, hook)
end

DISPATCH[cryo.EVENT_TOKEN] = function(self, event, at)
  local request = setmetatable({ handle = event.ticket }, TokenRequest)
  local session, key = session_at(self, at + cryo.RECORD_SESSION)
  request.session = session
  local provider = self.token_provider or self.providers[key]
  if not provider then return request:fail("there is no token provider") end
  ask(self, "token_provider", request, function(problem) request:fail((tostring(problem):gsub("%z", ""))) end, function(answer)
    if answer ~= request then request:give(answer) end
  end, provider, request)
end

-- Of one batch; how many there were.
local function dispatch(self)
  local at = self.batch[0]
  local head = ffi.cast("const uint32_t *", at)
  local count = head[1]
  at = at + head[4]
  for _ = 1, count do
    local event = ffi.cast(EventView, at)
    local handle_event = DISPATCH[event.kind]
    if handle_event then handle_event(self, event, at) end -- a newer library may have others
    at = at + event.size
  end
  return count
end

local function free_now(self)
  self.closing, self.finished = false, true
  ffi.gc(self.held, nil)
  free_owner(self.held)
  self.handle, self.queue = nil, nil
end

--- Waits up to `timeout` seconds for events (default 0; math.huge: for ever), and calls the handlers for what has come, 256 events at most.
-- Returns how many there were. Raises STATE inside of a handler of the same object.
function Owner:poll(timeout)
  alive(self)
  if self.inside then raise(cryo.ERR_STATE, "poll() inside of a handler") end
  local left, handled = milliseconds(timeout or 0), 0
  self.inside = true
  repeat
    local slice = handled > 0 and 0 or math.min(left, SLICE_MS)
    local status = lib.cryo_queue_next_many(self.queue, slice, MOST_EVENTS - handled, self.batch, self.batch_length)
    if status == cryo.OK then
      handled = handled + dispatch(self)
      if handled >= MOST_EVENTS then break end
    elseif status ~= cryo.ERR_TIMEOUT then
      if not (self.draining and status == cryo.ERR_STATE) then break end -- woken
    else
      left = left - slice
    end
  until status == cryo.ERR_TIMEOUT and (handled > 0 or left <= 0)
  lib.cryo_queue_release(self.queue, self.batch[0]) -- what the handlers have sent leaves
  self.batch[0] = nil
  self.inside = false
  if self.closing then self:close() end
  return handled
end

-- Whether it is over, and everything was told.
local function is_over(self)
  if not self.handle or self.finished then return true end
  if lib["cryo_" .. self.which .. "_wait"](self.handle, 0) ~= cryo.OK then return false end
  self.draining = true -- a wake that is left over is no end of the events
  while self.handle and self:poll(0) > 0 do end
  self.finished = true
  return true
end

--- Calls handlers until it has stopped, or `timeout` seconds have passed (none: for ever); whether it has. Raises STATE before start().
function Owner:wait(timeout)
  if not self.started then raise(cryo.ERR_STATE, "it was not started") end
  local left = milliseconds(timeout)
  while not is_over(self) do
    if left <= 0 then return false end
    local slice = math.min(left, self.stopping and 20 or SLICE_MS)
    if self:poll(slice / 1000) == 0 then left = left - slice end
  end
  return true
end

--- Stops, calls the handlers for what is left, and frees. Inside of a handler it begins to, and the rest follows.
function Owner:close()
  if not self.handle then return end
  if not is_ours() then -- nothing of the parent's works here
    self.handle = nil
    return
  end
  if self.started then
    pcall(self.stop, self)
    if self.inside then
      self.closing = true
      return
    end
    self.closing = false
    self:wait()
    if not self.handle then return end -- a handler has done so
  elseif self.inside then
    return
  end
  free_now(self)
end

--- Adds an extension behind those that are there. Raises EXISTS.
function Owner:add_extension(extension)
  local handle = new_extension(extension, (alive(self) and self.queue))
  local status = lib["cryo_" .. self.which .. "_add_extension"](self.handle, handle)
  lib.cryo_extension_free(handle)
  check(status)
  self.extensions[extension.name] = extension
  if extension.hooks.on_register then extension.hooks.on_register(extension.name) end
end

--- Takes it out: messages pass by; tickets that are out still count. Raises NOT_FOUND.
function Owner:remove_extension(name)
  check(lib["cryo_" .. self.which .. "_remove_extension"](alive(self), text_in(name, "a name")))
  local extension = self.extensions[name]
  -- Its tickets that wait in the queue are failed when they come out, which is what on_failure is about.
  self.extensions[name] = nil
  if extension and extension.hooks.on_unregister then extension.hooks.on_unregister(name) end
end

--- The extension of that name, or nil.
function Owner:find_extension(name)
  local out = out_handle()
  local status = lib["cryo_" .. self.which .. "_find_extension"](alive(self), text_in(name, "a name"), out)
  if status == cryo.ERR_NOT_FOUND then return nil end
  check(status)
  lib.cryo_extension_free(out[0])
  return self.extensions[name]
end

-- ------------------------------------------------------------------------------------------------ server

local Server = {}
Server.__index = Server

--- A server. `options` has the options of cryo.h by their names (cryo_server_options_set_port: port), `validator` = function(auth),
-- which returns true (let in), a table (let in, with these values), auth:later() (answered later on `auth`); all else refuses;
-- on_… = function for each event (see README.md); queue_capacity = {events, bytes}.
cryo.Server = setmetatable(Server, {
  __index = Owner,
  __call = function(_, options)
    options = options or {}
    if options.threads == 0 then invalid("threads must be at least 1: the queue needs a thread that fills it") end
    if options.validator ~= nil and type(options.validator) ~= "function" then invalid("validator must be a function") end
    local self = new_owner(Server, "server", options)
    self.validator = options.validator
    return self
  end,
})

--- The port that it listens on; 0 before the start.
function Server:port() return lib.cryo_server_port(alive(self)) end
--- cryo.TRANSPORT_…
function Server:transport() return lib.cryo_server_transport(alive(self)) end

--- Begins to stop: sessions close with 4000. Go on calling poll(), wait() or close().
function Server:stop()
  self.stopping = true
  check(lib.cryo_server_stop(alive(self)))
end

--- Lets nobody in any more, and closes the sessions spread over `deadline_ms`, some every `batch_ms` (0, the default: all at the deadline);
-- `options`: code (4000), reason ("Server shutdown."), retry_ms (0: not said).
function Server:drain(deadline_ms, batch_ms, options)
  options = options or {}
  local reason = options.reason
  if reason == nil and options.code == nil then reason = "Server shutdown." end
  check(lib.cryo_server_drain_with(alive(self), deadline_ms, batch_ms or 0, options.code or cryo.CLOSE_GRACEFUL,
    optional_text(reason, "reason"), options.retry_ms or 0))
end

--- One of cryo.SERVER_STAT_…; `of` picks one kind.
function Server:stat(stat, of)
  check(lib.cryo_server_stat(alive(self), stat, of or 0, out_number))
  return out_number[0]
end

--- All of them by name: sessions, refused, bytes_rx, …
function Server:stats()
  local found = {}
  for name, stat in pairs(SERVER_STATS) do found[name] = self:stat(stat) end
  return found
end

--- All of them as Prometheus reads them.
function Server:metrics()
  local handle = alive(self)
  return text_of(function(...) return lib.cryo_server_metrics(handle, ...) end)
end

function Server:session_count() return tonumber(lib.cryo_server_session_count(alive(self))) end

--- The live sessions, as a list.
function Server:sessions()
  local handle, capacity = alive(self), self:session_count() + 16
  local handles, found = ffi.new("uintptr_t[?]", capacity), {}
  check(lib.cryo_server_sessions(handle, handles, capacity, out_size))
  for i = 0, math.min(capacity, tonumber(out_size[0])) - 1 do found[i + 1] = own_session(self, handles[i]) end
  return found
end

--- The live session of this id (text or 16 bytes), or nil.
function Server:find(id)
  local out = out_handle()
  local status = lib.cryo_server_find_session(alive(self), id_bytes(id), out)
  if status == cryo.ERR_NOT_FOUND then return nil end
  check(status)
  return (own_session(self, out[0]))
end

--- Sends to every live session but `except`; returns to how many.
function Server:broadcast(data, kind, except)
  check(lib.cryo_server_broadcast(alive(self), kind or cryo.UTF8, data, #data, except and except.handle or 0, out_size))
  return tonumber(out_size[0])
end

--- Other certificates for new connections: the TLS options; nil: the same files read again.
function Server:set_tls(options)
  local handle = alive(self)
  if options == nil then return check(lib.cryo_server_set_tls(handle, 0)) end
  with_options("server", options, {}, function(given) check(lib.cryo_server_set_tls(handle, given)) end)
end

--- Other keys of session tickets; nil: the server's own.
function Server:set_tls_ticket_keys(keys) check(lib.cryo_server_set_tls_ticket_keys(alive(self), keys, keys and #keys or 0)) end

--- Opens a session to another server; `options` as for a client. Returns the session.
function Server:connect_peer(options)
  local handle, out = alive(self), out_handle()
  with_options("client", options, { token_provider = true }, function(given)
    if options.token_provider then check(lib.cryo_client_options_set_token_provider(given, nil, 0, nil)) end
    check(lib.cryo_server_connect_peer(handle, given, out))
  end)
  local session, key = own_session(self, out[0])
  self.providers[key] = options.token_provider
  return session
end

-- ------------------------------------------------------------------------------------------------ client

local Client = {}
Client.__index = Client

--- A client, which connects again by itself. `options` has the options of cryo.h by their names (cryo_client_options_set_url: url),
-- token_provider = function(request), which returns a token or request:later(); on_… = function for each event.
cryo.Client = setmetatable(Client, {
  __index = Owner,
  __call = function(_, options)
    local self = new_owner(Client, "client", options)
    self.token_provider = options.token_provider
    return self
  end,
})

--- Its session, connected or not.
function Client:session()
  local handle = lib.cryo_client_session(alive(self))
  if handle == 0 then raise(cryo.ERR_STATE) end -- none in the child of a fork
  return session_of(self, ffi.cast("const uint8_t *", out_handle(handle)) - cryo.RECORD_SESSION)
end

--- As of its session.
function Client:send(data, kind, options) return self:session():send(data, kind, options) end
function Client:send_text(text, options) return self:session():send(text, cryo.UTF8, options) end
function Client:send_binary(bytes, options) return self:session():send(bytes, cryo.BINARY, options) end

--- Another token, from the next attempt to connect on. Raises STATE with a token provider, CLOSED.
function Client:set_token(token) check(lib.cryo_client_set_token(alive(self), text_in(token, "a token"))) end

--- Begins to close it for good, connected or not. Raises CLOSED, STATE.
function Client:stop(code, reason)
  self.stopping = true
  check(lib.cryo_client_close(alive(self), code or cryo.CLOSE_GRACEFUL, optional_text(reason, "reason")))
end

-- ------------------------------------------------------------------------------------------------ many at once

local SIGINT, SIGTERM = 2, 15
local SIG_BLOCK = jit.os == "OSX" and 1 or 0
local SIG_SETMASK = jit.os == "OSX" and 3 or 2

-- While fn() runs, SIGINT and SIGTERM wait to be asked for: LuaJIT has no handlers for signals that could call into it.
local function with_signals(fn)
  local blocked, before = ffi.new("uint64_t[16]"), ffi.new("uint64_t[16]") -- no system's sigset_t is larger
  ffi.C.sigemptyset(blocked)
  ffi.C.sigaddset(blocked, SIGINT)
  ffi.C.sigaddset(blocked, SIGTERM)
  ffi.C.pthread_sigmask(SIG_BLOCK, blocked, before)
  local function came()
    local pending = ffi.new("uint64_t[16]")
    ffi.C.sigpending(pending)
    for _, number in ipairs { SIGINT, SIGTERM } do
      if ffi.C.sigismember(pending, number) == 1 then
        local taken = ffi.new("int[1]")
        ffi.C.sigwait(blocked, taken)
        return taken[0]
      end
    end
  end
  local ok, result = pcall(fn, came)
  ffi.C.pthread_sigmask(SIG_SETMASK, before, nil)
  if not ok then error(result, 0) end
  return result
end

--- poll() for several servers and clients: waits for events of any of them.
function cryo.poll(owners, timeout)
  local watched, left = ffi.new("struct cryo_pollfd[?]", #owners), milliseconds(timeout or 0)
  local handled = 0
  for _, owner in ipairs(owners) do if owner.handle then handled = handled + owner:poll(0) end end
  while handled == 0 and left > 0 do
    for i, owner in ipairs(owners) do
      watched[i - 1].fd = owner.handle and owner:fd() or -1
      watched[i - 1].events = 1 -- POLLIN
    end
    local slice = math.min(left, SLICE_MS)
    ffi.C.poll(watched, #owners, slice)
    for _, owner in ipairs(owners) do if owner.handle then handled = handled + owner:poll(0) end end
    left = left - slice
  end
  return handled
end

--- Starts what was not started, and calls handlers until all have stopped. SIGINT and SIGTERM stop them all.
-- Returns the number of the signal, or nil.
function cryo.run(owners)
  return with_signals(function(came)
    local taken
    for _, owner in ipairs(owners) do if not owner.started then owner:start() end end
    while true do
      local over, stopping = true, false
      for _, owner in ipairs(owners) do
        over = is_over(owner) and over
        stopping = stopping or owner.stopping
      end
      if over then return taken end
      local slice = (stopping and 20 or SLICE_MS) / 1000
      if #owners == 1 then owners[1]:poll(slice) else cryo.poll(owners, slice) end
      local signal = came()
      if signal then
        taken = signal
        for _, owner in ipairs(owners) do if owner.handle then pcall(owner.stop, owner) end end
      end
    end
  end)
end

--- cryo.run of this one.
function Owner:run() return cryo.run { self } end

return cryo
