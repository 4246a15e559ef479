package cryo;

import com.sun.jna.Callback;
import com.sun.jna.Pointer;
import java.util.function.BiConsumer;

/** Where the library's log goes, for the whole process. */
final class Log {
    /** A cryo_log_fn. */
    interface Function extends Callback {
        void invoke(int level, Pointer message, long user);
    }

    private static volatile BiConsumer<LogLevel, String> to;
    private static final Function FUNCTION = (level, message, user) -> {
        BiConsumer<LogLevel, String> function = to;
        if (function != null) {
            try {
                function.accept(LogLevel.of(level), message.getString(0, "UTF-8"));
            } catch (RuntimeException error) {
                error.printStackTrace();
            }
        }
    };

    static {
        Kept.prepare(FUNCTION);
    }

    private Log() {}

    static synchronized void set(LogLevel level, BiConsumer<LogLevel, String> function) {
        if (function != null) {
            to = function;
        }
        CryoException.check(Abi.cryo_set_log(level.value(), function == null ? null : FUNCTION, 0, null));
        to = function;
    }

    /** Java ends: no thread of the library's may come here any more. */
    static synchronized void atExit() {
        if (to != null) {
            Abi.cryo_set_log(LogLevel.WARNING.value(), null, 0, null);
            to = null;
        }
    }
}
