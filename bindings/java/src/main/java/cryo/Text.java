package cryo;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/** Text and ids, as the library takes and gives them. */
final class Text {
    /** A function that writes a text to a buffer. */
    @FunctionalInterface
    interface Reader {
        int read(byte[] out, long capacity, long[] length);
    }

    private Text() {}

    /** UTF-8 with a NUL behind it; null for null. */
    static byte[] of(String text) {
        if (text == null) {
            return null;
        }
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a text for the library must have no NUL in it");
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    /** A text that may have anything in it, as the reason of an error: cut at a NUL. */
    static byte[] cut(String text) {
        int end = text == null ? -1 : text.indexOf('\0');
        return of(end < 0 ? text : text.substring(0, end));
    }

    /** Static text, or one that lives until the next call. */
    static String at(long address) {
        return address == 0 ? "" : new Pointer(address).getString(0, "UTF-8");
    }

    static String read(Reader reader) {
        long[] length = new long[1];
        byte[] out = new byte[256];
        int status = reader.read(out, out.length, length);
        while (status == Status.BUFFER) { // again if it grew meanwhile
            out = new byte[(int) length[0] + 1];
            status = reader.read(out, out.length, length);
        }
        CryoException.check(status);
        return new String(out, 0, (int) length[0], StandardCharsets.UTF_8);
    }

    /** The same; null where there is no such thing. */
    static String find(Reader reader) {
        try {
            return read(reader);
        } catch (CryoException error) {
            if (error.status() == Status.NOT_FOUND) {
                return null;
            }
            throw error;
        }
    }

    static byte[] bytesOf(UUID id) {
        if (id == null) {
            return null;
        }
        return ByteBuffer.allocate(16).putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits()).array();
    }

    static UUID idOf(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(), buffer.getLong());
    }
}
