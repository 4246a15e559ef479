package cryo;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The receipts that a session owes to futures. Their numbers are negative; the application's own are positive. */
final class Receipts {
    private static final AtomicLong LAST = new AtomicLong();

    private final Map<Long, CompletableFuture<Receipt>> futures = new ConcurrentHashMap<>();

    long add(CompletableFuture<Receipt> future) {
        long number = LAST.decrementAndGet();
        futures.put(number, future);
        return number;
    }

    CompletableFuture<Receipt> take(long number) {
        return futures.remove(number);
    }

    /** The library tells each receipt before the closed event; this is for one whose events were given up. */
    void closed() {
        for (Long number : futures.keySet()) {
            CompletableFuture<Receipt> future = futures.remove(number);
            if (future != null) {
                future.complete(new Receipt(Outcome.CLOSED, -1, ""));
            }
        }
    }
}
