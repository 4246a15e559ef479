import cryo.AttemptFailure;
import cryo.DropReason;
import cryo.Listener;
import cryo.Message;
import cryo.Receipt;
import cryo.Session;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Tells the events of a server or a client. */
final class Teller implements Listener {
    final Set<String> throwing = ConcurrentHashMap.newKeySet();
    private final String owner;
    private final boolean isServer;
    private final boolean echo;
    private final AtomicInteger lastSession = new AtomicInteger();

    Teller(String owner, boolean isServer, boolean echo) {
        this.owner = owner;
        this.isServer = isServer;
        this.echo = echo;
    }

    @Override
    public void onListening(String host, int port) {
        tell("listening", owner, "port", (long) port);
    }

    @Override
    public void onSession(Session session) {
        if (!isServer) {
            tell("session", owner);
            return;
        }
        String name = owner + "." + lastSession.incrementAndGet();
        session.put("name", name);
        Driver.OBJECTS.put(name, session);
        tell("session", owner, "session", name);
    }

    @Override
    public void onMessage(Session session, Message message) {
        if (echo) {
            session.send(message);
        }
        if (message.id() != 0) {
            tell("message", name(session), Driver.shown(message, "message", Driver.unsigned(message.id())));
        } else {
            tell("message", name(session), Driver.shown(message));
        }
    }

    @Override
    public void onClosed(Session session, int code, String reason) {
        tell("closed", name(session), "code", (long) code, "reason", reason);
    }

    @Override
    public void onDisconnected(Session session, int code, String reason) {
        tell("disconnected", name(session), "code", (long) code, "reason", reason);
    }

    @Override
    public void onReconnected(Session session) {
        tell("reconnected", name(session));
    }

    @Override
    public void onAttemptFailed(Session session, AttemptFailure failure) {
        tell("attempt_failed", owner, "status", cryo.Cryo.statusName(failure.status()), "http_status",
                (long) failure.httpStatus(), "retry_ms", failure.retryMs());
    }

    @Override
    public void onLost(Session session, Message message) {
        tell("lost", name(session), Driver.shown(message));
    }

    @Override
    public void onDropped(Session session, DropReason reason, Message message) {
        tell("dropped", name(session), Driver.shown(message, "reason", reason.toString().toLowerCase()));
    }

    @Override
    public void onWritable(Session session) {
        tell("writable", name(session));
    }

    @Override
    public void onReceipt(Session session, long number, Receipt receipt) {
        tell("receipt", name(session), "receipt", number, "outcome", receipt.outcome().toString().toLowerCase(), "by", receipt.by());
    }

    @Override
    public void onError(Throwable error, String where) {
        Driver.tell("failure", owner, "text", where + ": " + error);
    }

    String name(Session session) {
        return isServer ? (String) session.get("name") : owner;
    }

    private void tell(String event, String on, Object... fields) {
        Driver.tell(event, on, fields);
        if (throwing.contains(event)) {
            throw new IllegalStateException("thrown in " + event);
        }
    }
}
