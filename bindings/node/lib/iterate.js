// Events as async iterators.

// Beyond this the peer is held up until half of it was taken.
const MOST_WAITING = 256;

// What comes between `start` and the end; `flow` may hold its source up.
function iteratorOf(start, flow = { pause() {}, resume() {} }) {
    const ready = [];
    let takers = [];
    let isOver = false;
    let isPaused = false;
    const stop = start(
        (value) => {
            const taker = takers.shift();
            if (taker) {
                taker({ value, done: false });
                return;
            }
            ready.push(value);
            if (ready.length >= MOST_WAITING && !isPaused) {
                isPaused = true;
                flow.pause();
            }
        },
        () => {
            isOver = true;
            for (const taker of takers) taker({ value: undefined, done: true });
            takers = [];
        },
    );
    return {
        next() {
            if (ready.length > 0) {
                const value = ready.shift();
                if (isPaused && ready.length <= MOST_WAITING / 2) {
                    isPaused = false;
                    flow.resume();
                }
                return Promise.resolve({ value, done: false });
            }
            if (isOver) return Promise.resolve({ value: undefined, done: true });
            return new Promise((resolve) => takers.push(resolve));
        },
        return() {
            stop();
            isOver = true;
            ready.length = 0;
            if (isPaused) flow.resume();
            return Promise.resolve({ value: undefined, done: true });
        },
        [Symbol.asyncIterator]() {
            return this;
        },
    };
}

export function messagesOf(session) {
    const quietly = (call) => () => {
        if (!session.closed && session.isOpen) call.call(session);
    };
    return iteratorOf(
        (take, end) => {
            const push = (message) => take(message);
            for (const [message] of session.early?.take() ?? []) take(message);
            session.on("message-utf8", push);
            session.on("message-binary", push);
            session.once("closed", end);
            if (session.closed) end();
            return () => {
                session.off("message-utf8", push);
                session.off("message-binary", push);
                session.off("closed", end);
            };
        },
        { pause: quietly(session.pause), resume: quietly(session.resume) },
    );
}

export function sessionsOf(server) {
    return iteratorOf((push, end) => {
        server.on("session", push);
        server.once("close", end);
        if (server.isClosed) end();
        return () => {
            server.off("session", push);
            server.off("close", end);
        };
    });
}
