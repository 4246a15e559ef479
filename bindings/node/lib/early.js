// Messages that come before anybody listens: a handler of "session" may wait for something first, and an iterator gives a
// session a little later than it came. They are kept for the first listener, within bounds, until the first statistics.

const MOST_MESSAGES = 256;
// Of all sessions together.
const MOST_BYTES = 64 << 20;

let bytesOfAll = 0;

export class Early {
    #session;
    #messages = [];
    #bytes = 0;
    #isDue = false;

    constructor(session) {
        this.#session = session;
    }

    // False: it is not kept, and nothing will be any more.
    keep(message, id) {
        const size = message.length;
        if (!this.#isDue && (this.#messages.length >= MOST_MESSAGES || bytesOfAll + size > MOST_BYTES)) {
            this.giveUp();
            return false;
        }
        this.#messages.push([message, id]);
        this.#bytes += size;
        bytesOfAll += size;
        return true;
    }

    // The one who listens first may be about to add more listeners.
    tellSoon() {
        if (this.#isDue) return;
        this.#isDue = true;
        queueMicrotask(() => this.tellNow());
    }

    tellNow() {
        if (this.#session.early !== this) return;
        for (const [message, id] of this.take()) this.#session.tellMessage(message, id);
    }

    // All of them, for whoever listens from now on.
    take() {
        this.#session.early = undefined;
        this.#settle();
        return this.#messages;
    }

    // Nothing more will come. What listeners wait for is told in front of the end; iterators take the rest.
    end() {
        if (this.#isDue) this.tellNow();
        else this.#settle();
    }

    giveUp() {
        if (!this.#isDue) this.take();
    }

    #settle() {
        bytesOfAll -= this.#bytes;
        this.#bytes = 0;
    }
}
