// Sessions by their handle, from their first event to their last: one object for each.
//
// A handle has 64 bits. They are looked up by the lower half, a number, since a BigInt for each message would cost more.

const byLowHalf = new Map();

export function sessionOf(room, at) {
    const hi = room.u32[(at + 4) >> 2];
    let session = byLowHalf.get(room.u32[at >> 2]);
    while (session !== undefined && session.high !== hi) session = session.nextWithThisLow;
    return session;
}

export function sessionByHandle(handle) {
    const high = Number(handle >> 32n);
    let session = byLowHalf.get(Number(handle & 0xffffffffn));
    while (session !== undefined && session.high !== high) session = session.nextWithThisLow;
    return session;
}

export function keepSession(session) {
    const low = Number(session.handle & 0xffffffffn);
    session.nextWithThisLow = byLowHalf.get(low);
    byLowHalf.set(low, session);
}

export function forgetSession(session) {
    const low = Number(session.handle & 0xffffffffn);
    let each = byLowHalf.get(low);
    if (each === session) {
        if (session.nextWithThisLow) byLowHalf.set(low, session.nextWithThisLow);
        else byLowHalf.delete(low);
    } else {
        while (each && each.nextWithThisLow !== session) each = each.nextWithThisLow;
        if (each) each.nextWithThisLow = session.nextWithThisLow;
    }
    session.nextWithThisLow = undefined;
}
