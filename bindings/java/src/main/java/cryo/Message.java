package cryo;

import java.nio.charset.StandardCharsets;

/** A message: text, or bytes. */
public final class Message {
    private final boolean isText;
    private final byte[] data;
    private final long id;

    Message(boolean isText, byte[] data, long id) {
        this.isText = isText;
        this.data = data;
        this.id = id;
    }

    /** A text of your own. */
    public static Message of(String text) {
        return new Message(true, text.getBytes(StandardCharsets.UTF_8), 0);
    }

    /** Bytes of your own, which are not copied. */
    public static Message of(byte[] data) {
        return new Message(false, data, 0);
    }

    /** Whether it is text; else it is bytes. */
    public boolean isText() {
        return isText;
    }

    /** UTF8 or BINARY. */
    public MessageKind kind() {
        return isText ? MessageKind.UTF8 : MessageKind.BINARY;
    }

    /** Its text; of bytes, what they are as UTF-8, with U+FFFD for what is none. */
    public String text() {
        return new String(data, StandardCharsets.UTF_8);
    }

    /** Its bytes, UTF-8 for text. Not copied: leave them as they are. */
    public byte[] data() {
        return data;
    }

    /** With the server's option manualAck, what {@link Session#ack} wants; else 0. */
    public long id() {
        return id;
    }

    @Override
    public String toString() {
        return isText ? text() : data.length + " bytes";
    }
}
