package cryo;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Takes the events of a server or client to its listener, its validator, its token provider and its extensions. */
final class Dispatcher {
    private static final String[] HANDLERS = { // by EventKind; tickets are told by those who ask
        "", "onListening", "", "onSession", "onMessage", "onClosed", "onStat", "onDisconnected", "onReconnected", "onAttemptFailed",
        "onLost", "onDropped", "onWritable", "onReceipt", "", ""
    };

    private final Endpoint endpoint;
    private final Listener listener;
    private final SessionTable sessions;
    private final Map<String, Extension> extensions;

    Dispatcher(Endpoint endpoint, Listener listener, SessionTable sessions, Map<String, Extension> extensions) {
        this.endpoint = endpoint;
        this.listener = listener;
        this.sessions = sessions;
        this.extensions = extensions;
    }

    /** Tells one event, and carries out what follows from it. */
    void dispatch(BatchReader event) {
        int kind = event.kind();
        Session session = event.session() == 0 ? null : sessions.lent(event.session());
        try {
            switch (kind) {
                case EventKind.AUTH:
                    ask(new Auth(event.ticket(), new String(event.data(), StandardCharsets.UTF_8)));
                    break;
                case EventKind.TOKEN:
                    ask(new TokenRequest(event.ticket(), session));
                    break;
                case EventKind.HOOK:
                    ask(new Hook(event.ticket(), session, Direction.of(event.code()), event.message()), event.text());
                    break;
                case EventKind.RECEIPT:
                    tellReceipt(session, event);
                    break;
                default:
                    tell(kind, session, event);
            }
        } catch (CryoException.Closed gone) {
            // The peer has left while its event waited: the closed event tells.
        } catch (Throwable error) { // whatever a handler does, the thread goes on
            report(error, HANDLERS[kind]);
        } finally {
            if (kind == EventKind.CLOSED) {
                endpoint.forget(session);
                sessions.ended(session);
            }
        }
    }

    private void tell(int kind, Session session, BatchReader event) throws Exception {
        switch (kind) {
            case EventKind.LISTENING:
                listener.onListening(event.text(), event.code());
                break;
            case EventKind.SESSION:
                listener.onSession(session);
                break;
            case EventKind.MESSAGE:
                listener.onMessage(session, event.message());
                break;
            case EventKind.CLOSED:
                listener.onClosed(session, event.code(), event.text());
                break;
            case EventKind.STAT:
                listener.onStat(session, Stat.of(event.code()), event.value());
                break;
            case EventKind.DISCONNECTED:
                listener.onDisconnected(session, event.code(), event.text());
                break;
            case EventKind.RECONNECTED:
                listener.onReconnected(session);
                break;
            case EventKind.ATTEMPT_FAILED:
                listener.onAttemptFailed(
                        session, new AttemptFailure(event.code(), event.httpStatus(), event.text(), (long) event.value()));
                break;
            case EventKind.LOST:
                listener.onLost(session, event.message());
                break;
            case EventKind.DROPPED:
                listener.onDropped(session, DropReason.of(event.code()), event.message());
                break;
            case EventKind.WRITABLE:
                listener.onWritable(session);
                break;
            default: // one of a newer library
        }
    }

    private void tellReceipt(Session session, BatchReader event) throws Exception {
        Receipt receipt = new Receipt(Outcome.of(event.code()), event.value(), event.text());
        if (event.receipt() > 0) {
            listener.onReceipt(session, event.receipt(), receipt);
            return;
        }
        CompletableFuture<Receipt> future = session.receipts().take(event.receipt());
        if (future != null) {
            future.complete(receipt);
        }
    }

    private void ask(Auth auth) {
        try {
            endpoint.validate(auth);
        } catch (Throwable error) {
            auth.reject();
            report(error, "the validator");
        }
    }

    private void ask(TokenRequest request) {
        try {
            endpoint.provide(request);
        } catch (Throwable error) {
            request.fail(error.toString());
            report(error, "the token provider");
        }
    }

    private void ask(Hook hook, String name) {
        Extension extension = extensions.get(name);
        try {
            if (extension == null) {
                hook.fail("there is no extension of that name");
            } else {
                extension.decide(hook);
            }
        } catch (Throwable error) {
            hook.fail(error.toString());
            report(error, "a function of the extension " + name);
        }
    }

    void report(Throwable error, String where) {
        try {
            listener.onError(error, where);
        } catch (Throwable worse) {
            worse.printStackTrace();
        }
    }
}
