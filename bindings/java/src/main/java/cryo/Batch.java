package cryo;

/** Where the fields of a batch of events are. Written by bindings/api/update.py; do not edit. */
final class Batch {
    static final int BATCH_VERSION = 1;
    static final int BATCH_COUNT = 4;
    static final int BATCH_BYTES = 8;
    static final int BATCH_FIRST = 16;
    static final int BATCH_RECORD_SIZE = 20;
    /** Of the head. */
    static final int BATCH_SIZE = 24;
    static final int RECORD_KIND = 8;
    static final int RECORD_MESSAGE_KIND = 12;
    static final int RECORD_SESSION = 16;
    static final int RECORD_TICKET = 24;
    static final int RECORD_DATA_LENGTH = 32;
    static final int RECORD_DATA = 40;
    static final int RECORD_TEXT = 44;
    static final int RECORD_TEXT_LENGTH = 48;
    static final int RECORD_CODE = 52;
    static final int RECORD_HTTP_STATUS = 56;
    static final int RECORD_RECEIPT = 64;
    static final int RECORD_MESSAGE_ID = 72;
    static final int RECORD_VALUE = 80;
    static final int RECORD_SIZE = 88;

    private Batch() {}
}
