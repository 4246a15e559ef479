package cryo;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What servers and clients have in common: a queue of events and a thread of its own that takes them. It runs from its start until
 * it has closed, also when you keep no reference to it; what still runs when the program ends is closed then.
 */
public abstract class Endpoint implements AutoCloseable {
    private static final int SLICE_MS = 200;
    private static final int MOST_EVENTS = 256;

    final SessionTable sessions = new SessionTable();
    private final List<Extension> added = new CopyOnWriteArrayList<>();
    private final Map<String, Extension> extensions = new ConcurrentHashMap<>();
    private final Dispatcher dispatcher;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean started;
    private volatile long handle;
    private volatile long queue;
    private volatile Thread thread;
    private int capacityEvents;
    private long capacityBytes;

    Endpoint(Listener listener) {
        dispatcher = new Dispatcher(this, listener, sessions, extensions);
    }

    // ---- for the kinds of endpoint

    /** Makes the library's object, whose events go to {@code events}. */
    abstract long make(long events);

    abstract void begin(long made);

    abstract int waitFor(long made, int timeoutMs);

    abstract void free(long made);

    abstract int addTo(long made, long extension);

    abstract int removeFrom(long made, String name);

    abstract int findIn(long made, String name, long[] out);

    /** Begins to close it. */
    abstract void stop();

    abstract void validate(Auth auth) throws Exception;

    abstract void provide(TokenRequest request) throws Exception;

    /** The session had its last event. */
    void forget(Session session) {}

    // ---- running

    /**
     * How many events, and how many bytes of messages, may wait for the handlers; beyond, sessions are not read from. By default
     * 16384 and 64 MiB; both at least 1. Before the start.
     */
    public void setQueueCapacity(int events, long bytes) {
        Options.checkRange("events", events, 1, Integer.MAX_VALUE);
        Options.checkRange("bytes", bytes, 1, Long.MAX_VALUE);
        capacityEvents = events;
        capacityBytes = bytes;
    }

    final synchronized void startUp() {
        if (started) {
            throw CryoException.of(Status.STATE, "it was started before");
        }
        long[] out = new long[1];
        CryoException.check(Abi.cryo_queue_new(out));
        long newQueue = out[0];
        long made = 0;
        try {
            if (capacityEvents > 0) {
                CryoException.check(Abi.cryo_queue_set_capacity(newQueue, capacityEvents, capacityBytes));
            }
            made = makeWithEvents(newQueue);
            for (Extension extension : added) {
                addTo(made, newQueue, extension);
            }
            begin(made);
        } catch (RuntimeException error) {
            free(made);
            Abi.cryo_queue_free(newQueue);
            sessions.clear();
            throw error;
        }
        started = true;
        queue = newQueue;
        handle = made;
        thread = new Thread(this::pull, "cryo-events");
        thread.setDaemon(true);
        Exit.add(this);
        thread.start();
    }

    private long makeWithEvents(long newQueue) {
        long[] out = new long[1];
        CryoException.check(Abi.cryo_events_new(0, null, out));
        try {
            CryoException.check(Abi.cryo_events_use_queue(out[0], newQueue));
            return make(out[0]);
        } finally {
            Abi.cryo_events_free(out[0]);
        }
    }

    /** Waits until it has closed and the last handler has returned. Not in a handler: CryoException.State. */
    public void await() throws InterruptedException {
        await(Long.MAX_VALUE, TimeUnit.MILLISECONDS);
    }

    /** The same for so long at most; false: it has not closed yet. */
    public boolean await(long timeout, TimeUnit unit) throws InterruptedException {
        if (Thread.currentThread() == thread) {
            throw CryoException.of(Status.STATE, "a handler cannot wait for the end of what has called it");
        }
        if (!started) {
            throw CryoException.of(Status.STATE, "it was not started");
        }
        try {
            ended.get(timeout, unit);
            return true;
        } catch (TimeoutException error) {
            return false;
        } catch (ExecutionException error) {
            throw new IllegalStateException(error.getCause());
        }
    }

    /** Completed when it has closed and the last handler has returned. */
    public CompletableFuture<Void> closed() {
        return ended.copy();
    }

    /**
     * Closes and waits for it: no handler runs any more when it returns. In a handler it only begins to. What was not started, or has
     * closed, stays as it is.
     */
    @Override
    public void close() {
        if (!started) {
            return;
        }
        stop();
        if (Thread.currentThread() == thread) {
            return;
        }
        awaitEnd();
    }

    private void awaitEnd() {
        while (!ended.isDone() && waitFor(handle, SLICE_MS) == Status.TIMEOUT) {
            continue;
        }
        wake(); // so that its thread need not wait for its slice to be over
        boolean interrupted = false;
        while (!ended.isDone()) {
            try {
                thread.join();
            } catch (InterruptedException error) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The program ends: closes it, and waits for a while. */
    final void closeAtExit(long patienceMs) {
        stop();
        wake();
        for (StackTraceElement each : thread.getStackTrace()) {
            if (each.getClassName().equals("java.lang.Runtime") && each.getMethodName().equals("exit")) {
                return; // a handler ends the program, and waits for us
            }
        }
        try {
            thread.join(patienceMs);
        } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
        }
    }

    private void wake() {
        Abi.cryo_queue_wake(queue);
    }

    final long handle() {
        return handle;
    }

    final boolean isStarted() {
        return started;
    }

    /** For what needs it to run. */
    final long running() {
        long made = handle;
        if (made == 0) {
            throw CryoException.of(started ? Status.CLOSED : Status.STATE, started ? "it has closed" : "it was not started");
        }
        return made;
    }

    // ---- extensions

    /** Adds an extension behind those that are there, at any time. CryoException with Status.EXISTS: one of that name is there. */
    public void addExtension(Extension extension) {
        synchronized (this) {
            if (!started) {
                added.add(extension);
                return;
            }
        }
        addTo(running(), queue, extension);
    }

    /** Messages that come to it from now on pass by; tickets that are out still count. Status.NOT_FOUND: there is none. */
    public void removeExtension(String name) {
        synchronized (this) {
            if (!started && added.removeIf(each -> each.name().equals(name))) {
                return;
            }
        }
        CryoException.check(removeFrom(running(), name)); // its tickets may come still: it stays in the table
    }

    /** The extension of that name; null: none. */
    public Extension findExtension(String name) {
        if (!started) {
            return added.stream().filter(each -> each.name().equals(name)).findFirst().orElse(null);
        }
        long[] out = new long[1];
        int status = findIn(running(), name, out);
        if (status == Status.NOT_FOUND) {
            return null;
        }
        CryoException.check(status);
        Abi.cryo_extension_free(out[0]);
        return extensions.get(name);
    }

    private void addTo(long made, long itsQueue, Extension extension) {
        long itsHandle = extension.make(itsQueue);
        Extension before = null;
        try {
            before = extensions.put(extension.name(), extension); // its first ticket may come inside of the next call
            CryoException.check(addTo(made, itsHandle));
        } catch (RuntimeException error) {
            if (before != null) {
                extensions.put(extension.name(), before);
            } else {
                extensions.remove(extension.name());
            }
            throw error;
        } finally {
            Abi.cryo_extension_free(itsHandle);
        }
    }

    final void report(Throwable error, String where) {
        dispatcher.report(error, where);
    }

    // ---- the thread

    private void pull() {
        long[] batch = new long[1];
        long[] length = new long[1];
        boolean over = false;
        try {
            while (true) {
                int status = Abi.cryo_queue_next_many(queue, over ? 0 : SLICE_MS, MOST_EVENTS, batch, length);
                if (status == Status.OK) {
                    BatchReader events = new BatchReader(batch[0], length[0]);
                    while (events.next()) {
                        dispatcher.dispatch(events);
                    }
                } else if (over && status == Status.TIMEOUT) {
                    return;
                } else {
                    // Once it has ended, all of its events are in the queue.
                    over = over || waitFor(handle, 0) != Status.TIMEOUT;
                }
            }
        } finally {
            long made = handle;
            handle = 0;
            free(made);
            Abi.cryo_queue_free(queue);
            sessions.clear();
            Exit.remove(this);
            ended.complete(null);
        }
    }
}
