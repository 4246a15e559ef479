package cryo;

import com.sun.jna.Callback;
import java.util.EnumMap;
import java.util.Map;

/**
 * Sees the messages of all sessions of a server or client, before they are sent and after they were received. Give it a function for
 * each kind of message that it shall see, then add it; it may be added to several. Extensions are asked in the order in which they were
 * added. A function that throws has failed: the message is stopped then, unless {@link #onFailure} says otherwise.
 */
public final class Extension {
    /** Called for a message, on the thread of the events. Answer on the ticket, now or later. */
    @FunctionalInterface
    public interface HookFunction {
        /** Shall it pass? */
        void decide(Hook hook) throws Exception;
    }

    /** A cryo_extension_fn. */
    interface Removed extends Callback {
        void invoke(com.sun.jna.Pointer name, long user);
    }

    private static final Removed REMOVED = (name, user) -> ((Extension) Kept.get(user)).removed();

    static {
        Kept.prepare(REMOVED);
    }

    private final String name;
    private final Map<Direction, Map<MessageKind, HookFunction>> functions = new EnumMap<>(Direction.class);
    private long timeoutMs = -1;
    private Verdict onFailure;
    private Runnable onUnregister = () -> {};

    /** {@code name}, of 1 to 255 bytes, is what it is known by. */
    public Extension(String name) {
        this.name = name;
    }

    /** What it is known by. */
    public String name() {
        return name;
    }

    /** Who is asked about texts and bytes of this direction. */
    public Extension on(Direction direction, HookFunction function) {
        return on(direction, MessageKind.UTF8, function).on(direction, MessageKind.BINARY, function);
    }

    /** Who is asked about messages of this direction and kind; those of others pass. */
    public Extension on(Direction direction, MessageKind kind, HookFunction function) {
        functions.computeIfAbsent(direction, each -> new EnumMap<>(MessageKind.class)).put(kind, function);
        return this;
    }

    /** How long a ticket may be out, in milliseconds. Default 5000, 1 at least. */
    public Extension timeoutMs(long ms) {
        Options.checkRange("timeoutMs", ms, 1, 0xFFFFFFFFL);
        timeoutMs = ms;
        return this;
    }

    /** What becomes of a message whose function has failed. Default STOP; PASS is for what only looks. */
    public Extension onFailure(Verdict verdict) {
        onFailure = verdict;
        return this;
    }

    /** Called when it has been removed, or what it was added to has ended, and no message is in its hands any more; on any thread. */
    public Extension onUnregister(Runnable function) {
        onUnregister = function;
        return this;
    }

    // ---- for the package

    /** The library's extension whose tickets come out of this queue; the caller frees it. */
    long make(long queue) {
        long[] out = new long[1];
        long number = Kept.keep(this);
        int status = Abi.cryo_extension_new(Text.of(name), number, Kept.FINALIZER, out);
        if (status != Status.OK) {
            Kept.drop(number);
            CryoException.check(status);
        }
        try {
            functions.forEach((direction, kinds) -> kinds.forEach((kind, function) -> CryoException.check(
                    Abi.cryo_extension_set_queue(out[0], direction.value(), kind.value(), queue))));
            if (timeoutMs > 0) {
                CryoException.check(Abi.cryo_extension_set_timeout_ms(out[0], (int) timeoutMs));
            }
            if (onFailure != null) {
                CryoException.check(Abi.cryo_extension_set_on_failure(out[0], onFailure.value()));
            }
            CryoException.check(Abi.cryo_extension_on_unregister(out[0], REMOVED));
            return out[0];
        } catch (RuntimeException error) {
            Abi.cryo_extension_free(out[0]);
            throw error;
        }
    }

    void decide(Hook hook) throws Exception {
        Map<MessageKind, HookFunction> kinds = functions.get(hook.direction());
        HookFunction function = kinds == null ? null : kinds.get(hook.message().kind());
        if (function == null) {
            hook.pass();
        } else {
            function.decide(hook);
        }
    }

    private void removed() {
        try {
            onUnregister.run();
        } catch (RuntimeException error) {
            error.printStackTrace();
        }
    }
}
