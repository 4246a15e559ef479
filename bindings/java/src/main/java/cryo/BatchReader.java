package cryo;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Reads a batch of events in the library's memory; it stands at one event at a time. What it gives is copied. */
final class BatchReader {
    private final ByteBuffer batch;
    private int left;
    private int at;
    private int next;

    BatchReader(long address, long length) {
        batch = new Pointer(address).getByteBuffer(0, length).order(ByteOrder.nativeOrder());
        if (batch.getInt(0) != Batch.BATCH_VERSION) {
            throw new IllegalStateException("cryo: the library's batches have another layout than this package knows");
        }
        left = batch.getInt(Batch.BATCH_COUNT);
        next = batch.getInt(Batch.BATCH_FIRST);
    }

    /** Steps to the next event; false: there is none. */
    boolean next() {
        if (left-- == 0) {
            return false;
        }
        at = next;
        next += (int) batch.getLong(at);
        return true;
    }

    int kind() {
        return batch.getInt(at + Batch.RECORD_KIND);
    }

    long session() {
        return batch.getLong(at + Batch.RECORD_SESSION);
    }

    long ticket() {
        return batch.getLong(at + Batch.RECORD_TICKET);
    }

    int code() {
        return batch.getInt(at + Batch.RECORD_CODE);
    }

    int httpStatus() {
        return batch.getInt(at + Batch.RECORD_HTTP_STATUS);
    }

    long receipt() {
        return batch.getLong(at + Batch.RECORD_RECEIPT);
    }

    double value() {
        return batch.getDouble(at + Batch.RECORD_VALUE);
    }

    String text() {
        int where = batch.getInt(at + Batch.RECORD_TEXT);
        return where == 0 ? "" : new String(copy(where, batch.getInt(at + Batch.RECORD_TEXT_LENGTH)), StandardCharsets.UTF_8);
    }

    byte[] data() {
        return copy(batch.getInt(at + Batch.RECORD_DATA), (int) batch.getLong(at + Batch.RECORD_DATA_LENGTH));
    }

    Message message() {
        boolean isText = batch.getInt(at + Batch.RECORD_MESSAGE_KIND) == MessageKind.UTF8.value();
        return new Message(isText, data(), batch.getLong(at + Batch.RECORD_MESSAGE_ID));
    }

    private byte[] copy(int offset, int length) {
        byte[] out = new byte[length];
        batch.get(at + offset, out);
        return out;
    }
}
