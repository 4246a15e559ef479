package cryo;

import java.util.List;
import java.util.function.BiConsumer;

/** What concerns the library itself, and what belongs to no one server. */
public final class Cryo {
    private Cryo() {}

    /** The version of the library that is loaded, "0.1.0" for example. */
    public static String version() {
        return Text.at(Abi.cryo_version_string());
    }

    /** The number that the library's interface has; it is the one that this package was made for. */
    public static int abiVersion() {
        return Abi.cryo_abi_version();
    }

    /** What the library was built with and runs on, for bug reports. */
    public static String buildInfo() {
        return Text.at(Abi.cryo_build_info());
    }

    /** The name of a {@link Status}, "CRYO_ERR_CLOSED" for example. */
    public static String statusName(int status) {
        return Text.at(Abi.cryo_status_name(status));
    }

    /** How much the library logs on standard error. At the start: LogLevel.WARNING. */
    public static void setLog(LogLevel level) {
        Log.set(level, null);
    }

    /** Where the library's log goes: a function that is called from any thread, one call at a time, and must not call this one. */
    public static void setLog(LogLevel level, BiConsumer<LogLevel, String> function) {
        Log.set(level, function);
    }

    /** Sends one message to many sessions; it is copied once. What each says, in their order: 0, or one of {@link Status}. */
    public static int[] sendAll(List<Session> sessions, Message message) {
        long[] handles = sessions.stream().mapToLong(Session::handle).toArray();
        int[] statuses = new int[handles.length];
        if (handles.length > 0) {
            CryoException.check(Abi.cryo_sessions_send(handles, handles.length, message.kind().value(), message.data(),
                    message.data().length, statuses, null));
        }
        return statuses;
    }
}
