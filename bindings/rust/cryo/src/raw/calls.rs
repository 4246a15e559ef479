// Written by bindings/api/update.py; do not edit.

//! The functions of cryo.h, by their names. Any number may be given as a handle: one that is none
//! is told.

use cryo_sys as sys;

use super::{check, optional, start_of, static_text, text_of, to_c, Handle};
use crate::Result;

pub fn cryo_version() -> u32 {
    unsafe { sys::cryo_version() }
}

pub fn cryo_abi_version() -> u32 {
    unsafe { sys::cryo_abi_version() }
}

pub fn cryo_version_string() -> String {
    static_text(unsafe { sys::cryo_version_string() })
}

pub fn cryo_build_info() -> String {
    static_text(unsafe { sys::cryo_build_info() })
}

pub fn cryo_status_name(status: i32) -> String {
    static_text(unsafe { sys::cryo_status_name(status) })
}

pub fn cryo_last_error() -> String {
    static_text(unsafe { sys::cryo_last_error() })
}

pub fn cryo_events_free(events: Handle) {
    unsafe { sys::cryo_events_free(events as _) }
}

pub fn cryo_events_use_queue(events: Handle, queue: Handle) -> Result<()> {
    check(unsafe { sys::cryo_events_use_queue(events as _, queue as _) })
}

pub fn cryo_server_options_new() -> Result<Handle> {
    let mut out = std::ptr::null_mut();
    check(unsafe { sys::cryo_server_options_new(&mut out) })?;
    Ok(out as Handle)
}

pub fn cryo_server_options_free(options: Handle) {
    unsafe { sys::cryo_server_options_free(options as _) }
}

pub fn cryo_server_options_set_host(options: Handle, host: &str) -> Result<()> {
    let host = to_c(host)?;
    check(unsafe { sys::cryo_server_options_set_host(options as _, host.as_ptr()) })
}

pub fn cryo_server_options_set_port(options: Handle, port: u16) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_port(options as _, port) })
}

pub fn cryo_server_options_set_reuse_port(options: Handle, on: i32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_reuse_port(options as _, on) })
}

pub fn cryo_server_options_set_socket_mode(options: Handle, mode: u32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_socket_mode(options as _, mode) })
}

pub fn cryo_server_options_set_listen_fd(options: Handle, fd: i32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_listen_fd(options as _, fd) })
}

pub fn cryo_server_options_set_transport(options: Handle, transport: i32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_transport(options as _, transport) })
}

pub fn cryo_server_options_set_threads(options: Handle, threads: u32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_threads(options as _, threads) })
}

pub fn cryo_server_options_set_events(options: Handle, events: Handle) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_events(options as _, events as _) })
}

pub fn cryo_server_options_set_tls_files(options: Handle, certificate_file: &str, key_file: &str) -> Result<()> {
    let certificate_file = to_c(certificate_file)?;
    let key_file = to_c(key_file)?;
    check(unsafe { sys::cryo_server_options_set_tls_files(options as _, certificate_file.as_ptr(), key_file.as_ptr()) })
}

pub fn cryo_server_options_set_tls_memory(options: Handle, certificate: &[u8], key: &[u8]) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_tls_memory(options as _, start_of(certificate), certificate.len(), start_of(key), key.len()) })
}

pub fn cryo_server_options_add_tls_files(options: Handle, certificate_file: &str, key_file: &str) -> Result<()> {
    let certificate_file = to_c(certificate_file)?;
    let key_file = to_c(key_file)?;
    check(unsafe { sys::cryo_server_options_add_tls_files(options as _, certificate_file.as_ptr(), key_file.as_ptr()) })
}

pub fn cryo_server_options_add_tls_memory(options: Handle, certificate: &[u8], key: &[u8]) -> Result<()> {
    check(unsafe { sys::cryo_server_options_add_tls_memory(options as _, start_of(certificate), certificate.len(), start_of(key), key.len()) })
}

pub fn cryo_server_options_set_tls_min_version(options: Handle, version: i32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_tls_min_version(options as _, version) })
}

pub fn cryo_server_options_set_tls_client_ca_file(options: Handle, file: &str) -> Result<()> {
    let file = to_c(file)?;
    check(unsafe { sys::cryo_server_options_set_tls_client_ca_file(options as _, file.as_ptr()) })
}

pub fn cryo_server_options_set_tls_client_ca_memory(options: Handle, pem: &[u8]) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_tls_client_ca_memory(options as _, start_of(pem), pem.len()) })
}

pub fn cryo_server_options_set_tls_require_client_certificate(options: Handle, on: i32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_tls_require_client_certificate(options as _, on) })
}

pub fn cryo_server_options_add_tls_ocsp_file(options: Handle, file: &str) -> Result<()> {
    let file = to_c(file)?;
    check(unsafe { sys::cryo_server_options_add_tls_ocsp_file(options as _, file.as_ptr()) })
}

pub fn cryo_server_options_set_tls_ticket_keys(options: Handle, keys: &[u8]) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_tls_ticket_keys(options as _, start_of(keys), keys.len()) })
}

pub fn cryo_server_options_set_cale(options: Handle, on: i32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_cale(options as _, on) })
}

pub fn cryo_server_options_set_cale_timeout_ms(options: Handle, ms: u32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_cale_timeout_ms(options as _, ms) })
}

pub fn cryo_server_options_set_keepalive_ms(options: Handle, ms: u32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_keepalive_ms(options as _, ms) })
}

pub fn cryo_server_options_set_stall_timeout_ms(options: Handle, ms: u32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_stall_timeout_ms(options as _, ms) })
}

pub fn cryo_server_options_set_ack_timeout_ms(options: Handle, ms: u32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_ack_timeout_ms(options as _, ms) })
}

pub fn cryo_server_options_set_head_timeout_ms(options: Handle, ms: u32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_head_timeout_ms(options as _, ms) })
}

pub fn cryo_server_options_set_max_head_bytes(options: Handle, bytes: u32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_max_head_bytes(options as _, bytes) })
}

pub fn cryo_server_options_add_trusted_proxy(options: Handle, network: &str) -> Result<()> {
    let network = to_c(network)?;
    check(unsafe { sys::cryo_server_options_add_trusted_proxy(options as _, network.as_ptr()) })
}

pub fn cryo_server_options_set_forwarded_header(options: Handle, which: i32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_forwarded_header(options as _, which) })
}

pub fn cryo_server_options_set_proxy_protocol(options: Handle, on: i32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_proxy_protocol(options as _, on) })
}

pub fn cryo_server_options_set_validation_timeout_ms(options: Handle, ms: u32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_validation_timeout_ms(options as _, ms) })
}

pub fn cryo_server_options_set_hello_wait_ms(options: Handle, ms: u32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_hello_wait_ms(options as _, ms) })
}

pub fn cryo_server_options_set_close_timeout_ms(options: Handle, ms: u32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_close_timeout_ms(options as _, ms) })
}

pub fn cryo_server_options_set_message_timeout_ms(options: Handle, ms: u32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_message_timeout_ms(options as _, ms) })
}

pub fn cryo_server_options_set_min_message_rate(options: Handle, bytes_per_second: u32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_min_message_rate(options as _, bytes_per_second) })
}

pub fn cryo_server_options_set_max_message_bytes(options: Handle, bytes: u64) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_max_message_bytes(options as _, bytes) })
}

pub fn cryo_server_options_set_max_fragments(options: Handle, count: u32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_max_fragments(options as _, count) })
}

pub fn cryo_server_options_set_max_violations(options: Handle, count: u32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_max_violations(options as _, count) })
}

pub fn cryo_server_options_set_high_water_mark(options: Handle, bytes: u64) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_high_water_mark(options as _, bytes) })
}

pub fn cryo_server_options_set_low_water_mark(options: Handle, bytes: u64) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_low_water_mark(options as _, bytes) })
}

pub fn cryo_server_options_set_max_queued_bytes(options: Handle, bytes: u64) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_max_queued_bytes(options as _, bytes) })
}

pub fn cryo_server_options_set_max_queue_count(options: Handle, count: u32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_max_queue_count(options as _, count) })
}

pub fn cryo_server_options_set_drop_policy(options: Handle, policy: i32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_drop_policy(options as _, policy) })
}

pub fn cryo_server_options_set_max_total_queued_bytes(options: Handle, bytes: u64) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_max_total_queued_bytes(options as _, bytes) })
}

pub fn cryo_server_options_set_max_receipts(options: Handle, count: u32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_max_receipts(options as _, count) })
}

pub fn cryo_server_options_set_max_sessions(options: Handle, count: u32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_max_sessions(options as _, count) })
}

pub fn cryo_server_options_set_max_sessions_per_address(options: Handle, count: u32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_max_sessions_per_address(options as _, count) })
}

pub fn cryo_server_options_set_duplicate_policy(options: Handle, policy: i32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_duplicate_policy(options as _, policy) })
}

pub fn cryo_server_options_set_probe_timeout_ms(options: Handle, ms: u32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_probe_timeout_ms(options as _, ms) })
}

pub fn cryo_server_options_set_resume_window_ms(options: Handle, ms: u32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_resume_window_ms(options as _, ms) })
}

pub fn cryo_server_options_set_max_away_sessions(options: Handle, count: u32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_max_away_sessions(options as _, count) })
}

pub fn cryo_server_options_set_max_pending_validations(options: Handle, count: u32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_max_pending_validations(options as _, count) })
}

pub fn cryo_server_options_set_health(options: Handle, on: i32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_health(options as _, on) })
}

pub fn cryo_server_options_set_metrics(options: Handle, on: i32, token: Option<&str>) -> Result<()> {
    let token = optional(token)?;
    check(unsafe { sys::cryo_server_options_set_metrics(options as _, on, token.as_ref().map_or(std::ptr::null(), |text| text.as_ptr())) })
}

pub fn cryo_server_options_set_manual_ack(options: Handle, on: i32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_manual_ack(options as _, on) })
}

pub fn cryo_server_options_set_max_unacknowledged(options: Handle, count: u32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_max_unacknowledged(options as _, count) })
}

pub fn cryo_server_options_add_allowed_origin(options: Handle, origin: &str) -> Result<()> {
    let origin = to_c(origin)?;
    check(unsafe { sys::cryo_server_options_add_allowed_origin(options as _, origin.as_ptr()) })
}

pub fn cryo_server_options_add_session_header(options: Handle, name: &str) -> Result<()> {
    let name = to_c(name)?;
    check(unsafe { sys::cryo_server_options_add_session_header(options as _, name.as_ptr()) })
}

pub fn cryo_server_options_set_max_attempts_per_address(options: Handle, count: u32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_max_attempts_per_address(options as _, count) })
}

pub fn cryo_server_options_set_max_failed_tokens_per_address(options: Handle, count: u32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_max_failed_tokens_per_address(options as _, count) })
}

pub fn cryo_server_options_set_address_window_ms(options: Handle, ms: u32) -> Result<()> {
    check(unsafe { sys::cryo_server_options_set_address_window_ms(options as _, ms) })
}

pub fn cryo_server_new(options: Handle) -> Result<Handle> {
    let mut out = std::ptr::null_mut();
    check(unsafe { sys::cryo_server_new(options as _, &mut out) })?;
    Ok(out as Handle)
}

pub fn cryo_server_start(server: Handle) -> Result<()> {
    check(unsafe { sys::cryo_server_start(server as _) })
}

pub fn cryo_server_port(server: Handle) -> u16 {
    unsafe { sys::cryo_server_port(server as _) }
}

pub fn cryo_server_transport(server: Handle) -> i32 {
    unsafe { sys::cryo_server_transport(server as _) }
}

pub fn cryo_server_run_once(server: Handle, timeout_ms: i32) -> Result<()> {
    check(unsafe { sys::cryo_server_run_once(server as _, timeout_ms) })
}

pub fn cryo_server_wake(server: Handle) -> Result<()> {
    check(unsafe { sys::cryo_server_wake(server as _) })
}

pub fn cryo_server_fd(server: Handle) -> i32 {
    unsafe { sys::cryo_server_fd(server as _) }
}

pub fn cryo_server_timeout_ms(server: Handle) -> i32 {
    unsafe { sys::cryo_server_timeout_ms(server as _) }
}

pub fn cryo_server_set_tls(server: Handle, options: Handle) -> Result<()> {
    check(unsafe { sys::cryo_server_set_tls(server as _, options as _) })
}

pub fn cryo_server_set_tls_ticket_keys(server: Handle, keys: &[u8]) -> Result<()> {
    check(unsafe { sys::cryo_server_set_tls_ticket_keys(server as _, start_of(keys), keys.len()) })
}

pub fn cryo_server_stop(server: Handle) -> Result<()> {
    check(unsafe { sys::cryo_server_stop(server as _) })
}

pub fn cryo_server_drain(server: Handle, deadline_ms: u32, batch_ms: u32) -> Result<()> {
    check(unsafe { sys::cryo_server_drain(server as _, deadline_ms, batch_ms) })
}

pub fn cryo_server_drain_with(server: Handle, deadline_ms: u32, batch_ms: u32, code: i32, reason: Option<&str>, retry_ms: u32) -> Result<()> {
    let reason = optional(reason)?;
    check(unsafe { sys::cryo_server_drain_with(server as _, deadline_ms, batch_ms, code, reason.as_ref().map_or(std::ptr::null(), |text| text.as_ptr()), retry_ms) })
}

pub fn cryo_server_wait(server: Handle, timeout_ms: i32) -> Result<()> {
    check(unsafe { sys::cryo_server_wait(server as _, timeout_ms) })
}

pub fn cryo_server_free(server: Handle) {
    unsafe { sys::cryo_server_free(server as _) }
}

pub fn cryo_server_stat(server: Handle, stat: i32, of: i32) -> Result<f64> {
    let mut out = 0.0;
    check(unsafe { sys::cryo_server_stat(server as _, stat, of, &mut out) })?;
    Ok(out)
}

pub fn cryo_server_metrics(server: Handle) -> Result<String> {
    text_of(|out, capacity, len| unsafe { sys::cryo_server_metrics(server as _, out, capacity, len) })
}

pub fn cryo_server_session_count(server: Handle) -> usize {
    unsafe { sys::cryo_server_session_count(server as _) }
}

pub fn cryo_server_find_session(server: Handle, id: &[u8; 16]) -> Result<Handle> {
    let mut out = std::ptr::null_mut();
    check(unsafe { sys::cryo_server_find_session(server as _, id.as_ptr(), &mut out) })?;
    Ok(out as Handle)
}

pub fn cryo_server_broadcast(server: Handle, kind: i32, data: &[u8], except: Handle) -> Result<usize> {
    let mut count = 0;
    check(unsafe { sys::cryo_server_broadcast(server as _, kind, start_of(data), data.len(), except as _, &mut count) })?;
    Ok(count)
}

pub fn cryo_server_connect_peer(server: Handle, options: Handle) -> Result<Handle> {
    let mut out = std::ptr::null_mut();
    check(unsafe { sys::cryo_server_connect_peer(server as _, options as _, &mut out) })?;
    Ok(out as Handle)
}

pub fn cryo_auth_accept(auth: Handle) -> Result<()> {
    check(unsafe { sys::cryo_auth_accept(auth as _) })
}

pub fn cryo_auth_replace(auth: Handle) -> Result<()> {
    check(unsafe { sys::cryo_auth_replace(auth as _) })
}

pub fn cryo_auth_set_claim(auth: Handle, name: &str, value: Option<&str>) -> Result<()> {
    let name = to_c(name)?;
    let value = optional(value)?;
    check(unsafe { sys::cryo_auth_set_claim(auth as _, name.as_ptr(), value.as_ref().map_or(std::ptr::null(), |text| text.as_ptr())) })
}

pub fn cryo_auth_set_expiry_ms(auth: Handle, ms: i64) -> Result<()> {
    check(unsafe { sys::cryo_auth_set_expiry_ms(auth as _, ms) })
}

pub fn cryo_auth_refuse(auth: Handle, http_status: i32, body: Option<&str>, retry_after_ms: u32) -> Result<()> {
    let body = optional(body)?;
    check(unsafe { sys::cryo_auth_refuse(auth as _, http_status, body.as_ref().map_or(std::ptr::null(), |text| text.as_ptr()), retry_after_ms) })
}

pub fn cryo_auth_reject(auth: Handle, reason: Option<&str>) -> Result<()> {
    let reason = optional(reason)?;
    check(unsafe { sys::cryo_auth_reject(auth as _, reason.as_ref().map_or(std::ptr::null(), |text| text.as_ptr())) })
}

pub fn cryo_auth_token(auth: Handle) -> Result<String> {
    text_of(|out, capacity, len| unsafe { sys::cryo_auth_token(auth as _, out, capacity, len) })
}

pub fn cryo_auth_remote_address(auth: Handle) -> Result<String> {
    text_of(|out, capacity, len| unsafe { sys::cryo_auth_remote_address(auth as _, out, capacity, len) })
}

pub fn cryo_auth_proxy_address(auth: Handle) -> Result<String> {
    text_of(|out, capacity, len| unsafe { sys::cryo_auth_proxy_address(auth as _, out, capacity, len) })
}

pub fn cryo_auth_path(auth: Handle) -> Result<String> {
    text_of(|out, capacity, len| unsafe { sys::cryo_auth_path(auth as _, out, capacity, len) })
}

pub fn cryo_auth_parameter(auth: Handle, name: &str) -> Result<String> {
    let name = to_c(name)?;
    text_of(|out, capacity, len| unsafe { sys::cryo_auth_parameter(auth as _, name.as_ptr(), out, capacity, len) })
}

pub fn cryo_auth_peer_certificate_subject(auth: Handle) -> Result<String> {
    text_of(|out, capacity, len| unsafe { sys::cryo_auth_peer_certificate_subject(auth as _, out, capacity, len) })
}

pub fn cryo_auth_peer_certificate_name(auth: Handle, index: usize) -> Result<String> {
    text_of(|out, capacity, len| unsafe { sys::cryo_auth_peer_certificate_name(auth as _, index, out, capacity, len) })
}

pub fn cryo_auth_peer_certificate_fingerprint(auth: Handle) -> Result<String> {
    text_of(|out, capacity, len| unsafe { sys::cryo_auth_peer_certificate_fingerprint(auth as _, out, capacity, len) })
}

pub fn cryo_auth_header(auth: Handle, name: &str) -> Result<String> {
    let name = to_c(name)?;
    text_of(|out, capacity, len| unsafe { sys::cryo_auth_header(auth as _, name.as_ptr(), out, capacity, len) })
}

pub fn cryo_session_retain(session: Handle) -> Handle {
    let handle = unsafe { sys::cryo_session_retain(session as _) };
    handle as Handle
}

pub fn cryo_session_release(session: Handle) {
    unsafe { sys::cryo_session_release(session as _) }
}

pub fn cryo_session_send(session: Handle, kind: i32, data: &[u8]) -> Result<()> {
    check(unsafe { sys::cryo_session_send(session as _, kind, start_of(data), data.len()) })
}

pub fn cryo_session_send_with(session: Handle, kind: i32, data: &[u8], key: Option<&str>, receipt: u64) -> Result<()> {
    let key = optional(key)?;
    check(unsafe { sys::cryo_session_send_with(session as _, kind, start_of(data), data.len(), key.as_ref().map_or(std::ptr::null(), |text| text.as_ptr()), receipt) })
}

pub fn cryo_session_ping(session: Handle) -> Result<()> {
    check(unsafe { sys::cryo_session_ping(session as _) })
}

pub fn cryo_session_close(session: Handle, code: i32, reason: Option<&str>) -> Result<()> {
    let reason = optional(reason)?;
    check(unsafe { sys::cryo_session_close(session as _, code, reason.as_ref().map_or(std::ptr::null(), |text| text.as_ptr())) })
}

pub fn cryo_session_is_open(session: Handle) -> i32 {
    unsafe { sys::cryo_session_is_open(session as _) }
}

pub fn cryo_session_is_secure(session: Handle) -> i32 {
    unsafe { sys::cryo_session_is_secure(session as _) }
}

pub fn cryo_session_is_peer(session: Handle) -> i32 {
    unsafe { sys::cryo_session_is_peer(session as _) }
}

pub fn cryo_session_id(session: Handle) -> Result<[u8; 16]> {
    let mut out = [0u8; 16];
    check(unsafe { sys::cryo_session_id(session as _, out.as_mut_ptr()) })?;
    Ok(out)
}

pub fn cryo_session_id_text(session: Handle) -> Result<String> {
    text_of(|out, capacity, len| unsafe { sys::cryo_session_id_text(session as _, out, capacity, len) })
}

pub fn cryo_session_token(session: Handle) -> Result<String> {
    text_of(|out, capacity, len| unsafe { sys::cryo_session_token(session as _, out, capacity, len) })
}

pub fn cryo_session_remote_address(session: Handle) -> Result<String> {
    text_of(|out, capacity, len| unsafe { sys::cryo_session_remote_address(session as _, out, capacity, len) })
}

pub fn cryo_session_proxy_address(session: Handle) -> Result<String> {
    text_of(|out, capacity, len| unsafe { sys::cryo_session_proxy_address(session as _, out, capacity, len) })
}

pub fn cryo_session_path(session: Handle) -> Result<String> {
    text_of(|out, capacity, len| unsafe { sys::cryo_session_path(session as _, out, capacity, len) })
}

pub fn cryo_session_parameter(session: Handle, name: &str) -> Result<String> {
    let name = to_c(name)?;
    text_of(|out, capacity, len| unsafe { sys::cryo_session_parameter(session as _, name.as_ptr(), out, capacity, len) })
}

pub fn cryo_session_peer_certificate_subject(session: Handle) -> Result<String> {
    text_of(|out, capacity, len| unsafe { sys::cryo_session_peer_certificate_subject(session as _, out, capacity, len) })
}

pub fn cryo_session_peer_certificate_name(session: Handle, index: usize) -> Result<String> {
    text_of(|out, capacity, len| unsafe { sys::cryo_session_peer_certificate_name(session as _, index, out, capacity, len) })
}

pub fn cryo_session_peer_certificate_fingerprint(session: Handle) -> Result<String> {
    text_of(|out, capacity, len| unsafe { sys::cryo_session_peer_certificate_fingerprint(session as _, out, capacity, len) })
}

pub fn cryo_session_header(session: Handle, name: &str) -> Result<String> {
    let name = to_c(name)?;
    text_of(|out, capacity, len| unsafe { sys::cryo_session_header(session as _, name.as_ptr(), out, capacity, len) })
}

pub fn cryo_session_claim(session: Handle, name: &str) -> Result<String> {
    let name = to_c(name)?;
    text_of(|out, capacity, len| unsafe { sys::cryo_session_claim(session as _, name.as_ptr(), out, capacity, len) })
}

pub fn cryo_session_set_expiry_ms(session: Handle, ms: i64) -> Result<()> {
    check(unsafe { sys::cryo_session_set_expiry_ms(session as _, ms) })
}

pub fn cryo_session_stat(session: Handle, stat: i32) -> Result<f64> {
    let mut out = 0.0;
    check(unsafe { sys::cryo_session_stat(session as _, stat, &mut out) })?;
    Ok(out)
}

pub fn cryo_session_pause_reading(session: Handle) -> Result<()> {
    check(unsafe { sys::cryo_session_pause_reading(session as _) })
}

pub fn cryo_session_resume_reading(session: Handle) -> Result<()> {
    check(unsafe { sys::cryo_session_resume_reading(session as _) })
}

pub fn cryo_message_id(session: Handle) -> u64 {
    unsafe { sys::cryo_message_id(session as _) }
}

pub fn cryo_message_ack(session: Handle, message: u64) -> Result<()> {
    check(unsafe { sys::cryo_message_ack(session as _, message) })
}

pub fn cryo_client_options_new() -> Result<Handle> {
    let mut out = std::ptr::null_mut();
    check(unsafe { sys::cryo_client_options_new(&mut out) })?;
    Ok(out as Handle)
}

pub fn cryo_client_options_free(options: Handle) {
    unsafe { sys::cryo_client_options_free(options as _) }
}

pub fn cryo_client_options_set_url(options: Handle, url: &str) -> Result<()> {
    let url = to_c(url)?;
    check(unsafe { sys::cryo_client_options_set_url(options as _, url.as_ptr()) })
}

pub fn cryo_client_options_set_token(options: Handle, token: &str) -> Result<()> {
    let token = to_c(token)?;
    check(unsafe { sys::cryo_client_options_set_token(options as _, token.as_ptr()) })
}

pub fn cryo_client_options_set_session_id(options: Handle, id: &[u8; 16]) -> Result<()> {
    check(unsafe { sys::cryo_client_options_set_session_id(options as _, id.as_ptr()) })
}

pub fn cryo_client_options_add_parameter(options: Handle, name: &str, value: &str) -> Result<()> {
    let name = to_c(name)?;
    let value = to_c(value)?;
    check(unsafe { sys::cryo_client_options_add_parameter(options as _, name.as_ptr(), value.as_ptr()) })
}

pub fn cryo_client_options_add_header(options: Handle, name: &str, value: &str) -> Result<()> {
    let name = to_c(name)?;
    let value = to_c(value)?;
    check(unsafe { sys::cryo_client_options_add_header(options as _, name.as_ptr(), value.as_ptr()) })
}

pub fn cryo_client_options_set_events(options: Handle, events: Handle) -> Result<()> {
    check(unsafe { sys::cryo_client_options_set_events(options as _, events as _) })
}

pub fn cryo_client_options_set_loop(options: Handle, loop_: Handle) -> Result<()> {
    check(unsafe { sys::cryo_client_options_set_loop(options as _, loop_ as _) })
}

pub fn cryo_client_options_set_cale(options: Handle, on: i32) -> Result<()> {
    check(unsafe { sys::cryo_client_options_set_cale(options as _, on) })
}

pub fn cryo_client_options_set_cale_timeout_ms(options: Handle, ms: u32) -> Result<()> {
    check(unsafe { sys::cryo_client_options_set_cale_timeout_ms(options as _, ms) })
}

pub fn cryo_client_options_set_tls_ca_file(options: Handle, file: &str) -> Result<()> {
    let file = to_c(file)?;
    check(unsafe { sys::cryo_client_options_set_tls_ca_file(options as _, file.as_ptr()) })
}

pub fn cryo_client_options_set_tls_ca_memory(options: Handle, pem: &[u8]) -> Result<()> {
    check(unsafe { sys::cryo_client_options_set_tls_ca_memory(options as _, start_of(pem), pem.len()) })
}

pub fn cryo_client_options_set_tls_system_ca(options: Handle, on: i32) -> Result<()> {
    check(unsafe { sys::cryo_client_options_set_tls_system_ca(options as _, on) })
}

pub fn cryo_client_options_set_tls_files(options: Handle, certificate_file: &str, key_file: &str) -> Result<()> {
    let certificate_file = to_c(certificate_file)?;
    let key_file = to_c(key_file)?;
    check(unsafe { sys::cryo_client_options_set_tls_files(options as _, certificate_file.as_ptr(), key_file.as_ptr()) })
}

pub fn cryo_client_options_set_tls_memory(options: Handle, certificate: &[u8], key: &[u8]) -> Result<()> {
    check(unsafe { sys::cryo_client_options_set_tls_memory(options as _, start_of(certificate), certificate.len(), start_of(key), key.len()) })
}

pub fn cryo_client_options_set_tls_min_version(options: Handle, version: i32) -> Result<()> {
    check(unsafe { sys::cryo_client_options_set_tls_min_version(options as _, version) })
}

pub fn cryo_client_options_set_proxy(options: Handle, url: &str) -> Result<()> {
    let url = to_c(url)?;
    check(unsafe { sys::cryo_client_options_set_proxy(options as _, url.as_ptr()) })
}

pub fn cryo_client_options_use_proxy_from_environment(options: Handle, on: i32) -> Result<()> {
    check(unsafe { sys::cryo_client_options_use_proxy_from_environment(options as _, on) })
}

pub fn cryo_client_options_set_connect_timeout_ms(options: Handle, ms: u32) -> Result<()> {
    check(unsafe { sys::cryo_client_options_set_connect_timeout_ms(options as _, ms) })
}

pub fn cryo_client_options_set_reconnect_initial_ms(options: Handle, ms: u32) -> Result<()> {
    check(unsafe { sys::cryo_client_options_set_reconnect_initial_ms(options as _, ms) })
}

pub fn cryo_client_options_set_reconnect_max_ms(options: Handle, ms: u32) -> Result<()> {
    check(unsafe { sys::cryo_client_options_set_reconnect_max_ms(options as _, ms) })
}

pub fn cryo_client_options_set_reconnect_attempts(options: Handle, count: u32) -> Result<()> {
    check(unsafe { sys::cryo_client_options_set_reconnect_attempts(options as _, count) })
}

pub fn cryo_client_options_set_resend(options: Handle, on: i32) -> Result<()> {
    check(unsafe { sys::cryo_client_options_set_resend(options as _, on) })
}

pub fn cryo_client_options_set_keepalive_ms(options: Handle, ms: u32) -> Result<()> {
    check(unsafe { sys::cryo_client_options_set_keepalive_ms(options as _, ms) })
}

pub fn cryo_client_options_set_stall_timeout_ms(options: Handle, ms: u32) -> Result<()> {
    check(unsafe { sys::cryo_client_options_set_stall_timeout_ms(options as _, ms) })
}

pub fn cryo_client_options_set_ack_timeout_ms(options: Handle, ms: u32) -> Result<()> {
    check(unsafe { sys::cryo_client_options_set_ack_timeout_ms(options as _, ms) })
}

pub fn cryo_client_options_set_close_timeout_ms(options: Handle, ms: u32) -> Result<()> {
    check(unsafe { sys::cryo_client_options_set_close_timeout_ms(options as _, ms) })
}

pub fn cryo_client_options_set_max_message_bytes(options: Handle, bytes: u64) -> Result<()> {
    check(unsafe { sys::cryo_client_options_set_max_message_bytes(options as _, bytes) })
}

pub fn cryo_client_options_set_max_violations(options: Handle, count: u32) -> Result<()> {
    check(unsafe { sys::cryo_client_options_set_max_violations(options as _, count) })
}

pub fn cryo_client_options_set_low_water_mark(options: Handle, bytes: u64) -> Result<()> {
    check(unsafe { sys::cryo_client_options_set_low_water_mark(options as _, bytes) })
}

pub fn cryo_client_options_set_max_queue_count(options: Handle, count: u32) -> Result<()> {
    check(unsafe { sys::cryo_client_options_set_max_queue_count(options as _, count) })
}

pub fn cryo_client_options_set_drop_policy(options: Handle, policy: i32) -> Result<()> {
    check(unsafe { sys::cryo_client_options_set_drop_policy(options as _, policy) })
}

pub fn cryo_client_options_set_max_receipts(options: Handle, count: u32) -> Result<()> {
    check(unsafe { sys::cryo_client_options_set_max_receipts(options as _, count) })
}

pub fn cryo_client_options_set_high_water_mark(options: Handle, bytes: u64) -> Result<()> {
    check(unsafe { sys::cryo_client_options_set_high_water_mark(options as _, bytes) })
}

pub fn cryo_client_options_set_max_queued_bytes(options: Handle, bytes: u64) -> Result<()> {
    check(unsafe { sys::cryo_client_options_set_max_queued_bytes(options as _, bytes) })
}

pub fn cryo_client_new(options: Handle) -> Result<Handle> {
    let mut out = std::ptr::null_mut();
    check(unsafe { sys::cryo_client_new(options as _, &mut out) })?;
    Ok(out as Handle)
}

pub fn cryo_client_start(client: Handle) -> Result<()> {
    check(unsafe { sys::cryo_client_start(client as _) })
}

pub fn cryo_client_session(client: Handle) -> Handle {
    let handle = unsafe { sys::cryo_client_session(client as _) };
    handle as Handle
}

pub fn cryo_client_set_token(client: Handle, token: &str) -> Result<()> {
    let token = to_c(token)?;
    check(unsafe { sys::cryo_client_set_token(client as _, token.as_ptr()) })
}

pub fn cryo_token_give(request: Handle, token: &str) -> Result<()> {
    let token = to_c(token)?;
    check(unsafe { sys::cryo_token_give(request as _, token.as_ptr()) })
}

pub fn cryo_token_fail(request: Handle, reason: Option<&str>) -> Result<()> {
    let reason = optional(reason)?;
    check(unsafe { sys::cryo_token_fail(request as _, reason.as_ref().map_or(std::ptr::null(), |text| text.as_ptr())) })
}

pub fn cryo_client_close(client: Handle, code: i32, reason: Option<&str>) -> Result<()> {
    let reason = optional(reason)?;
    check(unsafe { sys::cryo_client_close(client as _, code, reason.as_ref().map_or(std::ptr::null(), |text| text.as_ptr())) })
}

pub fn cryo_client_wait(client: Handle, timeout_ms: i32) -> Result<()> {
    check(unsafe { sys::cryo_client_wait(client as _, timeout_ms) })
}

pub fn cryo_client_free(client: Handle) {
    unsafe { sys::cryo_client_free(client as _) }
}

pub fn cryo_extension_free(extension: Handle) {
    unsafe { sys::cryo_extension_free(extension as _) }
}

pub fn cryo_extension_name(extension: Handle) -> Result<String> {
    text_of(|out, capacity, len| unsafe { sys::cryo_extension_name(extension as _, out, capacity, len) })
}

pub fn cryo_extension_set_queue(extension: Handle, direction: i32, kind: i32, queue: Handle) -> Result<()> {
    check(unsafe { sys::cryo_extension_set_queue(extension as _, direction, kind, queue as _) })
}

pub fn cryo_extension_set_timeout_ms(extension: Handle, ms: u32) -> Result<()> {
    check(unsafe { sys::cryo_extension_set_timeout_ms(extension as _, ms) })
}

pub fn cryo_extension_set_on_failure(extension: Handle, what: i32) -> Result<()> {
    check(unsafe { sys::cryo_extension_set_on_failure(extension as _, what) })
}

pub fn cryo_server_add_extension(server: Handle, extension: Handle) -> Result<()> {
    check(unsafe { sys::cryo_server_add_extension(server as _, extension as _) })
}

pub fn cryo_server_remove_extension(server: Handle, name: &str) -> Result<()> {
    let name = to_c(name)?;
    check(unsafe { sys::cryo_server_remove_extension(server as _, name.as_ptr()) })
}

pub fn cryo_server_find_extension(server: Handle, name: &str) -> Result<Handle> {
    let name = to_c(name)?;
    let mut out = std::ptr::null_mut();
    check(unsafe { sys::cryo_server_find_extension(server as _, name.as_ptr(), &mut out) })?;
    Ok(out as Handle)
}

pub fn cryo_client_add_extension(client: Handle, extension: Handle) -> Result<()> {
    check(unsafe { sys::cryo_client_add_extension(client as _, extension as _) })
}

pub fn cryo_client_remove_extension(client: Handle, name: &str) -> Result<()> {
    let name = to_c(name)?;
    check(unsafe { sys::cryo_client_remove_extension(client as _, name.as_ptr()) })
}

pub fn cryo_client_find_extension(client: Handle, name: &str) -> Result<Handle> {
    let name = to_c(name)?;
    let mut out = std::ptr::null_mut();
    check(unsafe { sys::cryo_client_find_extension(client as _, name.as_ptr(), &mut out) })?;
    Ok(out as Handle)
}

pub fn cryo_hook_pass(hook: Handle) -> Result<()> {
    check(unsafe { sys::cryo_hook_pass(hook as _) })
}

pub fn cryo_hook_replace(hook: Handle, data: &[u8]) -> Result<()> {
    check(unsafe { sys::cryo_hook_replace(hook as _, start_of(data), data.len()) })
}

pub fn cryo_hook_stop(hook: Handle) -> Result<()> {
    check(unsafe { sys::cryo_hook_stop(hook as _) })
}

pub fn cryo_hook_fail(hook: Handle, reason: Option<&str>) -> Result<()> {
    let reason = optional(reason)?;
    check(unsafe { sys::cryo_hook_fail(hook as _, reason.as_ref().map_or(std::ptr::null(), |text| text.as_ptr())) })
}

pub fn cryo_hook_kind(hook: Handle) -> i32 {
    unsafe { sys::cryo_hook_kind(hook as _) }
}

pub fn cryo_hook_direction(hook: Handle) -> i32 {
    unsafe { sys::cryo_hook_direction(hook as _) }
}

pub fn cryo_hook_session(hook: Handle) -> Handle {
    let handle = unsafe { sys::cryo_hook_session(hook as _) };
    handle as Handle
}

pub fn cryo_loop_new() -> Result<Handle> {
    let mut out = std::ptr::null_mut();
    check(unsafe { sys::cryo_loop_new(&mut out) })?;
    Ok(out as Handle)
}

pub fn cryo_loop_run_once(loop_: Handle, timeout_ms: i32) -> Result<()> {
    check(unsafe { sys::cryo_loop_run_once(loop_ as _, timeout_ms) })
}

pub fn cryo_loop_wake(loop_: Handle) -> Result<()> {
    check(unsafe { sys::cryo_loop_wake(loop_ as _) })
}

pub fn cryo_loop_fd(loop_: Handle) -> i32 {
    unsafe { sys::cryo_loop_fd(loop_ as _) }
}

pub fn cryo_loop_timeout_ms(loop_: Handle) -> i32 {
    unsafe { sys::cryo_loop_timeout_ms(loop_ as _) }
}

pub fn cryo_loop_free(loop_: Handle) {
    unsafe { sys::cryo_loop_free(loop_ as _) }
}

pub fn cryo_queue_new() -> Result<Handle> {
    let mut out = std::ptr::null_mut();
    check(unsafe { sys::cryo_queue_new(&mut out) })?;
    Ok(out as Handle)
}

pub fn cryo_queue_free(queue: Handle) {
    unsafe { sys::cryo_queue_free(queue as _) }
}

pub fn cryo_queue_set_capacity(queue: Handle, events: u32, bytes: u64) -> Result<()> {
    check(unsafe { sys::cryo_queue_set_capacity(queue as _, events, bytes) })
}

pub fn cryo_queue_fd(queue: Handle) -> i32 {
    unsafe { sys::cryo_queue_fd(queue as _) }
}

pub fn cryo_queue_next(queue: Handle, timeout_ms: i32) -> Result<Handle> {
    let mut out = std::ptr::null_mut();
    check(unsafe { sys::cryo_queue_next(queue as _, timeout_ms, &mut out) })?;
    Ok(out as Handle)
}

pub fn cryo_queue_wake(queue: Handle) -> Result<()> {
    check(unsafe { sys::cryo_queue_wake(queue as _) })
}

pub fn cryo_event_free(event: Handle) {
    unsafe { sys::cryo_event_free(event as _) }
}

pub fn cryo_event_kind(event: Handle) -> i32 {
    unsafe { sys::cryo_event_kind(event as _) }
}

pub fn cryo_event_session(event: Handle) -> Handle {
    let handle = unsafe { sys::cryo_event_session(event as _) };
    handle as Handle
}

pub fn cryo_event_auth(event: Handle) -> Handle {
    let handle = unsafe { sys::cryo_event_auth(event as _) };
    handle as Handle
}

pub fn cryo_event_message_kind(event: Handle) -> i32 {
    unsafe { sys::cryo_event_message_kind(event as _) }
}

pub fn cryo_event_code(event: Handle) -> i32 {
    unsafe { sys::cryo_event_code(event as _) }
}

pub fn cryo_event_text(event: Handle) -> String {
    static_text(unsafe { sys::cryo_event_text(event as _) })
}

pub fn cryo_event_value(event: Handle) -> f64 {
    unsafe { sys::cryo_event_value(event as _) }
}

pub fn cryo_event_http_status(event: Handle) -> i32 {
    unsafe { sys::cryo_event_http_status(event as _) }
}

pub fn cryo_event_receipt(event: Handle) -> u64 {
    unsafe { sys::cryo_event_receipt(event as _) }
}

pub fn cryo_event_message_id(event: Handle) -> u64 {
    unsafe { sys::cryo_event_message_id(event as _) }
}

pub fn cryo_event_hook(event: Handle) -> Handle {
    let handle = unsafe { sys::cryo_event_hook(event as _) };
    handle as Handle
}

pub fn cryo_event_token_request(event: Handle) -> Handle {
    let handle = unsafe { sys::cryo_event_token_request(event as _) };
    handle as Handle
}

pub fn cryo_queue_release(queue: Handle, batch: &[u8; 16]) -> Result<()> {
    check(unsafe { sys::cryo_queue_release(queue as _, batch.as_ptr()) })
}
