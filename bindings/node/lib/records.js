// What an event in a batch holds, by the offsets of cryo.h.

import { Batch } from "./codes.js";

export const KIND = Batch.RECORD_KIND;
export const SESSION = Batch.RECORD_SESSION;

export const codeOf = (room, at) => room.i32[(at + Batch.RECORD_CODE) >> 2];
export const valueOf = (room, at) => room.f64[(at + Batch.RECORD_VALUE) >> 3];
export const handleOf = (room, at) => room.u64[(at + SESSION) >> 3];
export const ticketOf = (room, at) => room.u64[(at + Batch.RECORD_TICKET) >> 3];
export const httpStatusOf = (room, at) => room.i32[(at + Batch.RECORD_HTTP_STATUS) >> 2];
export const messageKindOf = (room, at) => room.i32[(at + Batch.RECORD_MESSAGE_KIND) >> 2];

// A Number where it can be one.
const LOW = (field) => field >> 2;
export function messageIdOf(room, at) {
    const low = room.u32[LOW(at + Batch.RECORD_MESSAGE_ID)];
    const high = room.u32[LOW(at + Batch.RECORD_MESSAGE_ID + 4)];
    return high === 0 ? low : smallest(room.u64[(at + Batch.RECORD_MESSAGE_ID) >> 3]);
}

export const receiptLow = (room, at) => room.u32[LOW(at + Batch.RECORD_RECEIPT)];
export const receiptHigh = (room, at) => room.u32[LOW(at + Batch.RECORD_RECEIPT + 4)];
export const receiptNumber = (room, at) => smallest(room.u64[(at + Batch.RECORD_RECEIPT) >> 3]);

function smallest(big) {
    return big <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(big) : big;
}

export function textOf(room, at) {
    const from = at + room.u32[(at + Batch.RECORD_TEXT) >> 2];
    return room.bytes.toString("utf8", from, from + room.u32[(at + Batch.RECORD_TEXT_LENGTH) >> 2]);
}

// The message, or what else is its data as text.
export function textDataOf(room, at) {
    const from = at + room.u32[(at + Batch.RECORD_DATA) >> 2];
    return room.bytes.utf8Slice(from, from + room.u32[(at + Batch.RECORD_DATA_LENGTH) >> 2]);
}

export function bytesDataOf(room, at) {
    const from = at + room.u32[(at + Batch.RECORD_DATA) >> 2];
    const length = room.u32[(at + Batch.RECORD_DATA_LENGTH) >> 2];
    if (!room.isLasting) return room.bytes.subarray(from, from + length);
    const copy = Buffer.allocUnsafe(length);
    room.bytes.copy(copy, 0, from, from + length);
    return copy;
}

export function messageOf(room, at) {
    return messageKindOf(room, at) === 1 ? textDataOf(room, at) : bytesDataOf(room, at);
}
