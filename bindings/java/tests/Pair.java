import cryo.Client;
import cryo.ClientOptions;
import cryo.DropReason;
import cryo.Listener;
import cryo.Message;
import cryo.Receipt;
import cryo.Server;
import cryo.ServerOptions;
import cryo.Session;
import cryo.TokenProvider;
import cryo.Validator;

/** A server and a client of it, and what each of them is told. */
final class Pair implements AutoCloseable {
    /** Collects what is told. */
    static class Told implements Listener {
        final Check.Seen<Session> sessions = new Check.Seen<>();
        final Check.Seen<String> messages = new Check.Seen<>();
        final Check.Seen<String> closed = new Check.Seen<>();
        final Check.Seen<String> errors = new Check.Seen<>();
        final Check.Seen<String> failures = new Check.Seen<>();
        final Check.Seen<String> receipts = new Check.Seen<>();
        final Check.Seen<String> dropped = new Check.Seen<>();

        @Override
        public void onSession(Session session) throws Exception {
            sessions.put(session);
        }

        @Override
        public void onMessage(Session session, Message message) throws Exception {
            messages.put(message.toString());
        }

        @Override
        public void onClosed(Session session, int code, String reason) {
            closed.put(code + " " + reason);
        }

        @Override
        public void onAttemptFailed(Session session, cryo.AttemptFailure failure) {
            failures.put(cryo.Cryo.statusName(failure.status()) + " " + failure.httpStatus());
        }

        @Override
        public void onReceipt(Session session, long number, Receipt receipt) {
            receipts.put(number + " " + receipt);
        }

        @Override
        public void onDropped(Session session, DropReason reason, Message message) {
            dropped.put(reason + " " + message);
        }

        @Override
        public void onError(Throwable error, String where) {
            errors.put(where + ": " + error.getMessage());
        }
    }

    final Server server;
    final Told told;
    final Told clientTold = new Told();
    Client client;

    Pair(ServerOptions options, Validator validator, Told told) {
        this.told = told;
        server = new Server(options.port(0), validator, told).start();
    }

    Pair() {
        this(new ServerOptions(), Validator.ofToken("good"::equals), new Told());
    }

    ClientOptions clientOptions() {
        return new ClientOptions().url("ws://127.0.0.1:" + server.port()).reconnectAttempts(0);
    }

    Session connect() throws InterruptedException {
        return connect(clientOptions().token("good"), null);
    }

    /** The server's session, once both sides have theirs. */
    Session connect(ClientOptions options, TokenProvider provider) throws InterruptedException {
        client = new Client(options, provider, clientTold).start();
        clientTold.sessions.next();
        return told.sessions.next();
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
        server.close();
    }
}
