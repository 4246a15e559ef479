package cryo;

import com.sun.jna.Callback;
import com.sun.jna.CallbackThreadInitializer;
import com.sun.jna.Native;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Objects that the library keeps for us, by number, until it says that it needs them no longer. */
final class Kept {
    /** A cryo_finalizer. */
    interface Finalizer extends Callback {
        void invoke(long user);
    }

    private static final Map<Long, Object> OBJECTS = new ConcurrentHashMap<>();
    private static final AtomicLong LAST = new AtomicLong();

    static final Finalizer FINALIZER = OBJECTS::remove;

    static {
        prepare(FINALIZER);
    }

    private Kept() {}

    /** The library's threads that call back stay known to Java, and hold no end of the program up. */
    static void prepare(Callback callback) {
        Native.setCallbackThreadInitializer(callback, new CallbackThreadInitializer(true, false, "cryo-callback"));
    }

    static long keep(Object object) {
        long number = LAST.incrementAndGet();
        OBJECTS.put(number, object);
        return number;
    }

    static Object get(long number) {
        return OBJECTS.get(number);
    }

    static void drop(long number) {
        OBJECTS.remove(number);
    }
}
