// Written by bindings/api/update.py; do not edit.

using System;

namespace Cryo
{
    /// <summary>
    /// What a server shall do. What is not set has the library's default; times are in milliseconds. Mistakes are told when
    /// the options are used.
    /// </summary>
    public sealed class ServerOptions : Options
    {
        /// <summary>
        /// The address to bind: numeric IPv4 or IPv6, or a name that resolves to one. "::" takes IPv4 too. Default
        /// "127.0.0.1". "unix:/run/cryo.sock" is a Unix-domain socket with that path ("unix:@name": one without a file, on
        /// Linux); the port means nothing then. A socket that is there already is removed if nobody listens at it, and the
        /// file is removed at the stop. Who connects to it has the remote address "unix:", and no limit per address.
        /// </summary>
        public string Host { get; set; }

        /// <summary>Default 8080; 0 takes any free port (see cryo_server_port).</summary>
        public ushort? Port { get; set; }

        /// <summary>
        /// 1: other processes of the same user may listen at the port as well, if they set this too; the system deals the
        /// clients out among them (SO_REUSEPORT). For one server in each of several processes, made behind the fork. They
        /// know nothing of one another: ids, limits and broadcasts are each one's own. Default 0: then starting a second
        /// one answers CRYO_ERR_ADDRESS_IN_USE.
        /// </summary>
        public bool? ReusePort { get; set; }

        /// <summary>
        /// The mode of that socket's file, which says who may connect: 1 to 0777. Default 0: what the process's umask
        /// leaves.
        /// </summary>
        public uint? SocketMode { get; set; }

        /// <summary>
        /// Listen on this descriptor instead of host and port: a stream socket that listens already, from a service manager
        /// or a parent process, TCP or Unix. It stays the caller's, who closes it whenever he likes after cryo_server_start
        /// (a connection to it waits for whoever listens next, if he does not). The library makes it one that does not
        /// block, and reads no environment; `cryo serve` does. Default -1: none.
        /// </summary>
        public int? ListenFd { get; set; }

        /// <summary>
        /// What carries the connections. Clients cannot tell, and it changes no limit and no promise, but memory and time:
        /// a connection costs less without libwebsockets. CRYO_TRANSPORT_POLL carries TLS where libwebsockets was built on
        /// OpenSSL; elsewhere cryo_server_start answers CRYO_ERR_UNSUPPORTED with it and TLS. CRYO_TRANSPORT_LIBWEBSOCKETS
        /// is for who finds that the other one is at fault. Default CRYO_TRANSPORT_AUTO.
        /// </summary>
        public Transport? Transport { get; set; }

        /// <summary>
        /// Service threads, 0 to 256. Default 1. With 0 the server has no thread: the application calls
        /// cryo_server_run_once.
        /// </summary>
        public uint? Threads { get; set; }

        /// <summary>
        /// Serve TLS (1.3, and 1.2 with forward secrecy) from PEM: the certificate with its chain, leaf first, and its
        /// private key. They are read and checked by cryo_server_start, by the library that serves with them. Each call
        /// replaces what was set or added before; NULLs mean no TLS.
        /// </summary>
        public ServerOptions SetTlsFiles(string certificateFile, string keyFile)
        {
            Add(handle => Abi.cryo_server_options_set_tls_files(handle, Text.Of(certificateFile), Text.Of(keyFile)));
            return this;
        }

        /// <summary>
        /// Serve TLS (1.3, and 1.2 with forward secrecy) from PEM: the certificate with its chain, leaf first, and its
        /// private key. They are read and checked by cryo_server_start, by the library that serves with them. Each call
        /// replaces what was set or added before; NULLs mean no TLS.
        /// </summary>
        public ServerOptions SetTlsMemory(byte[] certificate, byte[] key)
        {
            Add(handle => Abi.cryo_server_options_set_tls_memory(handle, certificate, Size(certificate), key, Size(key)));
            return this;
        }

        /// <summary>
        /// More certificates: a client sees the first one that has the name it asks for (SNI) among its alternative names,
        /// exactly or by a wildcard ("*.example.org" stands for one label), and where none has, or it asks for none, the
        /// first of all.
        /// </summary>
        public ServerOptions AddTlsFiles(string certificateFile, string keyFile)
        {
            Add(handle => Abi.cryo_server_options_add_tls_files(handle, Text.Of(certificateFile), Text.Of(keyFile)));
            return this;
        }

        /// <summary>
        /// More certificates: a client sees the first one that has the name it asks for (SNI) among its alternative names,
        /// exactly or by a wildcard ("*.example.org" stands for one label), and where none has, or it asks for none, the
        /// first of all.
        /// </summary>
        public ServerOptions AddTlsMemory(byte[] certificate, byte[] key)
        {
            Add(handle => Abi.cryo_server_options_add_tls_memory(handle, certificate, Size(certificate), key, Size(key)));
            return this;
        }

        /// <summary>The oldest version of TLS that is spoken: CRYO_TLS_1_2, the default, or CRYO_TLS_1_3.</summary>
        public TlsVersion? TlsMinVersion { get; set; }

        /// <summary>
        /// Ask clients for certificates: PEM of those who may certify them, authorities or ones between, or of the clients'
        /// certificates themselves, from a file or from memory. A certificate that none of them vouches for is refused in
        /// the handshake; the validator, which is asked as ever, can read one that was taken
        /// (cryo_auth_peer_certificate_subject and its neighbours). What cannot be used in the PEM is passed over with a
        /// warning in the log. Each call replaces what was set before; NULL, the default: they are not asked.
        /// </summary>
        public string TlsClientCaFile { get; set; }

        /// <summary>
        /// Ask clients for certificates: PEM of those who may certify them, authorities or ones between, or of the clients'
        /// certificates themselves, from a file or from memory. A certificate that none of them vouches for is refused in
        /// the handshake; the validator, which is asked as ever, can read one that was taken
        /// (cryo_auth_peer_certificate_subject and its neighbours). What cannot be used in the PEM is passed over with a
        /// warning in the log. Each call replaces what was set before; NULL, the default: they are not asked.
        /// </summary>
        public byte[] TlsClientCaMemory { get; set; }

        /// <summary>
        /// 1: a client that shows none is refused in the handshake. 0, the default: it is let in without.
        /// </summary>
        public bool? TlsRequireClientCertificate { get; set; }

        /// <summary>
        /// A file with an OCSP response (DER), to be shown with the certificate that it is about (stapling). One for each
        /// certificate may be added. Whoever fetches a newer one calls cryo_server_set_tls. One that cannot be read, or has
        /// expired, is not shown, and the log says so with a warning.
        /// </summary>
        public ServerOptions AddTlsOcspFile(string file)
        {
            Add(handle => Abi.cryo_server_options_add_tls_ocsp_file(handle, Text.Of(file)));
            return this;
        }

        /// <summary>
        /// The keys of session tickets, for several servers behind one balancer, so that a client that comes back to any of
        /// them is known there: 1 to 16 keys of 80 random bytes each, one after the other (a name of 16 bytes, then 32 for
        /// HMAC-SHA-256 and 32 for AES-256, as nginx and others have them). The first one makes tickets, all of them are
        /// taken: to change the key, put a new one in front everywhere, having first put it at the end everywhere. Who
        /// knows a key can read what was said under its tickets with TLS 1.2. NULL, the default: the server has keys of its
        /// own, for all of its threads, and changes them each hour.
        /// </summary>
        public byte[] TlsTicketKeys { get; set; }

        /// <summary>
        /// CALE: 1 encrypts all that sessions say, end to end inside the WebSocket, for deployments without TLS; 0, the
        /// default, does not. Clients must want the same: where one side expects it and the other does not, the session
        /// closes with 4010, or with 4011 when a client waits in vain for a server that says nothing. It keeps a passive
        /// listener from reading messages. It authenticates nobody: whoever can put himself between client and server can
        /// pose as either, and the token has travelled in the URL before it starts. Prefer TLS where you can.
        /// </summary>
        public bool? Cale { get; set; }

        /// <summary>
        /// Time for CALE's handshake, from the first frame on; one that takes longer closes with 4011. Default 10000.
        /// </summary>
        public uint? CaleTimeoutMs { get; set; }

        /// <summary>
        /// How often a session is pinged and its statistics are announced. One that shows no life for a whole interval
        /// after a ping is closed with 4001, at once. On a slow link, one that goes on taking what is in front of the ping
        /// lives. Default 15000, 10 at least.
        /// </summary>
        public uint? KeepaliveMs { get; set; }

        /// <summary>
        /// How long a peer may take no byte of what waits for it, whatever it says meanwhile; then the session is closed
        /// with 4001, at once. Against peers that never read and hold a full queue. Default 60000; 0: for ever.
        /// </summary>
        public uint? StallTimeoutMs { get; set; }

        /// <summary>After this a message that is not acknowledged counts as timed out. Default 2500.</summary>
        public uint? AckTimeoutMs { get; set; }

        /// <summary>
        /// Time for a client's request head, TLS handshake included, and for a PROXY header before that: against clients
        /// that connect and dawdle. Default 5000.
        /// </summary>
        public uint? HeadTimeoutMs { get; set; }

        /// <summary>
        /// The longest request head, request line and headers: against those who make the server hold much before they are
        /// anybody. The target may take all but a 32nd of it (414, else 431). The memory is taken as it comes, and given
        /// back at the upgrade. Default 16384; 1024 to 65536.
        /// </summary>
        public uint? MaxHeadBytes { get; set; }

        /// <summary>
        /// Reverse proxies and balancers in front of the server, whose word is taken for where a client is: an address
        /// ("192.0.2.7"), a network ("10.0.0.0/8", "2001:db8::/32"), or "unix" for who connects to a Unix-domain socket.
        /// Call it for each. From everybody else these headers mean nothing: anyone can send them. Name what is yours only;
        /// who sits in a trusted network can pretend to be anywhere. What they say is the client's address then, for the
        /// limit per address, the log, cryo_auth_remote_address and cryo_session_remote_address; the proxy's own is
        /// cryo_auth_proxy_address. It is found from the right, past those that are trusted; where a station is hidden or
        /// malformed, the last one that is known counts. A trusted address itself is not limited per address. Default:
        /// none. CRYO_ERR_INVALID: neither.
        /// </summary>
        public ServerOptions AddTrustedProxy(string network)
        {
            Add(handle => Abi.cryo_server_options_add_trusted_proxy(handle, Text.Of(network)));
            return this;
        }

        /// <summary>
        /// Which headers of trusted proxies count: CRYO_FORWARDED_NONE, _ANY, _X_FORWARDED_FOR or _RFC7239. With _ANY, the
        /// default, whichever is there; where both are and name two clients, one of them is the client's own making, and
        /// the request is refused with 400. Your proxy should replace or remove those that it does not set.
        /// </summary>
        public ForwardedHeader? ForwardedHeader { get; set; }

        /// <summary>
        /// 1: each connection begins with a PROXY protocol header, version 1 or 2, in front of TLS too, and comes from one
        /// of the trusted proxies; every other one is dropped, with a line in the log. Without it such a header is refused
        /// with 400. Default 0. cryo_server_new answers CRYO_ERR_INVALID where no proxy is trusted.
        /// </summary>
        public bool? ProxyProtocol { get; set; }

        /// <summary>Time for the validator's answer: a ticket left alone is rejected then. Default 10000.</summary>
        public uint? ValidationTimeoutMs { get; set; }

        /// <summary>
        /// How long the first frame waits for a client that does not answer the WebSocket ping behind the upgrade. Default
        /// 250.
        /// </summary>
        public uint? HelloWaitMs { get; set; }

        /// <summary>
        /// How long to wait for the peer's half of a close, and for what was sent before it to leave. Default 2000.
        /// </summary>
        public uint? CloseTimeoutMs { get; set; }

        /// <summary>
        /// How long a message that was begun may stand still; then the session is closed with 1008. As long as it goes on
        /// it may take any time. Default 30000.
        /// </summary>
        public uint? MessageTimeoutMs { get; set; }

        /// <summary>
        /// Bytes a second below which a message counts as standing still: on average, and not before the time above has
        /// passed. Against clients that send a byte now and then. 0: each byte starts that time anew. Default 100.
        /// </summary>
        public uint? MinMessageRate { get; set; }

        /// <summary>
        /// The longest WebSocket message (a Cryo frame: 21 bytes and its payload) that is taken; a longer one closes with
        /// 1009, without being buffered. Default 16777216; 125 to 1073741824.
        /// </summary>
        public ulong? MaxMessageBytes { get; set; }

        /// <summary>
        /// Fragments of one message, besides one for each KiB that it has brought; more close with 1008. Default 1024.
        /// </summary>
        public uint? MaxFragments { get; set; }

        /// <summary>Malformed frames that a session may send; one more closes with 4001. Default 16.</summary>
        public uint? MaxViolations { get; set; }

        /// <summary>
        /// Bytes handed to the transport and not taken by the kernel, at which a session's queue is held. Default 4194304:
        /// with max_queued_bytes, what one client that takes nothing may hold.
        /// </summary>
        public ulong? HighWaterMark { get; set; }

        /// <summary>Below this it flows again; at most the high-water mark. Default 1048576.</summary>
        public ulong? LowWaterMark { get; set; }

        /// <summary>Bytes that may wait in a held queue. Beyond, the drop policy decides. Default 4194304.</summary>
        public ulong? MaxQueuedBytes { get; set; }

        /// <summary>Messages that may wait in a held queue. Default 1024.</summary>
        public uint? MaxQueueCount { get; set; }

        /// <summary>
        /// One of CRYO_DROP_OLDEST, the default, CRYO_DROP_NEWEST and CRYO_DEDUPE_LATEST. Only messages that wait in a held
        /// queue are ever dropped; what the protocol itself says (acknowledgements, pings) never is.
        /// </summary>
        public DropPolicy? DropPolicy { get; set; }

        /// <summary>
        /// Bytes that the messages of all sessions together may hold, with what other threads have sent or broadcast and no
        /// loop has taken yet; what would exceed it is refused with CRYO_ERR_TOTAL_FULL (CRYO_DEDUPE_LATEST first makes
        /// room in the session's own queue). Against many slow peers at once, and against threads that send faster than the
        /// loops can take it. 0: no limit. Default: a quarter of the memory that the process may have, which is the least
        /// of the machine's, of what its control groups allow (version 1 or 2, as containers and service managers set them)
        /// and of RLIMIT_AS, as the first server of the process finds them.
        /// </summary>
        public ulong? MaxTotalQueuedBytes { get; set; }

        /// <summary>
        /// Receipts that a session may owe; a send that asks for one more is refused with CRYO_ERR_RECEIPTS_FULL. Default
        /// 65536, 1 at least.
        /// </summary>
        public uint? MaxReceipts { get; set; }

        /// <summary>
        /// Sessions at once; further clients get 503. Default 0: no limit but the system's, and that of 131072 descriptors
        /// in the process. Who expects more than that says here how many, and the library prepares for them.
        /// </summary>
        public uint? MaxSessions { get; set; }

        /// <summary>
        /// Connections at once from one address (IPv6: one /64 network); further ones get 503. As many of its sessions
        /// again may be without a connection (cryo_server_options_set_resume_window_ms); where there are as many, a lost
        /// one closes. Default 0: no limit.
        /// </summary>
        public uint? MaxSessionsPerAddress { get; set; }

        /// <summary>
        /// One of CRYO_DUPLICATE_PROBE, the default, _REFUSE and _REPLACE: what becomes of a live session when a client
        /// comes with its id, and its token was accepted and is the same. A client whose connection is lost often knows
        /// that before the server does (a phone that changes the network, a sleep, a balancer that dies), and comes back
        /// while its former session still seems alive. A session that gives way closes with 4000 `Taken over.`, and the
        /// newcomer's session event comes behind its closed event. With another token the newcomer is refused with 409,
        /// unless the validator says otherwise (cryo_auth_replace); with another certificate likewise, where clients show
        /// one. Sessions of cryo_server_connect_peer never give way.
        /// </summary>
        public DuplicatePolicy? DuplicatePolicy { get; set; }

        /// <summary>For CRYO_DUPLICATE_PROBE: time to show life. Default 1000, 1 at least.</summary>
        public uint? ProbeTimeoutMs { get; set; }

        /// <summary>
        /// How long a session whose connection is lost, not closed, waits for its client. Default 0: not at all. It tells
        /// disconnected and, when a client comes with its id and token, reconnected; its store, its extensions and its
        /// receipts stay. What is sent meanwhile waits, within the caps and by the drop policy of its queue, and so does
        /// what was not acknowledged; that leaves first, in its order. Then, or when the time is over, it closes with the
        /// code of the loss. A client of this library gets nothing twice, and nothing that it sent is delivered twice;
        /// others may get again what they have not acknowledged. It is one of the live sessions meanwhile, for limits and
        /// broadcasts too. With several threads its events may come on another thread afterwards, one at a time as always.
        /// </summary>
        public uint? ResumeWindowMs { get; set; }

        /// <summary>
        /// Sessions that wait so at once; where there are as many, a lost one closes. 0: no limit. Default 65536.
        /// </summary>
        public uint? MaxAwaySessions { get; set; }

        /// <summary>Tickets waiting for the validator; further clients get 503. Default 1024.</summary>
        public uint? MaxPendingValidations { get; set; }

        /// <summary>
        /// 1: answer those who ask whether the server is well, on the same port, with TLS and without: GET, HEAD or
        /// OPTIONS, of HTTP/1.0 and 1.1. /healthz: 200 while it runs. /readyz, and what balancers ask by default (OPTIONS,
        /// GET and HEAD of "/" without a query): 200 while clients are let in, 503 with Retry-After once it drains or
        /// stops. A server that is full (max_sessions) is ready, and its body says that it is full: clients that come back
        /// to a session of theirs still find it here. Each such connection closes behind its answer, and counts for no
        /// limit. Requests with a word of a WebSocket in them are clients', whatever their path. Default 0: 426, as for all
        /// that is no upgrade.
        /// </summary>
        public bool? Health { get; set; }

        /// <summary>
        /// 1: answer GET /metrics on the same port with the text of cryo_server_metrics. `token` (copied): whoever sends it
        /// in the header `Authorization: Bearer TOKEN`, from anywhere; others get 401. NULL: this machine only, by its
        /// loopback addresses, and not with a header by which a proxy says that it asks for somebody else (Forwarded,
        /// X-Forwarded-For, Via); others get 403. A proxy on this machine that sends no such header passes strangers off as
        /// this machine: set a token there. Default 0: nobody.
        /// </summary>
        public ServerOptions SetMetrics(bool on, string token)
        {
            Add(handle => Abi.cryo_server_options_set_metrics(handle, on ? 1 : 0, Text.Of(token)));
            return this;
        }

        /// <summary>
        /// 1: messages are acknowledged when the application says so (cryo_message_ack), for processing at least once: a
        /// peer that sends again what was not acknowledged does so until the application is done with it, whatever happens
        /// to connections in between. 0, the default: the library acknowledges each message when it comes. What an
        /// extension stops is acknowledged by that. Peers count a message that is not acknowledged within their
        /// acknowledgement time-out (cryo_client_options_set_ack_timeout_ms, 2500 ms) as timed out, for receipts and
        /// statistics; it is none the less acknowledged later. A client of this library sends again with
        /// cryo_client_options_set_resend.
        /// </summary>
        public bool? ManualAck { get; set; }

        /// <summary>
        /// With that, messages that a session's application may have in its hands; where there are as many, further ones
        /// wait as in cryo_session_pause_reading. Against an application that is slower than its peers. Default 1024, 1 at
        /// least.
        /// </summary>
        public uint? MaxUnacknowledged { get; set; }

        /// <summary>
        /// Pages of which origins ("https://app.example.com", with ":port" where it is not the scheme's own; "null") may
        /// connect. Each call adds one; NULL, the default: every origin may. A browser says with each WebSocket whose page
        /// opens it, and asks nobody: without a list any page in the world can connect with what its visitor's browser
        /// knows (cookies, a token in a URL). Scheme and host are compared without regard to case, and a port that is the
        /// scheme's own is the same as none (RFC 6454). Others get 403, before the validator is asked. A request without an
        /// Origin header comes from no browser, which could say what it wants, and is let through. CRYO_ERR_INVALID: it is
        /// no origin (a path, a wildcard), or there are 64.
        /// </summary>
        public ServerOptions AddAllowedOrigin(string origin)
        {
            Add(handle => Abi.cryo_server_options_add_allowed_origin(handle, Text.Of(origin)));
            return this;
        }

        /// <summary>
        /// A header of the upgrade request that sessions keep, for cryo_session_header: "User-Agent" for example. Each call
        /// adds one, 32 at most; NULL, the default: none. Tickets have all headers in any case. What is kept costs memory
        /// for as long as the session lives, and no more than a request's head may hold. CRYO_ERR_INVALID: it is no
        /// header's name, or the 33rd.
        /// </summary>
        public ServerOptions AddSessionHeader(string name)
        {
            Add(handle => Abi.cryo_server_options_add_session_header(handle, Text.Of(name)));
            return this;
        }

        /// <summary>
        /// Upgrade requests from one address (IPv6: one /64 network) in the window below, whatever becomes of them; further
        /// ones get 429, with the time to wait in Retry-After. They count evenly: when they are used up, a new one is free
        /// after window / count. Against floods of clients that come and go. Default 0: no limit.
        /// </summary>
        public uint? MaxAttemptsPerAddress { get; set; }

        /// <summary>
        /// The same for requests that were refused with 401 or 403, by the validator or for want of a token: against those
        /// who try tokens out. The validator is not asked any more then, whatever the token. What waits for the validator
        /// is counted when it has answered. Default 0: no limit.
        /// </summary>
        public uint? MaxFailedTokensPerAddress { get; set; }

        /// <summary>
        /// The window of both, which remember 65536 addresses each; beyond, those that are new do not count until others
        /// are forgotten. Default 60000, 1 at least.
        /// </summary>
        public uint? AddressWindowMs { get; set; }

        internal override void ApplyProperties(Handle handle)
        {
            if (Host != null)
            {
                Tell(Abi.cryo_server_options_set_host(handle, Text.Of(Host)));
            }
            if (Port != null)
            {
                Tell(Abi.cryo_server_options_set_port(handle, Port.Value));
            }
            if (ReusePort != null)
            {
                Tell(Abi.cryo_server_options_set_reuse_port(handle, ReusePort.Value ? 1 : 0));
            }
            if (SocketMode != null)
            {
                Tell(Abi.cryo_server_options_set_socket_mode(handle, SocketMode.Value));
            }
            if (ListenFd != null)
            {
                Tell(Abi.cryo_server_options_set_listen_fd(handle, ListenFd.Value));
            }
            if (Transport != null)
            {
                Tell(Abi.cryo_server_options_set_transport(handle, (int)Transport.Value));
            }
            if (Threads != null)
            {
                Tell(Abi.cryo_server_options_set_threads(handle, Threads.Value));
            }
            if (TlsMinVersion != null)
            {
                Tell(Abi.cryo_server_options_set_tls_min_version(handle, (int)TlsMinVersion.Value));
            }
            if (TlsClientCaFile != null)
            {
                Tell(Abi.cryo_server_options_set_tls_client_ca_file(handle, Text.Of(TlsClientCaFile)));
            }
            if (TlsClientCaMemory != null)
            {
                Tell(Abi.cryo_server_options_set_tls_client_ca_memory(handle, TlsClientCaMemory, Size(TlsClientCaMemory)));
            }
            if (TlsRequireClientCertificate != null)
            {
                Tell(Abi.cryo_server_options_set_tls_require_client_certificate(handle, TlsRequireClientCertificate.Value ? 1 : 0));
            }
            if (TlsTicketKeys != null)
            {
                Tell(Abi.cryo_server_options_set_tls_ticket_keys(handle, TlsTicketKeys, Size(TlsTicketKeys)));
            }
            if (Cale != null)
            {
                Tell(Abi.cryo_server_options_set_cale(handle, Cale.Value ? 1 : 0));
            }
            if (CaleTimeoutMs != null)
            {
                Tell(Abi.cryo_server_options_set_cale_timeout_ms(handle, CaleTimeoutMs.Value));
            }
            if (KeepaliveMs != null)
            {
                Tell(Abi.cryo_server_options_set_keepalive_ms(handle, KeepaliveMs.Value));
            }
            if (StallTimeoutMs != null)
            {
                Tell(Abi.cryo_server_options_set_stall_timeout_ms(handle, StallTimeoutMs.Value));
            }
            if (AckTimeoutMs != null)
            {
                Tell(Abi.cryo_server_options_set_ack_timeout_ms(handle, AckTimeoutMs.Value));
            }
            if (HeadTimeoutMs != null)
            {
                Tell(Abi.cryo_server_options_set_head_timeout_ms(handle, HeadTimeoutMs.Value));
            }
            if (MaxHeadBytes != null)
            {
                Tell(Abi.cryo_server_options_set_max_head_bytes(handle, MaxHeadBytes.Value));
            }
            if (ForwardedHeader != null)
            {
                Tell(Abi.cryo_server_options_set_forwarded_header(handle, (int)ForwardedHeader.Value));
            }
            if (ProxyProtocol != null)
            {
                Tell(Abi.cryo_server_options_set_proxy_protocol(handle, ProxyProtocol.Value ? 1 : 0));
            }
            if (ValidationTimeoutMs != null)
            {
                Tell(Abi.cryo_server_options_set_validation_timeout_ms(handle, ValidationTimeoutMs.Value));
            }
            if (HelloWaitMs != null)
            {
                Tell(Abi.cryo_server_options_set_hello_wait_ms(handle, HelloWaitMs.Value));
            }
            if (CloseTimeoutMs != null)
            {
                Tell(Abi.cryo_server_options_set_close_timeout_ms(handle, CloseTimeoutMs.Value));
            }
            if (MessageTimeoutMs != null)
            {
                Tell(Abi.cryo_server_options_set_message_timeout_ms(handle, MessageTimeoutMs.Value));
            }
            if (MinMessageRate != null)
            {
                Tell(Abi.cryo_server_options_set_min_message_rate(handle, MinMessageRate.Value));
            }
            if (MaxMessageBytes != null)
            {
                Tell(Abi.cryo_server_options_set_max_message_bytes(handle, MaxMessageBytes.Value));
            }
            if (MaxFragments != null)
            {
                Tell(Abi.cryo_server_options_set_max_fragments(handle, MaxFragments.Value));
            }
            if (MaxViolations != null)
            {
                Tell(Abi.cryo_server_options_set_max_violations(handle, MaxViolations.Value));
            }
            if (HighWaterMark != null)
            {
                Tell(Abi.cryo_server_options_set_high_water_mark(handle, HighWaterMark.Value));
            }
            if (LowWaterMark != null)
            {
                Tell(Abi.cryo_server_options_set_low_water_mark(handle, LowWaterMark.Value));
            }
            if (MaxQueuedBytes != null)
            {
                Tell(Abi.cryo_server_options_set_max_queued_bytes(handle, MaxQueuedBytes.Value));
            }
            if (MaxQueueCount != null)
            {
                Tell(Abi.cryo_server_options_set_max_queue_count(handle, MaxQueueCount.Value));
            }
            if (DropPolicy != null)
            {
                Tell(Abi.cryo_server_options_set_drop_policy(handle, (int)DropPolicy.Value));
            }
            if (MaxTotalQueuedBytes != null)
            {
                Tell(Abi.cryo_server_options_set_max_total_queued_bytes(handle, MaxTotalQueuedBytes.Value));
            }
            if (MaxReceipts != null)
            {
                Tell(Abi.cryo_server_options_set_max_receipts(handle, MaxReceipts.Value));
            }
            if (MaxSessions != null)
            {
                Tell(Abi.cryo_server_options_set_max_sessions(handle, MaxSessions.Value));
            }
            if (MaxSessionsPerAddress != null)
            {
                Tell(Abi.cryo_server_options_set_max_sessions_per_address(handle, MaxSessionsPerAddress.Value));
            }
            if (DuplicatePolicy != null)
            {
                Tell(Abi.cryo_server_options_set_duplicate_policy(handle, (int)DuplicatePolicy.Value));
            }
            if (ProbeTimeoutMs != null)
            {
                Tell(Abi.cryo_server_options_set_probe_timeout_ms(handle, ProbeTimeoutMs.Value));
            }
            if (ResumeWindowMs != null)
            {
                Tell(Abi.cryo_server_options_set_resume_window_ms(handle, ResumeWindowMs.Value));
            }
            if (MaxAwaySessions != null)
            {
                Tell(Abi.cryo_server_options_set_max_away_sessions(handle, MaxAwaySessions.Value));
            }
            if (MaxPendingValidations != null)
            {
                Tell(Abi.cryo_server_options_set_max_pending_validations(handle, MaxPendingValidations.Value));
            }
            if (Health != null)
            {
                Tell(Abi.cryo_server_options_set_health(handle, Health.Value ? 1 : 0));
            }
            if (ManualAck != null)
            {
                Tell(Abi.cryo_server_options_set_manual_ack(handle, ManualAck.Value ? 1 : 0));
            }
            if (MaxUnacknowledged != null)
            {
                Tell(Abi.cryo_server_options_set_max_unacknowledged(handle, MaxUnacknowledged.Value));
            }
            if (MaxAttemptsPerAddress != null)
            {
                Tell(Abi.cryo_server_options_set_max_attempts_per_address(handle, MaxAttemptsPerAddress.Value));
            }
            if (MaxFailedTokensPerAddress != null)
            {
                Tell(Abi.cryo_server_options_set_max_failed_tokens_per_address(handle, MaxFailedTokensPerAddress.Value));
            }
            if (AddressWindowMs != null)
            {
                Tell(Abi.cryo_server_options_set_address_window_ms(handle, AddressWindowMs.Value));
            }
        }
    }
}
