package cryo;

/** What became of one message that was sent with a receipt. */
public final class Receipt {
    private final Outcome outcome;
    private final double rtt;
    private final String by;

    Receipt(Outcome outcome, double rtt, String by) {
        this.outcome = outcome;
        this.rtt = rtt;
        this.by = by;
    }

    /** How it ended. */
    public Outcome outcome() {
        return outcome;
    }

    /** Whether the peer has acknowledged it. */
    public boolean arrived() {
        return outcome == Outcome.ACKNOWLEDGED;
    }

    /** Milliseconds from leaving to acknowledgement; -1 unless it was acknowledged. */
    public double rtt() {
        return rtt;
    }

    /** The extension that stopped it, or the rule that dropped it ("oldest", "refused", "replaced", "total"); else "". */
    public String by() {
        return by;
    }

    @Override
    public String toString() {
        return by.isEmpty() ? outcome.toString() : outcome + " by " + by;
    }
}
