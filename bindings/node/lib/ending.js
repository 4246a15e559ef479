// Waits for what ends on threads of the library's, without holding up Node.

const FIRST_LOOK_MS = 1;
const LAST_LOOK_MS = 50;

// Calls `isOver` now and then, and `then` once it says so; never inside of this call, which may be one of a handler's.
export function whenOver(isOver, then) {
    let wait = FIRST_LOOK_MS;
    const look = () => {
        if (isOver()) {
            then();
            return;
        }
        setTimeout(look, wait);
        wait = Math.min(wait * 2, LAST_LOOK_MS);
    };
    setImmediate(look);
}
