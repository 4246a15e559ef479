// Takes events out of a queue of the library's, when its descriptor is readable.

import { handleFrom } from "./calls.js";
import { Batch } from "./codes.js";
import { check } from "./errors.js";
import { addressOf, copyOut, cryo } from "./native.js";
import { watch } from "./watch.js";

// After so many events other work of the program gets its turn.
const EVENTS_A_TURN = 256;
const ROOM = 1 << 16;
// A larger batch holds a message of that size, and gets a place of its own.
const MOST_ROOM = 1 << 20;

// What a batch is copied to, with arrays over it. Fields are read by their index in these.
class Room {
    constructor(size) {
        const memory = new ArrayBuffer(size);
        this.size = size;
        this.address = addressOf(new Uint8Array(memory));
        this.bytes = Buffer.from(memory);
        this.u32 = new Uint32Array(memory);
        this.i32 = new Int32Array(memory);
        this.u64 = new BigUint64Array(memory);
        this.f64 = new Float64Array(memory);
        this.isLasting = true; // it is used again, so what stays must be copied
    }
}

let common = new Room(ROOM);
const done = Promise.resolve();

function roomFor(size) {
    if (size <= common.size) return common;
    const room = new Room(size <= MOST_ROOM ? MOST_ROOM : (size + 7) & ~7);
    if (size <= MOST_ROOM) common = room;
    else room.isLasting = false;
    return room;
}

export class EventQueue {
    // `take(room, at)` gets each event: where its record begins, in bytes. It must not throw.
    constructor(take, capacity) {
        this.take = take;
        this.handle = handleFrom(cryo.cryo_queue_new);
        if (capacity) check(cryo.cryo_queue_set_capacity(this.handle, capacity.events ?? 16384, capacity.bytes ?? 67108864));
        this.out = new BigUint64Array(new ArrayBuffer(16)); // the batch's address, and its size
        this.outAddress = addressOf(this.out);
        this.turn = 0;
        this.keepsAlive = true;
        this.next = () => this.#next();
    }

    // From now on its events are taken, and keep the process alive.
    watch() {
        const descriptor = check(cryo.cryo_queue_fd(this.handle));
        this.watched = watch(descriptor, () => {
            this.turn = EVENTS_A_TURN;
            this.#next();
        });
        if (!this.keepsAlive) this.watched.unref();
    }

    ref() {
        this.keepsAlive = true;
        this.watched?.ref();
    }

    unref() {
        this.keepsAlive = false;
        this.watched?.unref();
    }

    // A batch, and the next one behind what promises of its handlers do: what they send leaves with the rest.
    #next() {
        if (this.turn <= 0) {
            if (this.handle && this.out[0]) this.#giveBack();
        } else if (this.handle && this.#takeBatch(this.turn)) {
            done.then(this.next); // costs less than queueMicrotask()
        }
    }

    #giveBack() {
        cryo.cryo_queue_release(this.handle, this.out[0]);
        this.out[0] = 0n;
    }

    #takeBatch(most) {
        if (cryo.cryo_queue_next_many(this.handle, 0, most, this.outAddress, this.outAddress + 8n) !== 0) return false;
        const size = Number(this.out[1]);
        const room = roomFor(size);
        copyOut(room.address, this.out[0], size);
        const { u32 } = room;
        if (u32[0] !== Batch.BATCH_VERSION) {
            throw new Error("cryo: this package and the library do not fit together: batches have another layout");
        }
        this.turn -= u32[Batch.BATCH_COUNT >> 2];
        const take = this.take;
        for (let at = u32[Batch.BATCH_FIRST >> 2]; at < size; at += u32[at >> 2]) take(room, at);
        return true;
    }

    // All that there is, at once.
    drain() {
        while (this.handle && this.#takeBatch(0));
    }

    close() {
        if (!this.handle) return;
        this.watched?.close();
        cryo.cryo_queue_free(this.handle);
        this.handle = 0n;
        this.out[0] = 0n;
    }
}
