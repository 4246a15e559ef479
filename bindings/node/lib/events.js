// Takes each event to its session and its server.

import { DropReason, EventKind, Stat, Status } from "./codes.js";
import { Early } from "./early.js";
import { cryo } from "./native.js";
import { receiptOf, settleReceipt } from "./receipts.js";
import * as record from "./records.js";
import { forgetSession, keepSession, sessionOf } from "./session_table.js";

const DROPPED = new Map(Object.entries(DropReason).map(([name, value]) => [value, name.toLowerCase()]));
const STATS = new Map([
    [Stat.RTT, "stat-rtt"], [Stat.BYTES_RX, "stat-bytes-rx"], [Stat.BYTES_TX, "stat-bytes-tx"],
    [Stat.ACK_TIMEOUT, "stat-ack-timeout"],
]); // prettier-ignore
const STATUS_NAMES = new Map(Object.entries(Status).map(([name, value]) => [value, `CRYO_${name}`]));

// `owner`: the server whose queue it is, or, of clients, what they share.
export function taker(owner) {
    return (room, at) => {
        const kind = room.i32[(at + record.KIND) >> 2];
        const session = sessionOf(room, at + record.SESSION);
        try {
            if (kind === EventKind.MESSAGE) {
                if (session !== undefined) tellMessage(session, room, at);
            } else if (kind === EventKind.SESSION) {
                announce(owner, session, record.handleOf(room, at));
            } else if (session !== undefined) {
                OF_SESSIONS.get(kind)?.(session, room, at);
            } else {
                OF_NOBODY.get(kind)?.(owner, room, at);
            }
        } catch (error) {
            owner.report(error, `event ${kind}`);
        }
    };
}

function tellMessage(session, room, at) {
    const message = record.messageOf(room, at);
    const id = record.messageIdOf(room, at);
    if (session.early === undefined || !session.early.keep(message, id)) session.tellMessage(message, id);
}

function announce(owner, known, handle) {
    const session = known ?? owner.newSession(handle);
    if (known === undefined) keepSession(session);
    owner.restore?.(session);
    session.tellConnected();
    if (!session.isHeard()) session.early = new Early(session);
}

const OF_SESSIONS = new Map([
    [EventKind.CLOSED, (session, room, at) => {
        forgetSession(session);
        session.early?.end();
        session.closed = true;
        session.tellBoth("closed", record.codeOf(room, at), record.textOf(room, at));
        session.over?.();
    }],
    [EventKind.STAT, (session, room, at) => {
        const name = STATS.get(record.codeOf(room, at));
        session.early?.giveUp();
        if (name) session.tellBoth(name, record.valueOf(room, at));
    }],
    [EventKind.DISCONNECTED, (session, room, at) => session.tellBoth("disconnected", record.codeOf(room, at), record.textOf(room, at))],
    [EventKind.RECONNECTED, (session) => {
        session.owner.restore?.(session);
        session.tellBoth("reconnected");
    }],
    [EventKind.ATTEMPT_FAILED, (session, room, at) => {
        const status = record.codeOf(room, at);
        const retryMs = record.valueOf(room, at);
        const failure = { status, code: STATUS_NAMES.get(status) ?? "CRYO_ERR_UNKNOWN", text: record.textOf(room, at) };
        if (record.httpStatusOf(room, at)) failure.httpStatus = record.httpStatusOf(room, at);
        if (retryMs >= 0) failure.retryMs = retryMs;
        session.tellBoth("attempt-failed", failure);
    }],
    [EventKind.LOST, (session, room, at) => session.tellBoth("lost", record.messageOf(room, at))],
    [EventKind.DROPPED, (session, room, at) => {
        const reason = record.codeOf(room, at);
        session.tellBoth("dropped", record.messageOf(room, at), DROPPED.get(reason) ?? reason);
    }],
    [EventKind.WRITABLE, (session) => session.tellBoth("writable")],
    [EventKind.RECEIPT, (session, room, at) => {
        const receipt = receiptOf(record.codeOf(room, at), record.valueOf(room, at), record.textOf(room, at));
        if (settleReceipt(record.receiptLow(room, at), record.receiptHigh(room, at), receipt)) return;
        session.tellBoth("receipt", record.receiptNumber(room, at), receipt);
    }],
    [EventKind.HOOK, (session, room, at) => session.owner.extensions.ask(session, room, at)],
    [EventKind.TOKEN, (session, room, at) => session.giveToken(record.ticketOf(room, at))],
]); // prettier-ignore

// Of a server; and tickets of sessions that are over already, which fail rather than wait for their time-out.
const OF_NOBODY = new Map([
    [EventKind.LISTENING, (server, room, at) => {
        server.address = { host: record.textOf(room, at), port: record.codeOf(room, at) };
        server.tell("listening", server.address);
    }],
    [EventKind.AUTH, (server, room, at) => server.validate(record.ticketOf(room, at), record.textDataOf(room, at))],
    [EventKind.HOOK, (_, room, at) => cryo.cryo_hook_fail(record.ticketOf(room, at), "The session is over.")],
]); // prettier-ignore
