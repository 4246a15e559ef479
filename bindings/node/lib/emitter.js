// Tells handlers, whose mistakes end nothing: they go to the "error" event, or to standard error where nobody listens.

import { EventEmitter } from "node:events";

export class Emitter extends EventEmitter {
    constructor() {
        super({ captureRejections: true });
    }

    // Emits, whatever the handlers do. True: there was one.
    tell(event, ...values) {
        try {
            return this.emit(event, ...values);
        } catch (error) {
            this.report(error, event);
            return true;
        }
    }

    // Of a promise that a handler has returned.
    [Symbol.for("nodejs.rejection")](error, event) {
        this.report(error, event);
    }

    report(error, where) {
        const place = this.owner ?? this;
        try {
            if (where !== "error" && place.listenerCount("error") > 0) {
                place.emit("error", error, where, this);
                return;
            }
        } catch (second) {
            error = second;
        }
        console.error(`cryo: what handles ${JSON.stringify(where)} has failed:`, error);
    }
}
