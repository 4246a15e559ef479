package cryo;

/** A question of the library's, which is answered once, by any thread. */
abstract class Ticket {
    final long handle;
    private volatile boolean answered;

    Ticket(long handle) {
        this.handle = handle;
    }

    /** Whether it was answered by this object. It may be over all the same, as by its time-out. */
    public final boolean isAnswered() {
        return answered;
    }

    /** What an answer came to: true if it was the first one and came in time. Other failures are thrown. */
    final boolean settled(int status) {
        if (status == Status.STATE || status == Status.HANDLE) {
            answered = true;
            return false;
        }
        CryoException.check(status);
        answered = true;
        return true;
    }
}
