# frozen_string_literal: true

# What cryo.h has. Written by bindings/api/update.py; do not edit.
module Cryo
  VERSION_MAJOR = 0
  VERSION_MINOR = 1
  VERSION_PATCH = 0
  ABI_VERSION = 1
  NEVER = 9223372036854775807
  OK = 0
  ERR_INVALID = -1
  ERR_HANDLE = -2
  ERR_STATE = -3
  ERR_NO_MEMORY = -4
  ERR_CLOSED = -5
  ERR_FULL = -6
  ERR_TOO_BIG = -7
  ERR_TIMEOUT = -8
  ERR_NOT_FOUND = -9
  ERR_BUFFER = -10
  ERR_ADDRESS = -11
  ERR_ADDRESS_IN_USE = -12
  ERR_PERMISSION = -13
  ERR_TLS_FILE = -14
  ERR_TLS_CERTIFICATE = -15
  ERR_TLS_KEY = -16
  ERR_TLS_MISMATCH = -17
  ERR_TLS_EXPIRED = -18
  ERR_TLS = -19
  ERR_SYSTEM = -20
  ERR_UNSUPPORTED = -21
  ERR_INTERNAL = -22
  ERR_TOTAL_FULL = -23
  ERR_RECEIPTS_FULL = -24
  ERR_EXISTS = -25
  ERR_RESOLVE = -30
  ERR_CONNECT = -31
  ERR_HTTP = -32
  ERR_TLS_NAME = -33
  ERR_TLS_UNTRUSTED = -34
  ERR_TOKEN = -35
  LOG_OFF = 0
  LOG_ERROR = 1
  LOG_WARNING = 2
  LOG_INFO = 3
  LOG_DEBUG = 4
  UTF8 = 1
  BINARY = 2
  CLOSE_GRACEFUL = 4000
  CLOSE_CLIENT_ERROR = 4001
  CLOSE_SERVER_ERROR = 4002
  CLOSE_CALE_MISMATCH = 4010
  CLOSE_CALE_HANDSHAKE = 4011
  CLOSE_NO_STATUS = 1005
  CLOSE_ABNORMAL = 1006
  STAT_RTT = 1
  STAT_BYTES_RX = 2
  STAT_BYTES_TX = 3
  STAT_ACK_TIMEOUT = 4
  STAT_QUEUED_BYTES = 5
  STAT_QUEUED_COUNT = 6
  DROP_OLDEST = 1
  DROP_NEWEST = 2
  DEDUPE_LATEST = 3
  TLS_1_2 = 12
  TLS_1_3 = 13
  DUPLICATE_REFUSE = 1
  DUPLICATE_PROBE = 2
  DUPLICATE_REPLACE = 3
  FORWARDED_NONE = 0
  FORWARDED_ANY = 1
  FORWARDED_X_FORWARDED_FOR = 2
  FORWARDED_RFC7239 = 3
  TRANSPORT_AUTO = 0
  TRANSPORT_LIBWEBSOCKETS = 1
  TRANSPORT_POLL = 2
  DROPPED_OLDEST = 1
  DROPPED_REFUSED = 2
  DROPPED_REPLACED = 3
  DROPPED_TOTAL = 4
  RECEIPT_ACKNOWLEDGED = 1
  RECEIPT_TIMED_OUT = 2
  RECEIPT_DROPPED = 3
  RECEIPT_VETOED = 4
  RECEIPT_CLOSED = 5
  RECEIPT_REFUSED = 6
  SERVER_STAT_SESSIONS = 1
  SERVER_STAT_AWAY = 2
  SERVER_STAT_CONNECTIONS = 3
  SERVER_STAT_ACCEPTED_CONNECTIONS = 4
  SERVER_STAT_ACCEPTED_SESSIONS = 5
  SERVER_STAT_RESUMED = 6
  SERVER_STAT_CLOSED = 7
  SERVER_STAT_REFUSED = 8
  SERVER_STAT_TLS_FAILURES = 9
  SERVER_STAT_VIOLATIONS = 10
  SERVER_STAT_DROPPED = 11
  SERVER_STAT_RECEIPTS = 12
  SERVER_STAT_MESSAGES_RX = 13
  SERVER_STAT_MESSAGES_TX = 14
  SERVER_STAT_BYTES_RX = 15
  SERVER_STAT_BYTES_TX = 16
  SERVER_STAT_MAILBOX = 17
  SERVER_STAT_SLOW_CALLBACKS = 18
  SERVER_STAT_LOOP_LAG = 19
  SERVER_STAT_BUSY = 20
  SERVER_STAT_VALIDATIONS = 21
  SERVER_STAT_HEALTH_CHECKS = 22
  SERVER_STAT_DRAINING = 23
  BEFORE_SEND = 1
  ON_RECEIVE = 2
  HOOK_PASS = 1
  HOOK_STOP = 2
  EVENT_LISTENING = 1
  EVENT_AUTH = 2
  EVENT_SESSION = 3
  EVENT_MESSAGE = 4
  EVENT_CLOSED = 5
  EVENT_STAT = 6
  EVENT_DISCONNECTED = 7
  EVENT_RECONNECTED = 8
  EVENT_ATTEMPT_FAILED = 9
  EVENT_LOST = 10
  EVENT_DROPPED = 11
  EVENT_WRITABLE = 12
  EVENT_RECEIPT = 13
  EVENT_HOOK = 14
  EVENT_TOKEN = 15
  BATCH_VERSION = 1
  BATCH_COUNT = 4
  BATCH_BYTES = 8
  BATCH_FIRST = 16
  BATCH_RECORD_SIZE = 20
  BATCH_SIZE = 24
  RECORD_KIND = 8
  RECORD_MESSAGE_KIND = 12
  RECORD_SESSION = 16
  RECORD_TICKET = 24
  RECORD_DATA_LENGTH = 32
  RECORD_DATA = 40
  RECORD_TEXT = 44
  RECORD_TEXT_LENGTH = 48
  RECORD_CODE = 52
  RECORD_HTTP_STATUS = 56
  RECORD_RECEIPT = 64
  RECORD_MESSAGE_ID = 72
  RECORD_VALUE = 80
  RECORD_SIZE = 88

  # :nodoc:
  module Abi
    # Each with what it takes and what it gives.
    FUNCTIONS = {
      cryo_version: [[], :uint32],
      cryo_abi_version: [[], :uint32],
      cryo_version_string: [[], :string],
      cryo_build_info: [[], :string],
      cryo_status_name: [[:int32], :string],
      cryo_last_error: [[], :string],
      cryo_set_log: [[:int32, :pointer, :uint64, :pointer], :int32],
      cryo_events_new: [[:uint64, :pointer, :pointer], :int32],
      cryo_events_free: [[:uint64], :void],
      cryo_events_on_listening: [[:uint64, :pointer], :int32],
      cryo_events_on_session: [[:uint64, :pointer], :int32],
      cryo_events_on_message: [[:uint64, :pointer], :int32],
      cryo_events_on_closed: [[:uint64, :pointer], :int32],
      cryo_events_on_stat: [[:uint64, :pointer], :int32],
      cryo_events_on_disconnected: [[:uint64, :pointer], :int32],
      cryo_events_on_reconnected: [[:uint64, :pointer], :int32],
      cryo_events_on_attempt_failed: [[:uint64, :pointer], :int32],
      cryo_events_on_lost: [[:uint64, :pointer], :int32],
      cryo_events_on_dropped: [[:uint64, :pointer], :int32],
      cryo_events_on_writable: [[:uint64, :pointer], :int32],
      cryo_events_on_receipt: [[:uint64, :pointer], :int32],
      cryo_events_use_queue: [[:uint64, :uint64], :int32],
      cryo_server_options_new: [[:pointer], :int32],
      cryo_server_options_free: [[:uint64], :void],
      cryo_server_options_set_host: [[:uint64, :string], :int32],
      cryo_server_options_set_port: [[:uint64, :uint16], :int32],
      cryo_server_options_set_reuse_port: [[:uint64, :int32], :int32],
      cryo_server_options_set_socket_mode: [[:uint64, :uint32], :int32],
      cryo_server_options_set_listen_fd: [[:uint64, :int32], :int32],
      cryo_server_options_set_transport: [[:uint64, :int32], :int32],
      cryo_server_options_set_threads: [[:uint64, :uint32], :int32],
      cryo_server_options_set_validator: [[:uint64, :pointer, :uint64, :pointer], :int32],
      cryo_server_options_set_events: [[:uint64, :uint64], :int32],
      cryo_server_options_set_tls_files: [[:uint64, :string, :string], :int32],
      cryo_server_options_set_tls_memory: [[:uint64, :buffer_in, :size_t, :buffer_in, :size_t], :int32],
      cryo_server_options_add_tls_files: [[:uint64, :string, :string], :int32],
      cryo_server_options_add_tls_memory: [[:uint64, :buffer_in, :size_t, :buffer_in, :size_t], :int32],
      cryo_server_options_set_tls_min_version: [[:uint64, :int32], :int32],
      cryo_server_options_set_tls_client_ca_file: [[:uint64, :string], :int32],
      cryo_server_options_set_tls_client_ca_memory: [[:uint64, :buffer_in, :size_t], :int32],
      cryo_server_options_set_tls_require_client_certificate: [[:uint64, :int32], :int32],
      cryo_server_options_add_tls_ocsp_file: [[:uint64, :string], :int32],
      cryo_server_options_set_tls_ticket_keys: [[:uint64, :buffer_in, :size_t], :int32],
      cryo_server_options_set_cale: [[:uint64, :int32], :int32],
      cryo_server_options_set_cale_timeout_ms: [[:uint64, :uint32], :int32],
      cryo_server_options_set_keepalive_ms: [[:uint64, :uint32], :int32],
      cryo_server_options_set_stall_timeout_ms: [[:uint64, :uint32], :int32],
      cryo_server_options_set_ack_timeout_ms: [[:uint64, :uint32], :int32],
      cryo_server_options_set_head_timeout_ms: [[:uint64, :uint32], :int32],
      cryo_server_options_set_max_head_bytes: [[:uint64, :uint32], :int32],
      cryo_server_options_add_trusted_proxy: [[:uint64, :string], :int32],
      cryo_server_options_set_forwarded_header: [[:uint64, :int32], :int32],
      cryo_server_options_set_proxy_protocol: [[:uint64, :int32], :int32],
      cryo_server_options_set_validation_timeout_ms: [[:uint64, :uint32], :int32],
      cryo_server_options_set_hello_wait_ms: [[:uint64, :uint32], :int32],
      cryo_server_options_set_close_timeout_ms: [[:uint64, :uint32], :int32],
      cryo_server_options_set_message_timeout_ms: [[:uint64, :uint32], :int32],
      cryo_server_options_set_min_message_rate: [[:uint64, :uint32], :int32],
      cryo_server_options_set_max_message_bytes: [[:uint64, :uint64], :int32],
      cryo_server_options_set_max_fragments: [[:uint64, :uint32], :int32],
      cryo_server_options_set_max_violations: [[:uint64, :uint32], :int32],
      cryo_server_options_set_high_water_mark: [[:uint64, :uint64], :int32],
      cryo_server_options_set_low_water_mark: [[:uint64, :uint64], :int32],
      cryo_server_options_set_max_queued_bytes: [[:uint64, :uint64], :int32],
      cryo_server_options_set_max_queue_count: [[:uint64, :uint32], :int32],
      cryo_server_options_set_drop_policy: [[:uint64, :int32], :int32],
      cryo_server_options_set_max_total_queued_bytes: [[:uint64, :uint64], :int32],
      cryo_server_options_set_max_receipts: [[:uint64, :uint32], :int32],
      cryo_server_options_set_max_sessions: [[:uint64, :uint32], :int32],
      cryo_server_options_set_max_sessions_per_address: [[:uint64, :uint32], :int32],
      cryo_server_options_set_duplicate_policy: [[:uint64, :int32], :int32],
      cryo_server_options_set_probe_timeout_ms: [[:uint64, :uint32], :int32],
      cryo_server_options_set_resume_window_ms: [[:uint64, :uint32], :int32],
      cryo_server_options_set_max_away_sessions: [[:uint64, :uint32], :int32],
      cryo_server_options_set_max_pending_validations: [[:uint64, :uint32], :int32],
      cryo_server_options_set_health: [[:uint64, :int32], :int32],
      cryo_server_options_set_metrics: [[:uint64, :int32, :string], :int32],
      cryo_server_options_set_manual_ack: [[:uint64, :int32], :int32],
      cryo_server_options_set_max_unacknowledged: [[:uint64, :uint32], :int32],
      cryo_server_options_add_allowed_origin: [[:uint64, :string], :int32],
      cryo_server_options_add_session_header: [[:uint64, :string], :int32],
      cryo_server_options_set_max_attempts_per_address: [[:uint64, :uint32], :int32],
      cryo_server_options_set_max_failed_tokens_per_address: [[:uint64, :uint32], :int32],
      cryo_server_options_set_address_window_ms: [[:uint64, :uint32], :int32],
      cryo_server_new: [[:uint64, :pointer], :int32],
      cryo_server_start: [[:uint64], :int32],
      cryo_server_port: [[:uint64], :uint16],
      cryo_server_transport: [[:uint64], :int32],
      cryo_server_run_once: [[:uint64, :int32], :int32],
      cryo_server_wake: [[:uint64], :int32],
      cryo_server_fd: [[:uint64], :int32],
      cryo_server_timeout_ms: [[:uint64], :int32],
      cryo_server_set_tls: [[:uint64, :uint64], :int32],
      cryo_server_set_tls_ticket_keys: [[:uint64, :buffer_in, :size_t], :int32],
      cryo_server_stop: [[:uint64], :int32],
      cryo_server_drain: [[:uint64, :uint32, :uint32], :int32],
      cryo_server_drain_with: [[:uint64, :uint32, :uint32, :int32, :string, :uint32], :int32],
      cryo_server_wait: [[:uint64, :int32], :int32],
      cryo_server_free: [[:uint64], :void],
      cryo_server_stat: [[:uint64, :int32, :int32, :pointer], :int32],
      cryo_server_metrics: [[:uint64, :pointer, :size_t, :pointer], :int32],
      cryo_server_session_count: [[:uint64], :size_t],
      cryo_server_sessions: [[:uint64, :pointer, :size_t, :pointer], :int32],
      cryo_server_find_session: [[:uint64, :buffer_in, :pointer], :int32],
      cryo_server_broadcast: [[:uint64, :int32, :buffer_in, :size_t, :uint64, :pointer], :int32],
      cryo_server_post: [[:uint64, :pointer, :uint64, :pointer], :int32],
      cryo_server_post_after_ms: [[:uint64, :uint32, :pointer, :uint64, :pointer], :int32],
      cryo_server_connect_peer: [[:uint64, :uint64, :pointer], :int32],
      cryo_auth_accept: [[:uint64], :int32],
      cryo_auth_replace: [[:uint64], :int32],
      cryo_auth_accept_with: [[:uint64, :uint64, :pointer], :int32],
      cryo_auth_set: [[:uint64, :string, :uint64, :pointer], :int32],
      cryo_auth_set_claim: [[:uint64, :string, :string], :int32],
      cryo_auth_set_expiry_ms: [[:uint64, :int64], :int32],
      cryo_auth_refuse: [[:uint64, :int32, :string, :uint32], :int32],
      cryo_auth_reject: [[:uint64, :string], :int32],
      cryo_auth_token: [[:uint64, :pointer, :size_t, :pointer], :int32],
      cryo_auth_remote_address: [[:uint64, :pointer, :size_t, :pointer], :int32],
      cryo_auth_proxy_address: [[:uint64, :pointer, :size_t, :pointer], :int32],
      cryo_auth_path: [[:uint64, :pointer, :size_t, :pointer], :int32],
      cryo_auth_parameter: [[:uint64, :string, :pointer, :size_t, :pointer], :int32],
      cryo_auth_peer_certificate_subject: [[:uint64, :pointer, :size_t, :pointer], :int32],
      cryo_auth_peer_certificate_name: [[:uint64, :size_t, :pointer, :size_t, :pointer], :int32],
      cryo_auth_peer_certificate_fingerprint: [[:uint64, :pointer, :size_t, :pointer], :int32],
      cryo_auth_header: [[:uint64, :string, :pointer, :size_t, :pointer], :int32],
      cryo_session_retain: [[:uint64], :uint64],
      cryo_session_release: [[:uint64], :void],
      cryo_session_send: [[:uint64, :int32, :buffer_in, :size_t], :int32],
      cryo_session_send_with: [[:uint64, :int32, :buffer_in, :size_t, :string, :uint64], :int32],
      cryo_sessions_send: [[:buffer_in, :size_t, :int32, :buffer_in, :size_t, :pointer, :pointer], :int32],
      cryo_session_ping: [[:uint64], :int32],
      cryo_session_close: [[:uint64, :int32, :string], :int32],
      cryo_session_is_open: [[:uint64], :int32],
      cryo_session_is_secure: [[:uint64], :int32],
      cryo_session_is_peer: [[:uint64], :int32],
      cryo_session_id: [[:uint64, :pointer], :int32],
      cryo_session_id_text: [[:uint64, :pointer, :size_t, :pointer], :int32],
      cryo_session_token: [[:uint64, :pointer, :size_t, :pointer], :int32],
      cryo_session_remote_address: [[:uint64, :pointer, :size_t, :pointer], :int32],
      cryo_session_proxy_address: [[:uint64, :pointer, :size_t, :pointer], :int32],
      cryo_session_path: [[:uint64, :pointer, :size_t, :pointer], :int32],
      cryo_session_parameter: [[:uint64, :string, :pointer, :size_t, :pointer], :int32],
      cryo_session_parameter_at: [[:uint64, :size_t, :pointer, :size_t, :pointer, :pointer, :size_t, :pointer], :int32],
      cryo_session_peer_certificate_subject: [[:uint64, :pointer, :size_t, :pointer], :int32],
      cryo_session_peer_certificate_name: [[:uint64, :size_t, :pointer, :size_t, :pointer], :int32],
      cryo_session_peer_certificate_fingerprint: [[:uint64, :pointer, :size_t, :pointer], :int32],
      cryo_session_header: [[:uint64, :string, :pointer, :size_t, :pointer], :int32],
      cryo_session_claim: [[:uint64, :string, :pointer, :size_t, :pointer], :int32],
      cryo_session_set_expiry_ms: [[:uint64, :int64], :int32],
      cryo_session_stat: [[:uint64, :int32, :pointer], :int32],
      cryo_session_pause_reading: [[:uint64], :int32],
      cryo_session_resume_reading: [[:uint64], :int32],
      cryo_message_id: [[:uint64], :uint64],
      cryo_message_ack: [[:uint64, :uint64], :int32],
      cryo_session_post: [[:uint64, :pointer, :uint64, :pointer], :int32],
      cryo_session_post_after_ms: [[:uint64, :uint32, :pointer, :uint64, :pointer], :int32],
      cryo_session_set_user: [[:uint64, :uint64, :pointer], :int32],
      cryo_session_user: [[:uint64], :uint64],
      cryo_session_set: [[:uint64, :string, :uint64, :pointer], :int32],
      cryo_session_get: [[:uint64, :string, :pointer], :int32],
      cryo_session_visit: [[:uint64, :string, :pointer, :uint64], :int32],
      cryo_client_options_new: [[:pointer], :int32],
      cryo_client_options_free: [[:uint64], :void],
      cryo_client_options_set_url: [[:uint64, :string], :int32],
      cryo_client_options_set_token: [[:uint64, :string], :int32],
      cryo_client_options_set_token_provider: [[:uint64, :pointer, :uint64, :pointer], :int32],
      cryo_client_options_set_session_id: [[:uint64, :buffer_in], :int32],
      cryo_client_options_add_parameter: [[:uint64, :string, :string], :int32],
      cryo_client_options_add_header: [[:uint64, :string, :string], :int32],
      cryo_client_options_set_events: [[:uint64, :uint64], :int32],
      cryo_client_options_set_loop: [[:uint64, :uint64], :int32],
      cryo_client_options_set_cale: [[:uint64, :int32], :int32],
      cryo_client_options_set_cale_timeout_ms: [[:uint64, :uint32], :int32],
      cryo_client_options_set_tls_ca_file: [[:uint64, :string], :int32],
      cryo_client_options_set_tls_ca_memory: [[:uint64, :buffer_in, :size_t], :int32],
      cryo_client_options_set_tls_system_ca: [[:uint64, :int32], :int32],
      cryo_client_options_set_tls_files: [[:uint64, :string, :string], :int32],
      cryo_client_options_set_tls_memory: [[:uint64, :buffer_in, :size_t, :buffer_in, :size_t], :int32],
      cryo_client_options_set_tls_min_version: [[:uint64, :int32], :int32],
      cryo_client_options_set_proxy: [[:uint64, :string], :int32],
      cryo_client_options_use_proxy_from_environment: [[:uint64, :int32], :int32],
      cryo_client_options_set_connect_timeout_ms: [[:uint64, :uint32], :int32],
      cryo_client_options_set_reconnect_initial_ms: [[:uint64, :uint32], :int32],
      cryo_client_options_set_reconnect_max_ms: [[:uint64, :uint32], :int32],
      cryo_client_options_set_reconnect_attempts: [[:uint64, :uint32], :int32],
      cryo_client_options_set_resend: [[:uint64, :int32], :int32],
      cryo_client_options_set_keepalive_ms: [[:uint64, :uint32], :int32],
      cryo_client_options_set_stall_timeout_ms: [[:uint64, :uint32], :int32],
      cryo_client_options_set_ack_timeout_ms: [[:uint64, :uint32], :int32],
      cryo_client_options_set_close_timeout_ms: [[:uint64, :uint32], :int32],
      cryo_client_options_set_max_message_bytes: [[:uint64, :uint64], :int32],
      cryo_client_options_set_max_violations: [[:uint64, :uint32], :int32],
      cryo_client_options_set_low_water_mark: [[:uint64, :uint64], :int32],
      cryo_client_options_set_max_queue_count: [[:uint64, :uint32], :int32],
      cryo_client_options_set_drop_policy: [[:uint64, :int32], :int32],
      cryo_client_options_set_max_receipts: [[:uint64, :uint32], :int32],
      cryo_client_options_set_high_water_mark: [[:uint64, :uint64], :int32],
      cryo_client_options_set_max_queued_bytes: [[:uint64, :uint64], :int32],
      cryo_client_new: [[:uint64, :pointer], :int32],
      cryo_client_start: [[:uint64], :int32],
      cryo_client_session: [[:uint64], :uint64],
      cryo_client_set_token: [[:uint64, :string], :int32],
      cryo_token_give: [[:uint64, :string], :int32],
      cryo_token_fail: [[:uint64, :string], :int32],
      cryo_client_close: [[:uint64, :int32, :string], :int32],
      cryo_client_wait: [[:uint64, :int32], :int32],
      cryo_client_free: [[:uint64], :void],
      cryo_extension_new: [[:string, :uint64, :pointer, :pointer], :int32],
      cryo_extension_free: [[:uint64], :void],
      cryo_extension_name: [[:uint64, :pointer, :size_t, :pointer], :int32],
      cryo_extension_user: [[:uint64], :uint64],
      cryo_extension_set_hook: [[:uint64, :int32, :int32, :pointer], :int32],
      cryo_extension_set_queue: [[:uint64, :int32, :int32, :uint64], :int32],
      cryo_extension_set_timeout_ms: [[:uint64, :uint32], :int32],
      cryo_extension_set_on_failure: [[:uint64, :int32], :int32],
      cryo_extension_on_register: [[:uint64, :pointer], :int32],
      cryo_extension_on_unregister: [[:uint64, :pointer], :int32],
      cryo_server_add_extension: [[:uint64, :uint64], :int32],
      cryo_server_remove_extension: [[:uint64, :string], :int32],
      cryo_server_find_extension: [[:uint64, :string, :pointer], :int32],
      cryo_client_add_extension: [[:uint64, :uint64], :int32],
      cryo_client_remove_extension: [[:uint64, :string], :int32],
      cryo_client_find_extension: [[:uint64, :string, :pointer], :int32],
      cryo_hook_pass: [[:uint64], :int32],
      cryo_hook_replace: [[:uint64, :buffer_in, :size_t], :int32],
      cryo_hook_stop: [[:uint64], :int32],
      cryo_hook_fail: [[:uint64, :string], :int32],
      cryo_hook_data: [[:uint64, :pointer], :buffer_in],
      cryo_hook_kind: [[:uint64], :int32],
      cryo_hook_direction: [[:uint64], :int32],
      cryo_hook_session: [[:uint64], :uint64],
      cryo_loop_new: [[:pointer], :int32],
      cryo_loop_run_once: [[:uint64, :int32], :int32],
      cryo_loop_wake: [[:uint64], :int32],
      cryo_loop_fd: [[:uint64], :int32],
      cryo_loop_timeout_ms: [[:uint64], :int32],
      cryo_loop_free: [[:uint64], :void],
      cryo_queue_new: [[:pointer], :int32],
      cryo_queue_free: [[:uint64], :void],
      cryo_queue_set_capacity: [[:uint64, :uint32, :uint64], :int32],
      cryo_queue_fd: [[:uint64], :int32],
      cryo_queue_next: [[:uint64, :int32, :pointer], :int32],
      cryo_queue_wake: [[:uint64], :int32],
      cryo_event_free: [[:uint64], :void],
      cryo_event_kind: [[:uint64], :int32],
      cryo_event_session: [[:uint64], :uint64],
      cryo_event_auth: [[:uint64], :uint64],
      cryo_event_message_kind: [[:uint64], :int32],
      cryo_event_data: [[:uint64, :pointer], :buffer_in],
      cryo_event_code: [[:uint64], :int32],
      cryo_event_text: [[:uint64], :string],
      cryo_event_value: [[:uint64], :double],
      cryo_event_http_status: [[:uint64], :int32],
      cryo_event_receipt: [[:uint64], :uint64],
      cryo_event_message_id: [[:uint64], :uint64],
      cryo_event_hook: [[:uint64], :uint64],
      cryo_event_token_request: [[:uint64], :uint64],
      cryo_queue_next_many: [[:uint64, :int32, :uint32, :pointer, :pointer], :int32],
      cryo_queue_release: [[:uint64, :pointer], :int32],
    }.freeze

    # Of each option: what sets it, what adds to it, and the kinds of its values.
    OPTIONS = {
      server: {
        host: [:cryo_server_options_set_host, nil, [:text]],
        port: [:cryo_server_options_set_port, nil, [:u16]],
        reuse_port: [:cryo_server_options_set_reuse_port, nil, [:i32]],
        socket_mode: [:cryo_server_options_set_socket_mode, nil, [:u32]],
        listen_fd: [:cryo_server_options_set_listen_fd, nil, [:i32]],
        transport: [:cryo_server_options_set_transport, nil, [:i32]],
        threads: [:cryo_server_options_set_threads, nil, [:u32]],
        tls_files: [:cryo_server_options_set_tls_files, :cryo_server_options_add_tls_files, [:text, :text]],
        tls_memory: [:cryo_server_options_set_tls_memory, :cryo_server_options_add_tls_memory, [:bytes, :bytes]],
        tls_min_version: [:cryo_server_options_set_tls_min_version, nil, [:i32]],
        tls_client_ca_file: [:cryo_server_options_set_tls_client_ca_file, nil, [:text]],
        tls_client_ca_memory: [:cryo_server_options_set_tls_client_ca_memory, nil, [:bytes]],
        tls_require_client_certificate: [:cryo_server_options_set_tls_require_client_certificate, nil, [:i32]],
        tls_ocsp_file: [nil, :cryo_server_options_add_tls_ocsp_file, [:text]],
        tls_ticket_keys: [:cryo_server_options_set_tls_ticket_keys, nil, [:bytes]],
        cale: [:cryo_server_options_set_cale, nil, [:i32]],
        cale_timeout_ms: [:cryo_server_options_set_cale_timeout_ms, nil, [:u32]],
        keepalive_ms: [:cryo_server_options_set_keepalive_ms, nil, [:u32]],
        stall_timeout_ms: [:cryo_server_options_set_stall_timeout_ms, nil, [:u32]],
        ack_timeout_ms: [:cryo_server_options_set_ack_timeout_ms, nil, [:u32]],
        head_timeout_ms: [:cryo_server_options_set_head_timeout_ms, nil, [:u32]],
        max_head_bytes: [:cryo_server_options_set_max_head_bytes, nil, [:u32]],
        trusted_proxy: [nil, :cryo_server_options_add_trusted_proxy, [:text]],
        forwarded_header: [:cryo_server_options_set_forwarded_header, nil, [:i32]],
        proxy_protocol: [:cryo_server_options_set_proxy_protocol, nil, [:i32]],
        validation_timeout_ms: [:cryo_server_options_set_validation_timeout_ms, nil, [:u32]],
        hello_wait_ms: [:cryo_server_options_set_hello_wait_ms, nil, [:u32]],
        close_timeout_ms: [:cryo_server_options_set_close_timeout_ms, nil, [:u32]],
        message_timeout_ms: [:cryo_server_options_set_message_timeout_ms, nil, [:u32]],
        min_message_rate: [:cryo_server_options_set_min_message_rate, nil, [:u32]],
        max_message_bytes: [:cryo_server_options_set_max_message_bytes, nil, [:u64]],
        max_fragments: [:cryo_server_options_set_max_fragments, nil, [:u32]],
        max_violations: [:cryo_server_options_set_max_violations, nil, [:u32]],
        high_water_mark: [:cryo_server_options_set_high_water_mark, nil, [:u64]],
        low_water_mark: [:cryo_server_options_set_low_water_mark, nil, [:u64]],
        max_queued_bytes: [:cryo_server_options_set_max_queued_bytes, nil, [:u64]],
        max_queue_count: [:cryo_server_options_set_max_queue_count, nil, [:u32]],
        drop_policy: [:cryo_server_options_set_drop_policy, nil, [:i32]],
        max_total_queued_bytes: [:cryo_server_options_set_max_total_queued_bytes, nil, [:u64]],
        max_receipts: [:cryo_server_options_set_max_receipts, nil, [:u32]],
        max_sessions: [:cryo_server_options_set_max_sessions, nil, [:u32]],
        max_sessions_per_address: [:cryo_server_options_set_max_sessions_per_address, nil, [:u32]],
        duplicate_policy: [:cryo_server_options_set_duplicate_policy, nil, [:i32]],
        probe_timeout_ms: [:cryo_server_options_set_probe_timeout_ms, nil, [:u32]],
        resume_window_ms: [:cryo_server_options_set_resume_window_ms, nil, [:u32]],
        max_away_sessions: [:cryo_server_options_set_max_away_sessions, nil, [:u32]],
        max_pending_validations: [:cryo_server_options_set_max_pending_validations, nil, [:u32]],
        health: [:cryo_server_options_set_health, nil, [:i32]],
        metrics: [:cryo_server_options_set_metrics, nil, [:i32, :text]],
        manual_ack: [:cryo_server_options_set_manual_ack, nil, [:i32]],
        max_unacknowledged: [:cryo_server_options_set_max_unacknowledged, nil, [:u32]],
        allowed_origin: [nil, :cryo_server_options_add_allowed_origin, [:text]],
        session_header: [nil, :cryo_server_options_add_session_header, [:text]],
        max_attempts_per_address: [:cryo_server_options_set_max_attempts_per_address, nil, [:u32]],
        max_failed_tokens_per_address: [:cryo_server_options_set_max_failed_tokens_per_address, nil, [:u32]],
        address_window_ms: [:cryo_server_options_set_address_window_ms, nil, [:u32]],
      },
      client: {
        url: [:cryo_client_options_set_url, nil, [:text]],
        token: [:cryo_client_options_set_token, nil, [:text]],
        session_id: [:cryo_client_options_set_session_id, nil, [:id]],
        parameter: [nil, :cryo_client_options_add_parameter, [:text, :text]],
        header: [nil, :cryo_client_options_add_header, [:text, :text]],
        cale: [:cryo_client_options_set_cale, nil, [:i32]],
        cale_timeout_ms: [:cryo_client_options_set_cale_timeout_ms, nil, [:u32]],
        tls_ca_file: [:cryo_client_options_set_tls_ca_file, nil, [:text]],
        tls_ca_memory: [:cryo_client_options_set_tls_ca_memory, nil, [:bytes]],
        tls_system_ca: [:cryo_client_options_set_tls_system_ca, nil, [:i32]],
        tls_files: [:cryo_client_options_set_tls_files, nil, [:text, :text]],
        tls_memory: [:cryo_client_options_set_tls_memory, nil, [:bytes, :bytes]],
        tls_min_version: [:cryo_client_options_set_tls_min_version, nil, [:i32]],
        proxy: [:cryo_client_options_set_proxy, nil, [:text]],
        use_proxy_from_environment: [:cryo_client_options_use_proxy_from_environment, nil, [:i32]],
        connect_timeout_ms: [:cryo_client_options_set_connect_timeout_ms, nil, [:u32]],
        reconnect_initial_ms: [:cryo_client_options_set_reconnect_initial_ms, nil, [:u32]],
        reconnect_max_ms: [:cryo_client_options_set_reconnect_max_ms, nil, [:u32]],
        reconnect_attempts: [:cryo_client_options_set_reconnect_attempts, nil, [:u32]],
        resend: [:cryo_client_options_set_resend, nil, [:i32]],
        keepalive_ms: [:cryo_client_options_set_keepalive_ms, nil, [:u32]],
        stall_timeout_ms: [:cryo_client_options_set_stall_timeout_ms, nil, [:u32]],
        ack_timeout_ms: [:cryo_client_options_set_ack_timeout_ms, nil, [:u32]],
        close_timeout_ms: [:cryo_client_options_set_close_timeout_ms, nil, [:u32]],
        max_message_bytes: [:cryo_client_options_set_max_message_bytes, nil, [:u64]],
        max_violations: [:cryo_client_options_set_max_violations, nil, [:u32]],
        low_water_mark: [:cryo_client_options_set_low_water_mark, nil, [:u64]],
        max_queue_count: [:cryo_client_options_set_max_queue_count, nil, [:u32]],
        drop_policy: [:cryo_client_options_set_drop_policy, nil, [:i32]],
        max_receipts: [:cryo_client_options_set_max_receipts, nil, [:u32]],
        high_water_mark: [:cryo_client_options_set_high_water_mark, nil, [:u64]],
        max_queued_bytes: [:cryo_client_options_set_max_queued_bytes, nil, [:u64]],
      },
    }.freeze
  end
end
