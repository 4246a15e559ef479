package cryo;

import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The sessions of one server or client: one object for each, from its first event to its last. */
final class SessionTable {
    private final Map<Long, Session> sessions = new ConcurrentHashMap<>();

    /** The object for a handle that the library lends. */
    Session lent(long handle) {
        Session known = sessions.get(handle);
        return known != null ? known : sessions.computeIfAbsent(handle, each -> new Session(Abi.cryo_session_retain(each)));
    }

    /** The object for a handle that was retained for us. */
    Session given(long handle) {
        Session session = lent(handle);
        Abi.cryo_session_release(handle);
        return session;
    }

    /** Its last event has been told. */
    void ended(Session session) {
        if (sessions.remove(session.handle(), session)) {
            session.ended();
        }
    }

    /** There will be no more events. */
    void clear() {
        for (Session session : new ArrayList<>(sessions.values())) {
            ended(session);
        }
    }
}
