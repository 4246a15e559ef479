package cryo;

import java.nio.charset.StandardCharsets;

/**
 * Shall this message pass? Answer with {@link #pass}, {@link #replace}, {@link #stop} or {@link #fail}, now or later, from any thread;
 * until then the later messages of its session and direction wait. One that is left alone has failed after the extension's time-out.
 * The methods return false where the answer came too late.
 */
public final class Hook extends Ticket {
    private final Session session;
    private final Direction direction;
    private final Message message;

    Hook(long handle, Session session, Direction direction, Message message) {
        super(handle);
        this.session = session;
        this.direction = direction;
        this.message = message;
    }

    /** Whose message it is. */
    public Session session() {
        return session;
    }

    /** Which way it goes. */
    public Direction direction() {
        return direction;
    }

    /** The message, as it came to this extension. */
    public Message message() {
        return message;
    }

    /** Lets the message go on as it is. */
    public boolean pass() {
        return settled(Abi.cryo_hook_pass(handle));
    }

    /** Lets it go on with another text. It must be text already; what was bytes stays bytes. */
    public boolean replace(String text) {
        return replace(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Lets it go on with other bytes, of the same kind: for a text they are UTF-8. */
    public boolean replace(byte[] data) {
        return settled(Abi.cryo_hook_replace(handle, data, data.length));
    }

    /** Ends its way. */
    public boolean stop() {
        return settled(Abi.cryo_hook_stop(handle));
    }

    /** The hook could not do its work, for a reason (null: none) that is logged. */
    public boolean fail(String reason) {
        return settled(Abi.cryo_hook_fail(handle, Text.cut(reason)));
    }
}
