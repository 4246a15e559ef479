// Written by bindings/api/update.py; do not edit.

using System;

namespace Cryo
{
    /// <summary>
    /// What a client, or a peer, shall do. What is not set has the library's default; times are in milliseconds. Mistakes
    /// are told when the options are used.
    /// </summary>
    public sealed class ClientOptions : Options
    {
        /// <summary>
        /// Where to: "ws://host[:port][/path][?query]", or wss:// for TLS; an IPv6 address in brackets, with its zone if it
        /// needs one ("ws://[fe80::1%25eth0]/", or just %eth0). "ws+unix:/run/cryo.sock" is a Unix-domain socket, with the
        /// path and query of the request behind a colon if there are any ("ws+unix:/run/cryo.sock:/path?query"). Must be
        /// set. A name is looked up by the system's getaddrinfo, on a thread that nothing waits for; once there was one,
        /// dlclose no longer unloads the library. `authorization` and `x-cryo-sid` in the query, as servers print them, are
        /// the token and the session id, unless the two functions below say them; cryo_client_new refuses what differs.
        /// CRYO_ERR_INVALID: the text says what is wrong with it.
        /// </summary>
        public string Url { get; set; }

        /// <summary>
        /// The bearer token. Must be set, unless the URL has it or there is a token provider. cryo_client_set_token
        /// replaces it.
        /// </summary>
        public string Token { get; set; }

        /// <summary>
        /// The session id, 16 bytes; NULL, the default: a random one for each client. With CALE not one that begins with
        /// eight zero bytes.
        /// </summary>
        public Guid? SessionId { get; set; }

        /// <summary>One more query parameter; they are encoded as needed.</summary>
        public ClientOptions AddParameter(string name, string value)
        {
            Add(handle => Abi.cryo_client_options_add_parameter(handle, Text.Of(name), Text.Of(value)));
            return this;
        }

        /// <summary>
        /// One more header of each request, as "Origin" or "Cookie"; several of one name are sent in their order.
        /// CRYO_ERR_INVALID: a name that is none or that the handshake needs itself (Host, Connection, Upgrade, Sec-
        /// WebSocket-…, Content-Length and the like), a value with a line end, or more than 8192 bytes in all.
        /// </summary>
        public ClientOptions AddHeader(string name, string value)
        {
            Add(handle => Abi.cryo_client_options_add_header(handle, Text.Of(name), Text.Of(value)));
            return this;
        }

        /// <summary>
        /// CALE: 1 to speak it, 0, the default, not; as the server does. See cryo_server_options_set_cale for what it is
        /// worth.
        /// </summary>
        public bool? Cale { get; set; }

        /// <summary>Time for its handshake. Default 10000.</summary>
        public uint? CaleTimeoutMs { get; set; }

        /// <summary>
        /// Who may vouch for servers besides those whom the system trusts: certificates as PEM, from a file or from memory,
        /// of authorities, of ones between, or of servers themselves. What cannot be used among them is passed over with a
        /// warning in the log. Each call replaces what was set before; NULL: nobody. Read and checked by cryo_client_start.
        /// </summary>
        public string TlsCaFile { get; set; }

        /// <summary>
        /// Who may vouch for servers besides those whom the system trusts: certificates as PEM, from a file or from memory,
        /// of authorities, of ones between, or of servers themselves. What cannot be used among them is passed over with a
        /// warning in the log. Each call replaces what was set before; NULL: nobody. Read and checked by cryo_client_start.
        /// </summary>
        public byte[] TlsCaMemory { get; set; }

        /// <summary>0: do not trust those whom the system trusts. Default 1.</summary>
        public bool? TlsSystemCa { get; set; }

        /// <summary>
        /// The client's own certificate with its chain, and its key, for servers that ask for one. NULLs: none.
        /// </summary>
        public ClientOptions SetTlsFiles(string certificateFile, string keyFile)
        {
            Add(handle => Abi.cryo_client_options_set_tls_files(handle, Text.Of(certificateFile), Text.Of(keyFile)));
            return this;
        }

        /// <summary>
        /// The client's own certificate with its chain, and its key, for servers that ask for one. NULLs: none.
        /// </summary>
        public ClientOptions SetTlsMemory(byte[] certificate, byte[] key)
        {
            Add(handle => Abi.cryo_client_options_set_tls_memory(handle, certificate, Size(certificate), key, Size(key)));
            return this;
        }

        /// <summary>As for a server.</summary>
        public TlsVersion? TlsMinVersion { get; set; }

        /// <summary>
        /// An HTTP proxy to go through (CONNECT), for ws:// and wss:// alike: "http://user:password@host:port", where all
        /// but the host may be missing; the port is 80 then. It looks the server's name up itself. NULL, the default: none.
        /// A proxy that refuses is told as the server would be, by CRYO_ERR_HTTP and its status; the text says that it was
        /// the proxy.
        /// </summary>
        public string Proxy { get; set; }

        /// <summary>
        /// 1: where no proxy is set, go by the environment as it is at the start: https_proxy or HTTPS_PROXY for wss://,
        /// http_proxy (in lower case only) for ws://, but for the hosts in no_proxy or NO_PROXY. Default 0.
        /// </summary>
        public bool? UseProxyFromEnvironment { get; set; }

        /// <summary>
        /// Time for one attempt: name, connection, TLS and upgrade. Default 10000. A host's addresses race (RFC 8305): the
        /// next one is tried when the one before has failed, or is silent for 250 ms.
        /// </summary>
        public uint? ConnectTimeoutMs { get; set; }

        /// <summary>
        /// After the n-th failure in a row the client waits for a random time from 0 to initial * 2^(n-1), and no longer
        /// than to the maximum. A server's Retry-After counts, as seconds and as a date, up to an hour: it waits for as
        /// long and a random time more. So does `(retry in N ms)` at the end of a close's reason. Defaults 500 and 30000.
        /// </summary>
        public uint? ReconnectInitialMs { get; set; }

        /// <summary>
        /// After the n-th failure in a row the client waits for a random time from 0 to initial * 2^(n-1), and no longer
        /// than to the maximum. A server's Retry-After counts, as seconds and as a date, up to an hour: it waits for as
        /// long and a random time more. So does `(retry in N ms)` at the end of a close's reason. Defaults 500 and 30000.
        /// </summary>
        public uint? ReconnectMaxMs { get; set; }

        /// <summary>
        /// Failures in a row after which it tries again; one more ends it. 0: none, also not after a loss. Default
        /// 4294967295: as many as it takes.
        /// </summary>
        public uint? ReconnectAttempts { get; set; }

        /// <summary>
        /// 1: what was sent and not acknowledged at a loss is sent again after the reconnect, before everything else (the
        /// server may get it twice), and what is sent while there is no connection waits for one. 0, the default: it is
        /// lost, the lost event tells, and sends without a connection answer CRYO_ERR_STATE.
        /// </summary>
        public bool? Resend { get; set; }

        /// <summary>
        /// As for a server, which is closed with 4002. A WebSocket ping leaves with each of the protocol's own, which some
        /// servers do not answer; either answer is life.
        /// </summary>
        public uint? KeepaliveMs { get; set; }

        /// <summary>As for a server, but it is closed with 4002.</summary>
        public uint? StallTimeoutMs { get; set; }

        /// <summary>As for a server.</summary>
        public uint? AckTimeoutMs { get; set; }

        /// <summary>As for a server.</summary>
        public uint? CloseTimeoutMs { get; set; }

        /// <summary>As for a server.</summary>
        public ulong? MaxMessageBytes { get; set; }

        /// <summary>As for a server.</summary>
        public uint? MaxViolations { get; set; }

        /// <summary>As for a server.</summary>
        public ulong? LowWaterMark { get; set; }

        /// <summary>As for a server.</summary>
        public uint? MaxQueueCount { get; set; }

        /// <summary>As for a server.</summary>
        public DropPolicy? DropPolicy { get; set; }

        /// <summary>As for a server.</summary>
        public uint? MaxReceipts { get; set; }

        /// <summary>As for a server. Default 16777216.</summary>
        public ulong? HighWaterMark { get; set; }

        /// <summary>As for a server. Default 8388608.</summary>
        public ulong? MaxQueuedBytes { get; set; }

        internal override void ApplyProperties(Handle handle)
        {
            if (Url != null)
            {
                Tell(Abi.cryo_client_options_set_url(handle, Text.Of(Url)));
            }
            if (Token != null)
            {
                Tell(Abi.cryo_client_options_set_token(handle, Text.Of(Token)));
            }
            if (SessionId != null)
            {
                Tell(Abi.cryo_client_options_set_session_id(handle, Text.BytesOf(SessionId.Value)));
            }
            if (Cale != null)
            {
                Tell(Abi.cryo_client_options_set_cale(handle, Cale.Value ? 1 : 0));
            }
            if (CaleTimeoutMs != null)
            {
                Tell(Abi.cryo_client_options_set_cale_timeout_ms(handle, CaleTimeoutMs.Value));
            }
            if (TlsCaFile != null)
            {
                Tell(Abi.cryo_client_options_set_tls_ca_file(handle, Text.Of(TlsCaFile)));
            }
            if (TlsCaMemory != null)
            {
                Tell(Abi.cryo_client_options_set_tls_ca_memory(handle, TlsCaMemory, Size(TlsCaMemory)));
            }
            if (TlsSystemCa != null)
            {
                Tell(Abi.cryo_client_options_set_tls_system_ca(handle, TlsSystemCa.Value ? 1 : 0));
            }
            if (TlsMinVersion != null)
            {
                Tell(Abi.cryo_client_options_set_tls_min_version(handle, (int)TlsMinVersion.Value));
            }
            if (Proxy != null)
            {
                Tell(Abi.cryo_client_options_set_proxy(handle, Text.Of(Proxy)));
            }
            if (UseProxyFromEnvironment != null)
            {
                Tell(Abi.cryo_client_options_use_proxy_from_environment(handle, UseProxyFromEnvironment.Value ? 1 : 0));
            }
            if (ConnectTimeoutMs != null)
            {
                Tell(Abi.cryo_client_options_set_connect_timeout_ms(handle, ConnectTimeoutMs.Value));
            }
            if (ReconnectInitialMs != null)
            {
                Tell(Abi.cryo_client_options_set_reconnect_initial_ms(handle, ReconnectInitialMs.Value));
            }
            if (ReconnectMaxMs != null)
            {
                Tell(Abi.cryo_client_options_set_reconnect_max_ms(handle, ReconnectMaxMs.Value));
            }
            if (ReconnectAttempts != null)
            {
                Tell(Abi.cryo_client_options_set_reconnect_attempts(handle, ReconnectAttempts.Value));
            }
            if (Resend != null)
            {
                Tell(Abi.cryo_client_options_set_resend(handle, Resend.Value ? 1 : 0));
            }
            if (KeepaliveMs != null)
            {
                Tell(Abi.cryo_client_options_set_keepalive_ms(handle, KeepaliveMs.Value));
            }
            if (StallTimeoutMs != null)
            {
                Tell(Abi.cryo_client_options_set_stall_timeout_ms(handle, StallTimeoutMs.Value));
            }
            if (AckTimeoutMs != null)
            {
                Tell(Abi.cryo_client_options_set_ack_timeout_ms(handle, AckTimeoutMs.Value));
            }
            if (CloseTimeoutMs != null)
            {
                Tell(Abi.cryo_client_options_set_close_timeout_ms(handle, CloseTimeoutMs.Value));
            }
            if (MaxMessageBytes != null)
            {
                Tell(Abi.cryo_client_options_set_max_message_bytes(handle, MaxMessageBytes.Value));
            }
            if (MaxViolations != null)
            {
                Tell(Abi.cryo_client_options_set_max_violations(handle, MaxViolations.Value));
            }
            if (LowWaterMark != null)
            {
                Tell(Abi.cryo_client_options_set_low_water_mark(handle, LowWaterMark.Value));
            }
            if (MaxQueueCount != null)
            {
                Tell(Abi.cryo_client_options_set_max_queue_count(handle, MaxQueueCount.Value));
            }
            if (DropPolicy != null)
            {
                Tell(Abi.cryo_client_options_set_drop_policy(handle, (int)DropPolicy.Value));
            }
            if (MaxReceipts != null)
            {
                Tell(Abi.cryo_client_options_set_max_receipts(handle, MaxReceipts.Value));
            }
            if (HighWaterMark != null)
            {
                Tell(Abi.cryo_client_options_set_high_water_mark(handle, HighWaterMark.Value));
            }
            if (MaxQueuedBytes != null)
            {
                Tell(Abi.cryo_client_options_set_max_queued_bytes(handle, MaxQueuedBytes.Value));
            }
        }
    }
}
