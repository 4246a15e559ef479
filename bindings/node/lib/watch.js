// Tells when descriptors are readable: on the main thread Node's own loop watches them. `watch` gives {ref, unref, close}.
//
// In a worker thread one call on a thread of Node's pool waits for all of them: koffi takes the process down when a worker is
// terminated while the loop watches.

import koffi from "koffi";
import { isMainThread } from "node:worker_threads";

// How long a call may wait at a time: a worker that is terminated waits for it.
const SLICE_MS = 200;
const POLLIN = 1;
const POLLFD = { size: 8, events: 4, revents: 6 };

const O_CLOEXEC = 0o2000000; // of Linux

const inLoop = new Set();

class InLoop {
    constructor(descriptor, call) {
        // Behind koffi's callback: with Node.js 26 what promises do is not done when that returns.
        this.poll = koffi.node.poll(descriptor, { readable: true }, () => void setImmediate(call));
        inLoop.add(this);
    }

    ref() {
        this.poll.ref();
    }

    unref() {
        this.poll.unref();
    }

    close() {
        if (inLoop.delete(this)) this.poll.close();
    }
}

// All that are watched in a worker.
const waits = {
    calls: new Map(), // by descriptor
    isWaiting: false,

    add(descriptor, call) {
        if (!this.wakeUp) this.prepare();
        this.calls.set(descriptor, call);
        this.again();
    },

    remove(descriptor) {
        this.calls.delete(descriptor);
        this.again();
    },

    prepare() {
        const libc = koffi.load(null);
        const ends = new Int32Array(2);
        const isMade =
            process.platform === "linux"
                ? libc.func("pipe2", "int", ["void *", "int"])(ends, O_CLOEXEC)
                : libc.func("pipe", "int", ["void *"])(ends);
        if (isMade !== 0) throw new Error("cryo: the system has no more descriptors");
        const write = libc.func("write", "int64_t", ["int", "void *", "size_t"]);
        const read = libc.func("read", "int64_t", ["int", "void *", "size_t"]);
        const bytes = Buffer.alloc(64);
        this.poll = libc.func("poll", "int", ["void *", "size_t", "int"]);
        this.readable = ends[0];
        this.wakeUp = () => write(ends[1], bytes, 1);
        this.wokenUp = () => read(ends[0], bytes, bytes.length);
        process.on("exit", this.wakeUp);
    },

    // With what is watched now.
    again() {
        if (this.isWaiting) this.wakeUp();
        else this.wait();
    },

    wait() {
        if (this.calls.size === 0) return;
        const descriptors = [this.readable, ...this.calls.keys()];
        const places = new DataView(new ArrayBuffer(descriptors.length * POLLFD.size));
        descriptors.forEach((each, at) => {
            places.setInt32(at * POLLFD.size, each, true);
            places.setInt16(at * POLLFD.size + POLLFD.events, POLLIN, true);
        });
        this.isWaiting = true;
        this.poll.async(new Uint8Array(places.buffer), descriptors.length, SLICE_MS, () => {
            this.isWaiting = false;
            const isReadable = (at) => places.getInt16(at * POLLFD.size + POLLFD.revents, true) !== 0;
            if (isReadable(0)) this.wokenUp();
            descriptors.forEach((each, at) => at > 0 && isReadable(at) && this.calls.get(each)?.());
            if (!this.isWaiting) this.wait();
        });
    },
};

class InWait {
    constructor(descriptor, call) {
        this.descriptor = descriptor;
        waits.add(descriptor, call);
    }

    // The thread goes on for as long as something is watched.
    ref() {}
    unref() {}

    close() {
        waits.remove(this.descriptor);
    }
}

// What is readable still when Node takes its loop down would be told once more, and koffi end the process by that.
if (isMainThread) process.on("exit", () => [...inLoop].forEach((each) => each.close()));

export function watch(descriptor, call) {
    return isMainThread ? new InLoop(descriptor, call) : new InWait(descriptor, call);
}
