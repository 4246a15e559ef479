package cryo;

import java.util.UUID;

/**
 * What a client, or a peer, shall do. Each method sets one option and returns this object; what is not set has the library's default. Times are in
 * milliseconds. Mistakes are told when the options are used. For one thread at a time.
 *
 * <p>Written by bindings/api/update.py; do not edit.
 */
public final class ClientOptions extends Options {

    /**
     * Where to: "ws://host[:port][/path][?query]", or wss:// for TLS; an IPv6 address in brackets, with its zone if it
     * needs one ("ws://[fe80::1%25eth0]/", or just %eth0). "ws+unix:/run/cryo.sock" is a Unix-domain socket, with the path
     * and query of the request behind a colon if there are any ("ws+unix:/run/cryo.sock:/path?query"). Must be set. A name
     * is looked up by the system's getaddrinfo, on a thread that nothing waits for; once there was one, dlclose no longer
     * unloads the library. `authorization` and `x-cryo-sid` in the query, as servers print them, are the token and the
     * session id, unless the two functions below say them; cryo_client_new refuses what differs. CRYO_ERR_INVALID: the
     * text says what is wrong with it.
     */
    public ClientOptions url(String url) {
        set(handle -> Abi.cryo_client_options_set_url(handle, Text.of(url)));
        return this;
    }

    /**
     * The bearer token. Must be set, unless the URL has it or there is a token provider. cryo_client_set_token replaces
     * it.
     */
    public ClientOptions token(String token) {
        set(handle -> Abi.cryo_client_options_set_token(handle, Text.of(token)));
        return this;
    }

    /**
     * The session id, 16 bytes; NULL, the default: a random one for each client. With CALE not one that begins with eight
     * zero bytes.
     */
    public ClientOptions sessionId(UUID id) {
        set(handle -> Abi.cryo_client_options_set_session_id(handle, Text.bytesOf(id)));
        return this;
    }

    /** One more query parameter; they are encoded as needed. */
    public ClientOptions addParameter(String name, String value) {
        set(handle -> Abi.cryo_client_options_add_parameter(handle, Text.of(name), Text.of(value)));
        return this;
    }

    /**
     * One more header of each request, as "Origin" or "Cookie"; several of one name are sent in their order.
     * CRYO_ERR_INVALID: a name that is none or that the handshake needs itself (Host, Connection, Upgrade, Sec-
     * WebSocket-…, Content-Length and the like), a value with a line end, or more than 8192 bytes in all.
     */
    public ClientOptions addHeader(String name, String value) {
        set(handle -> Abi.cryo_client_options_add_header(handle, Text.of(name), Text.of(value)));
        return this;
    }

    /**
     * CALE: 1 to speak it, 0, the default, not; as the server does. See cryo_server_options_set_cale for what it is worth.
     */
    public ClientOptions cale(boolean on) {
        set(handle -> Abi.cryo_client_options_set_cale(handle, on ? 1 : 0));
        return this;
    }

    /** Time for its handshake. Default 10000. */
    public ClientOptions caleTimeoutMs(long ms) {
        checkRange("caleTimeoutMs", ms, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_client_options_set_cale_timeout_ms(handle, (int) ms));
        return this;
    }

    /**
     * Who may vouch for servers besides those whom the system trusts: certificates as PEM, from a file or from memory, of
     * authorities, of ones between, or of servers themselves. What cannot be used among them is passed over with a warning
     * in the log. Each call replaces what was set before; NULL: nobody. Read and checked by cryo_client_start.
     */
    public ClientOptions tlsCaFile(String file) {
        set(handle -> Abi.cryo_client_options_set_tls_ca_file(handle, Text.of(file)));
        return this;
    }

    /**
     * Who may vouch for servers besides those whom the system trusts: certificates as PEM, from a file or from memory, of
     * authorities, of ones between, or of servers themselves. What cannot be used among them is passed over with a warning
     * in the log. Each call replaces what was set before; NULL: nobody. Read and checked by cryo_client_start.
     */
    public ClientOptions tlsCaMemory(byte[] pem) {
        set(handle -> Abi.cryo_client_options_set_tls_ca_memory(handle, pem, length(pem)));
        return this;
    }

    /** 0: do not trust those whom the system trusts. Default 1. */
    public ClientOptions tlsSystemCa(boolean on) {
        set(handle -> Abi.cryo_client_options_set_tls_system_ca(handle, on ? 1 : 0));
        return this;
    }

    /** The client's own certificate with its chain, and its key, for servers that ask for one. NULLs: none. */
    public ClientOptions tlsFiles(String certificateFile, String keyFile) {
        set(handle -> Abi.cryo_client_options_set_tls_files(handle, Text.of(certificateFile), Text.of(keyFile)));
        return this;
    }

    /** The client's own certificate with its chain, and its key, for servers that ask for one. NULLs: none. */
    public ClientOptions tlsMemory(byte[] certificate, byte[] key) {
        set(handle -> Abi.cryo_client_options_set_tls_memory(handle, certificate, length(certificate), key, length(key)));
        return this;
    }

    /** As for a server. */
    public ClientOptions tlsMinVersion(TlsVersion version) {
        set(handle -> Abi.cryo_client_options_set_tls_min_version(handle, version.value()));
        return this;
    }

    /**
     * An HTTP proxy to go through (CONNECT), for ws:// and wss:// alike: "http://user:password&#64;host:port", where all
     * but the host may be missing; the port is 80 then. It looks the server's name up itself. NULL, the default: none. A
     * proxy that refuses is told as the server would be, by CRYO_ERR_HTTP and its status; the text says that it was the
     * proxy.
     */
    public ClientOptions proxy(String url) {
        set(handle -> Abi.cryo_client_options_set_proxy(handle, Text.of(url)));
        return this;
    }

    /**
     * 1: where no proxy is set, go by the environment as it is at the start: https_proxy or HTTPS_PROXY for wss://,
     * http_proxy (in lower case only) for ws://, but for the hosts in no_proxy or NO_PROXY. Default 0.
     */
    public ClientOptions useProxyFromEnvironment(boolean on) {
        set(handle -> Abi.cryo_client_options_use_proxy_from_environment(handle, on ? 1 : 0));
        return this;
    }

    /**
     * Time for one attempt: name, connection, TLS and upgrade. Default 10000. A host's addresses race (RFC 8305): the next
     * one is tried when the one before has failed, or is silent for 250 ms.
     */
    public ClientOptions connectTimeoutMs(long ms) {
        checkRange("connectTimeoutMs", ms, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_client_options_set_connect_timeout_ms(handle, (int) ms));
        return this;
    }

    /**
     * After the n-th failure in a row the client waits for a random time from 0 to initial * 2^(n-1), and no longer than
     * to the maximum. A server's Retry-After counts, as seconds and as a date, up to an hour: it waits for as long and a
     * random time more. So does `(retry in N ms)` at the end of a close's reason. Defaults 500 and 30000.
     */
    public ClientOptions reconnectInitialMs(long ms) {
        checkRange("reconnectInitialMs", ms, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_client_options_set_reconnect_initial_ms(handle, (int) ms));
        return this;
    }

    /**
     * After the n-th failure in a row the client waits for a random time from 0 to initial * 2^(n-1), and no longer than
     * to the maximum. A server's Retry-After counts, as seconds and as a date, up to an hour: it waits for as long and a
     * random time more. So does `(retry in N ms)` at the end of a close's reason. Defaults 500 and 30000.
     */
    public ClientOptions reconnectMaxMs(long ms) {
        checkRange("reconnectMaxMs", ms, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_client_options_set_reconnect_max_ms(handle, (int) ms));
        return this;
    }

    /**
     * Failures in a row after which it tries again; one more ends it. 0: none, also not after a loss. Default 4294967295:
     * as many as it takes.
     */
    public ClientOptions reconnectAttempts(long count) {
        checkRange("reconnectAttempts", count, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_client_options_set_reconnect_attempts(handle, (int) count));
        return this;
    }

    /**
     * 1: what was sent and not acknowledged at a loss is sent again after the reconnect, before everything else (the
     * server may get it twice), and what is sent while there is no connection waits for one. 0, the default: it is lost,
     * the lost event tells, and sends without a connection answer CRYO_ERR_STATE.
     */
    public ClientOptions resend(boolean on) {
        set(handle -> Abi.cryo_client_options_set_resend(handle, on ? 1 : 0));
        return this;
    }

    /**
     * As for a server, which is closed with 4002. A WebSocket ping leaves with each of the protocol's own, which some
     * servers do not answer; either answer is life.
     */
    public ClientOptions keepaliveMs(long ms) {
        checkRange("keepaliveMs", ms, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_client_options_set_keepalive_ms(handle, (int) ms));
        return this;
    }

    /** As for a server, but it is closed with 4002. */
    public ClientOptions stallTimeoutMs(long ms) {
        checkRange("stallTimeoutMs", ms, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_client_options_set_stall_timeout_ms(handle, (int) ms));
        return this;
    }

    /** As for a server. */
    public ClientOptions ackTimeoutMs(long ms) {
        checkRange("ackTimeoutMs", ms, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_client_options_set_ack_timeout_ms(handle, (int) ms));
        return this;
    }

    /** As for a server. */
    public ClientOptions closeTimeoutMs(long ms) {
        checkRange("closeTimeoutMs", ms, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_client_options_set_close_timeout_ms(handle, (int) ms));
        return this;
    }

    /** As for a server. */
    public ClientOptions maxMessageBytes(long bytes) {
        checkRange("maxMessageBytes", bytes, 0, Long.MAX_VALUE);
        set(handle -> Abi.cryo_client_options_set_max_message_bytes(handle, bytes));
        return this;
    }

    /** As for a server. */
    public ClientOptions maxViolations(long count) {
        checkRange("maxViolations", count, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_client_options_set_max_violations(handle, (int) count));
        return this;
    }

    /** As for a server. */
    public ClientOptions lowWaterMark(long bytes) {
        checkRange("lowWaterMark", bytes, 0, Long.MAX_VALUE);
        set(handle -> Abi.cryo_client_options_set_low_water_mark(handle, bytes));
        return this;
    }

    /** As for a server. */
    public ClientOptions maxQueueCount(long count) {
        checkRange("maxQueueCount", count, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_client_options_set_max_queue_count(handle, (int) count));
        return this;
    }

    /** As for a server. */
    public ClientOptions dropPolicy(DropPolicy policy) {
        set(handle -> Abi.cryo_client_options_set_drop_policy(handle, policy.value()));
        return this;
    }

    /** As for a server. */
    public ClientOptions maxReceipts(long count) {
        checkRange("maxReceipts", count, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_client_options_set_max_receipts(handle, (int) count));
        return this;
    }

    /** As for a server. Default 16777216. */
    public ClientOptions highWaterMark(long bytes) {
        checkRange("highWaterMark", bytes, 0, Long.MAX_VALUE);
        set(handle -> Abi.cryo_client_options_set_high_water_mark(handle, bytes));
        return this;
    }

    /** As for a server. Default 8388608. */
    public ClientOptions maxQueuedBytes(long bytes) {
        checkRange("maxQueuedBytes", bytes, 0, Long.MAX_VALUE);
        set(handle -> Abi.cryo_client_options_set_max_queued_bytes(handle, bytes));
        return this;
    }
}
