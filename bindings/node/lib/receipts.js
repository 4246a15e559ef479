// What became of a message: promises by the number that the library brings back.

import { Outcome } from "./codes.js";

// From here on numbers are this package's; those below are the application's.
export const FIRST_OWN = 1n << 63n;

const NAMES = new Map(Object.entries(Outcome).map(([name, value]) => [value, name.toLowerCase().replace("_", "-")]));
const waiting = new Map();
let last = 0;

// A number of ours, and a promise of its receipt.
export function newReceipt() {
    const number = ++last;
    let settle;
    const promise = new Promise((resolve) => (settle = resolve));
    waiting.set(number, settle);
    return { number: FIRST_OWN | BigInt(number), promise, forget: () => waiting.delete(number) };
}

export function receiptOf(code, rttMs, by) {
    const receipt = { outcome: NAMES.get(code) ?? code };
    if (rttMs >= 0) receipt.rttMs = rttMs;
    if (by) receipt.by = by;
    return receipt;
}

// False: that number is the application's.
export function settleReceipt(low, high, receipt) {
    if (high < 0x80000000) return false;
    const number = (high & 0x7fffffff) * 2 ** 32 + low;
    waiting.get(number)?.(receipt);
    waiting.delete(number);
    return true;
}
