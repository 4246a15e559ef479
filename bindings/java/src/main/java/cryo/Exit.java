package cryo;

import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The end of the program: what runs still is closed, and no thread of ours is in the library any more. */
final class Exit {
    private static final long PATIENCE_MS = 10_000;
    private static final Set<Endpoint> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Exit::run, "cryo-exit"));
    }

    private Exit() {}

    /** Throws IllegalStateException when the program ends already. */
    static void add(Endpoint endpoint) {
        RUNNING.add(endpoint);
    }

    static void remove(Endpoint endpoint) {
        RUNNING.remove(endpoint);
    }

    private static void run() {
        for (Endpoint each : new ArrayList<>(RUNNING)) {
            each.stop();
        }
        for (Endpoint each : new ArrayList<>(RUNNING)) {
            each.closeAtExit(PATIENCE_MS);
        }
        Log.atExit();
    }
}
