/// <reference types="node" />
// Types of libcryo for Node.js. Times are milliseconds. Nothing here waits: what takes time is a promise.

import type { EventEmitter } from "node:events";
import type { ClientSettings, Pem, ServerSettings } from "./types/options.js";
import type { DropPolicyName } from "./types/codes.js";

export * from "./types/codes.js";
export type { ClientSettings, Pem, ServerSettings } from "./types/options.js";

/** What is sent: a string as text, anything else as binary. Lone surrogates in a string become U+FFFD. */
export type Message = string | Buffer | ArrayBufferView | ArrayBuffer;

/** A number of a message's, from 1 to 2 ** 63 - 1. It comes back as a bigint above Number.MAX_SAFE_INTEGER. */
export type ReceiptNumber = number | bigint;

export interface Receipt {
    /** What became of the message. "closed": the session was over, or its connection lost, before that was known. */
    outcome: "acknowledged" | "timed-out" | "dropped" | "vetoed" | "closed" | "refused";
    /** From leaving to acknowledgement; only of acknowledged ones. */
    rttMs?: number;
    /** The extension that stopped it, or the rule that dropped it: "oldest", "refused", "replaced", "total". */
    by?: string;
}

export interface SendOptions {
    /** 1 to 255 bytes, for the drop policy "dedupe-latest": the message takes the place of a queued one with this key. */
    key?: string;
    /** The "receipt" event comes for it, once. */
    receipt?: ReceiptNumber;
}

export interface FailedAttempt {
    status: number;
    /** "CRYO_ERR_CONNECT", "CRYO_ERR_TLS_UNTRUSTED", "CRYO_ERR_HTTP", … */
    code: string;
    /** For people. */
    text: string;
    /** The server's answer to the upgrade, if there was one. */
    httpStatus?: number;
    /** It tries again after so long. Absent: it does not, and "closed" follows. */
    retryMs?: number;
}

export interface Stats {
    /** Moving average from message to acknowledgement; undefined before the first. */
    rttMs: number | undefined;
    bytesRx: number;
    bytesTx: number;
    /** Messages that were not acknowledged in time. */
    ackTimeouts: number;
    /** Bytes that were sent and not yet taken by the operating system. */
    queuedBytes: number;
    /** Messages that were sent and have not begun to leave. */
    queuedCount: number;
}

export interface PeerCertificate {
    /** "CN=alice,O=Example" */
    subject: string;
    /** Alternative names: "DNS:a.example", "IP:192.0.2.7", "email:…" */
    names: string[];
    /** SHA-256, 64 hexadecimal digits. */
    fingerprint: string;
}

/** What the library refuses. */
export declare class CryoError extends Error {
    constructor(status: number, code: string, text: string);
    readonly name: "CryoError";
    /** One of Status. */
    readonly status: number;
    /** "CRYO_ERR_CLOSED", … */
    readonly code: string;
    /** A sentence for people, without the code. */
    readonly text: string;
}

type MessageEvents = {
    /** `id`: for ack(), with the option manualAck only. */
    "message-utf8": [data: string, id?: number | bigint];
    "message-binary": [data: Buffer, id?: number | bigint];
    /** Both kinds. */
    message: [data: string | Buffer, id?: number | bigint];
};

type FlowEvents = {
    /** The last event. Code and reason are the ones that ended it, from whichever side; 1006: the connection was lost. */
    closed: [code: number, reason: string];
    "stat-rtt": [ms: number];
    "stat-bytes-rx": [bytes: number];
    "stat-bytes-tx": [bytes: number];
    "stat-ack-timeout": [count: number];
    /** Accepted, and dropped all the same, since the peer is slower than you send. */
    dropped: [message: string | Buffer, reason: "oldest" | "refused" | "replaced" | "total"];
    /** The queue was full, and flows again. */
    writable: [];
    receipt: [number: number | bigint, receipt: Receipt];
    /** The connection is lost. A client or a peer tries again; a server's session waits for its client. */
    disconnected: [code: number, reason: string];
    reconnected: [];
    /** Clients and peers only. */
    "attempt-failed": [failure: FailedAttempt];
    /** Clients and peers only: this was sent and not acknowledged when the connection was lost. */
    lost: [message: string | Buffer];
};

export type SessionEvents = MessageEvents & FlowEvents;
export type ClientEvents = SessionEvents & {
    /** For the first time. */
    connected: [];
    /** All is over, and nothing keeps the process alive any more. */
    close: [];
    /** What a handler has thrown, and the event or hook that it was for. Without a listener it is printed. */
    error: [error: unknown, where: string];
};

type OfSessions = Omit<SessionEvents, "message-utf8" | "message-binary">;
export type ServerEvents = { [Name in keyof OfSessions]: [session: Session, ...OfSessions[Name]] } & {
    listening: [address: { host: string; port: number }];
    /** A client was let in. Its handlers must be set before this one gives control away (await). */
    session: [session: Session];
    /** All is over, and nothing keeps the process alive any more. */
    close: [];
    /** What a handler has thrown, the event or hook that it was for, and whose. Without a listener it is printed. */
    error: [error: unknown, where: string, of: Server | Session];
};

declare class Emitter<Events> extends EventEmitter {
    on<Name extends keyof Events & string>(event: Name, listener: (...values: Extract<Events[Name], unknown[]>) => unknown): this;
    once<Name extends keyof Events & string>(
        event: Name,
        listener: (...values: Extract<Events[Name], unknown[]>) => unknown,
    ): this;
    off<Name extends keyof Events & string>(
        event: Name,
        listener: (...values: Extract<Events[Name], unknown[]>) => unknown,
    ): this;
}

/** One client that was let in, a peer, or a client's own end. It answers for as long as you keep it, also after it closed. */
export declare class Session<Events = SessionEvents> extends Emitter<Events> {
    protected constructor();

    /** Returns at once; messages leave in order. Throws CryoError: CRYO_ERR_CLOSED, CRYO_ERR_FULL, … */
    send(message: Message, options?: SendOptions): void;
    /** The same, and a promise of what becomes of the message. It is rejected only where send() would throw. */
    sendWithReceipt(message: Message, options?: { key?: string }): Promise<Receipt>;
    ping(): void;
    /** After what was sent before has left. Default 4000. */
    close(code?: number, reason?: string): unknown;
    /** No messages for now: the peer is held up. Twice is once. */
    pause(): void;
    resume(): void;
    /** With the server's option manualAck: you are done with this message. */
    ack(id: number | bigint): void;
    /** The session closes with 4001 after so long; Infinity takes that back. Servers' sessions only. */
    setExpiry(ms: number): void;
    /** All messages as they come, until it has closed. While you take none, the peer is held up. */
    messages(): AsyncIterableIterator<string | Buffer>;

    readonly id: string;
    readonly idBytes: Uint8Array;
    readonly isOpen: boolean;
    /** Its last event was told. */
    readonly closed: boolean;
    /** CALE encrypts it. TLS is another matter. */
    readonly isSecure: boolean;
    /** This server has opened it. */
    readonly isPeer: boolean;
    readonly token: string;
    /** "192.0.2.7:54321" */
    readonly remoteAddress: string;
    /** Of the trusted proxy that has told it; else "". */
    readonly proxyAddress: string;
    readonly path: string;
    /** Of the request, without the token. */
    readonly parameters: URLSearchParams;
    /** Of those that the option sessionHeaders names. */
    header(name: string): string | undefined;
    /** What the validator has set by auth.setClaim(). */
    claim(name: string): string | undefined;
    readonly peerCertificate: PeerCertificate | undefined;
    readonly stats: Stats;

    /** What the validator gave to auth.accept(), or what you set. */
    user: any;
    set(key: string, value: unknown): void;
    get(key: string): any;

    /** As send(), but false where it throws for a closed session or a full queue. */
    SendUTF8(text: string): boolean;
    SendBinary(bytes: Exclude<Message, string>): boolean;
    SendPing(): boolean;
    Set(key: string, value: unknown): void;
    Get(key: string): any;
    Destroy(): unknown;
}
export type CryoServerWebsocketSession = Session;

/** A client's ticket: shall this token come in? Left alone, it is rejected after the validation time-out. */
export declare class Auth {
    private constructor();
    readonly token: string;
    readonly isSettled: boolean;
    /**
     * Lets in. The session has `user` as session.user from its first event on. These four answer false where nothing is
     * left to settle: settled before, timed out, or the client has gone.
     */
    accept(user?: unknown): boolean;
    /** Lets in, in the place of a live session with the same id, whatever its token was. */
    replace(): boolean;
    /** 401 */
    reject(reason?: string): boolean;
    /** With any status from 400 to 599. */
    refuse(httpStatus: number, body?: string, retryAfterMs?: number): boolean;
    /** A text for session.claim(). */
    setClaim(name: string, value: string | null): void;
    setExpiry(ms: number): void;
    /** Until it is settled; later these throw CRYO_ERR_STATE. */
    readonly remoteAddress: string;
    readonly proxyAddress: string;
    readonly path: string;
    parameter(name: string): string | undefined;
    header(name: string): string | undefined;
    readonly peerCertificate: PeerCertificate | undefined;
}

type Later<Value> = Value | PromiseLike<Value>;

/** Only `true` lets in. What is thrown, and a broken promise, refuse, and go to "error". */
export interface ITokenValidator {
    validate(token: string, auth: Auth): Later<boolean | unknown>;
}
/** Answers on the ticket, at once or later; or returns true or false. */
export interface Authorizer {
    authorize(auth: Auth): Later<boolean | unknown>;
}
export type Validator = ITokenValidator | Authorizer | ((token: string, auth: Auth) => Later<boolean | unknown>);

export type Box<T> = { value: T };

/** A message's ticket, for hooks that answer later. */
export declare class Hook {
    private constructor();
    readonly isSettled: boolean;
    pass(): boolean;
    replace(message: string | Uint8Array): boolean;
    stop(): boolean;
    fail(reason?: string): boolean;
}

/** True: the message goes on, with what the box holds. False: it does not. A hook with three parameters may answer later. */
type OnMessage<T> = (session: Session, message: Box<T>, hook: Hook) => Later<boolean | void>;

export interface ICryoExtension {
    /** 1 to 255 bytes; unique for a server or client. */
    name: string;
    before_send_utf8?: OnMessage<string>;
    before_send_binary?: OnMessage<Buffer>;
    on_receive_utf8?: OnMessage<string>;
    on_receive_binary?: OnMessage<Buffer>;
    /** How long a hook may take. Default 5000. */
    timeoutMs?: number;
    /** What becomes of a message whose hook throws or takes too long. Default "stop". */
    onFailure?: "stop" | "pass";
    /** It was added; it was removed. */
    onRegister?(of: Server | Client): void;
    onUnregister?(of: Server | Client): void;
}

declare class Extensible {
    addExtension(extension: ICryoExtension): void;
    removeExtension(name: string): void;
    findExtension(name: string): ICryoExtension | undefined;
}

export interface ICryoWebsocketServerOptions extends Omit<ServerSettings, "dropPolicy"> {
    /** How much may wait for the handlers before sessions are not read from: 16384 events and 67108864 bytes. */
    queueCapacity?: { events?: number; bytes?: number };
    dropPolicy?: DropPolicyName | "oldest" | "newest" | "drop-oldest" | "drop-newest" | number;
    /** The names of the server for Node.js that came first: keepaliveMs, cale, tlsMemory, and five of the options here. */
    keepAliveIntervalMs?: number;
    use_cale?: boolean;
    ssl?: { key: Pem; cert: Pem };
    backpressure?: {
        highWaterMark?: number;
        lowWaterMark?: number;
        maxQueuedBytes?: number;
        maxQueueCount?: number;
        dropPolicy?: "drop-oldest" | "drop-newest" | "dedupe-latest";
    };
}
export type ServerOptions = ICryoWebsocketServerOptions;

export interface Server extends Extensible {}
export declare class Server extends Emitter<ServerEvents> implements AsyncIterable<Session>, AsyncDisposable {
    constructor(validator: Validator, options?: ServerOptions);
    /** Listens; clients can connect when the promise is kept. */
    start(): Promise<this>;
    /** Begins to stop: every session closes with 4000. "close" tells the end. */
    stop(): void;
    /** Stops, and waits for that. */
    close(): Promise<void>;
    /** Until it has stopped, by whomever. */
    wait(): Promise<void>;
    /** Lets nobody in any more, closes the sessions spread over the time, and stops. */
    drain(how?: { deadlineMs?: number; batchMs?: number; code?: number; reason?: string; retryMs?: number }): Promise<void>;
    /** Whether it keeps the process alive, as it does at first. */
    ref(): this;
    unref(): this;
    readonly isClosed: boolean;
    /** Where it listens; undefined before the "listening" event. */
    readonly address: { host: string; port: number } | undefined;
    readonly port: number;
    readonly transport: "auto" | "poll" | "libwebsockets";

    readonly sessionCount: number;
    readonly sessions: Session[];
    findSession(id: string | Uint8Array): Session | undefined;
    /** To every session but `except`; to how many, as far as that is known at once. */
    broadcast(message: Message, options?: { except?: Session }): number;
    /** Opens a session to another server, which has the events of clients too, and comes back after a loss. */
    connectPeer(url: string, token: string | TokenProvider, options?: PeerOptions): Session;
    /** As they come, until it has stopped. */
    [Symbol.asyncIterator](): AsyncIterableIterator<Session>;
    [Symbol.asyncDispose](): Promise<void>;

    /** One of ServerStat, or its name: stat("refused", 401). */
    stat(which: number | string, of?: number): number;
    /** For Prometheus. */
    metrics(): string;
    /** Other certificates for connections to come. Without options: the same files, read again. */
    setTls(options?: ServerOptions): void;
    setTlsTicketKeys(keys?: Uint8Array): void;

    RegisterExtension(extension: ICryoExtension): void;
    Destroy(): Promise<void>;
}

/** Gives the token for the next attempt to connect. */
export type TokenProvider = () => Later<string>;
export interface ClientOptions extends Omit<ClientSettings, "url" | "token"> {
    tokenProvider?: TokenProvider;
}
export type PeerOptions = ClientOptions;

export interface Client extends Extensible {}
/** A session from its client's side. It connects again by itself when the connection is lost. */
export declare class Client extends Session<ClientEvents> implements AsyncDisposable {
    constructor(url: string, token: string | TokenProvider, options?: ClientOptions);
    /** Begins to connect; events tell the rest. */
    start(): this;
    /** Begins, and is kept once it is connected. Rejected when it is over before, with why. */
    connect(): Promise<this>;
    /** For good; kept when it has closed. */
    close(code?: number, reason?: string): Promise<void>;
    wait(): Promise<void>;
    /** From the next attempt to connect on. */
    setToken(token: string): void;
    [Symbol.asyncDispose](): Promise<void>;
}

/** A server that listens. */
export declare function cryo(validator: Validator, options?: ServerOptions): Promise<Server>;
/** A client that is connected. */
export declare function connect(url: string, token: string | TokenProvider, options?: ClientOptions): Promise<Client>;
/** One message to many sessions, of any servers and clients. */
export declare function sendToAll(
    sessions: Iterable<Session<any>>,
    message: Message,
): { sent: number; failures: Array<{ session: Session; error: CryoError }> };

/** Of the library's own log, which goes to standard error; for the whole process. At the start "warning". */
export declare function setLogLevel(level: "off" | "error" | "warning" | "info" | "debug" | number): void;
/** For setExpiry: as Infinity. */
export declare const NEVER: bigint;
/** Of the library that is loaded: "0.1.0". */
export declare const version: string;
/** What the library was built with and runs on, for bug reports. */
export declare const buildInfo: string;
