import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What the tests have in common: a list of them, and waiting for what is awaited. */
final class Check {
    static final long PATIENCE_S = 30;

    private static int failures;

    private Check() {}

    /** A test, which fails by what it throws. */
    @FunctionalInterface
    interface Body {
        void run() throws Exception;
    }

    static void test(String name, Body body) {
        String only = System.getProperty("only", "");
        if (!name.contains(only)) {
            return;
        }
        try {
            body.run();
            System.out.println(name + ": ok");
        } catch (Throwable error) {
            failures++;
            System.out.println(name + ": FAILED");
            error.printStackTrace(System.out);
        }
    }

    static int failures() {
        return failures;
    }

    static void equal(Object wanted, Object got) {
        if (wanted == null ? got != null : !wanted.equals(got)) {
            throw new AssertionError("wanted " + wanted + ", got " + got);
        }
    }

    static void that(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("not so: " + what);
        }
    }

    static <T extends Throwable> T throwing(Class<T> kind, Callable<?> body) {
        try {
            body.call();
        } catch (Throwable error) {
            if (kind.isInstance(error)) {
                return kind.cast(error);
            }
            throw new AssertionError("wanted " + kind + ", got " + error, error);
        }
        throw new AssertionError("nothing was thrown, wanted " + kind);
    }

    /** What is put there by other threads. */
    static final class Seen<T> {
        private final BlockingQueue<T> items = new LinkedBlockingQueue<>();

        void put(T item) {
            items.add(item);
        }

        T next() throws InterruptedException {
            T item = items.poll(PATIENCE_S, TimeUnit.SECONDS);
            if (item == null) {
                throw new AssertionError("it never came");
            }
            return item;
        }

        boolean isEmpty() {
            return items.isEmpty();
        }
    }
}
