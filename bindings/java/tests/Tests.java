import cryo.Auth;
import cryo.Client;
import cryo.ClientOptions;
import cryo.Cryo;
import cryo.CryoException;
import cryo.Direction;
import cryo.DropPolicy;
import cryo.Extension;
import cryo.Listener;
import cryo.LogLevel;
import cryo.Message;
import cryo.Outcome;
import cryo.Server;
import cryo.ServerOptions;
import cryo.ServerStat;
import cryo.Session;
import cryo.Status;
import cryo.TokenProvider;
import cryo.Transport;
import cryo.Validator;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What is particular to this package; what holds in each language is told by the conformance cases. */
public final class Tests {
    private Tests() {}

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length > 0) {
            leaveInHandler();
        }
        Check.test("the library", Tests::library);
        Check.test("one object for a session", Tests::oneObject);
        Check.test("what the validator gives", Tests::given);
        Check.test("a validator whose stage fails", Tests::stageFails);
        Check.test("receipts as futures", Tests::receipts);
        Check.test("receipts by number, keys", Tests::numbers);
        Check.test("waiting and closing in a handler", Tests::inHandler);
        Check.test("a listener that throws", Tests::throwing);
        Check.test("errors have classes", Tests::errors);
        Check.test("options that cannot be", Tests::options);
        Check.test("each option reaches the library", Tests::eachOption);
        Check.test("extensions come and go", Tests::extensions);
        Check.test("token providers, tokens", Tests::tokens);
        Check.test("peers", Tests::peers);
        Check.test("to many", Tests::many);
        Check.test("acknowledged by hand, paused", Tests::acknowledged);
        Check.test("sessions that expire", Tests::expiry);
        Check.test("figures", Tests::figures);
        Check.test("the log", Tests::log);
        Check.test("TLS is exchanged", Tests::tls);
        Check.test("a start that fails is tried again", Tests::startAgain);
        Check.test("draining with a reason", Tests::drain);
        System.exit(Check.failures() == 0 ? 0 : 1);
    }

    /** Ends the program, with 5, by a handler, which never returns. */
    private static void leaveInHandler() throws InterruptedException {
        Server server = new Server(new ServerOptions().port(0), Auth::accept, new Listener() {
            @Override
            public void onSession(Session session) {
                System.exit(5);
            }
        });
        server.start();
        new Client("ws://127.0.0.1:" + server.port(), "good", new Listener() {}).start();
        server.await();
    }

    private static void library() {
        Check.that(Cryo.version().matches("\\d+\\.\\d+\\.\\d+"), Cryo.version());
        Check.that(Cryo.buildInfo().contains("libuv"), Cryo.buildInfo());
        Check.equal(1, Cryo.abiVersion());
        Check.equal("CRYO_ERR_FULL", Cryo.statusName(Status.FULL));
    }

    private static void oneObject() throws Exception {
        try (Pair pair = new Pair()) {
            Session session = pair.connect();
            Check.that(pair.server.sessions().get(0) == session, "sessions() has the same object");
            Check.that(pair.server.find(session.id()) == session, "find() has the same object");
            Check.equal(null, pair.server.find(UUID.randomUUID()));
            Check.equal(pair.client.session().id(), session.id());
            session.put("key", List.of(1));
            Check.equal(List.of(1), session.get("key"));
            session.put("key", null);
            Check.equal(null, session.get("key"));
            String address = session.remoteAddress();
            Check.that(session.stats().bytesRx() >= 0 && session.isOpen() && !session.isPeer(), "it is open");
            pair.client.close();
            Check.equal("4000 ", pair.told.closed.next());
            pair.server.close(); // what the handler has seen, the table may not have
            Check.equal(address, session.remoteAddress());
            Check.that(!session.isOpen(), "it is closed");
            Check.throwing(CryoException.Closed.class, session::stats);
            session.close();
        }
    }

    private static void given() throws Exception {
        Validator validator = auth -> {
            auth.setClaim("name", "Ada");
            Check.equal("conformance", auth.header("user-agent"));
            Check.equal("b & c", auth.parameter("a"));
            Check.equal(null, auth.parameter("none"));
            Check.equal(null, auth.peerCertificate());
            Check.equal("", auth.proxyAddress());
            Check.equal("/", auth.path());
            Check.that(auth.remoteAddress().startsWith("127.0.0.1:"), auth.remoteAddress());
            Check.that(auth.accept(List.of("user")) && !auth.accept() && auth.isAnswered(), "answered once");
        };
        ServerOptions options = new ServerOptions().addSessionHeader("User-Agent");
        try (Pair pair = new Pair(options, validator, new Pair.Told())) {
            Session session = pair.connect(
                    pair.clientOptions().token("ü").addHeader("User-Agent", "conformance").addParameter("a", "b & c"), null);
            Check.equal(List.of("user"), session.user());
            Check.equal("Ada", session.claim("name"));
            Check.equal("ü", session.token());
            Check.equal("conformance", session.header("user-agent"));
            Check.equal("b & c", session.parameters().get("a"));
            Check.equal("/", session.path());
            Check.equal("", session.proxyAddress());
            Check.equal(null, session.peerCertificate());
            Check.that(pair.told.errors.isEmpty(), "the validator was content");
        }
    }

    private static void stageFails() throws Exception {
        Validator validator =
                Validator.ofTokenAsync(token -> CompletableFuture.failedFuture(new IllegalStateException("no database")));
        try (Pair pair = new Pair(new ServerOptions(), validator, new Pair.Told())) {
            try (Client client = new Client(pair.clientOptions().token("good"), pair.clientTold).start()) {
                Check.equal("CRYO_ERR_HTTP 401", pair.clientTold.failures.next());
                client.await();
            }
            Check.equal("the validator: no database", pair.told.errors.next());
        }
    }

    private static void receipts() throws Exception {
        try (Pair pair = new Pair()) {
            Session session = pair.connect();
            cryo.Receipt receipt = session.sendForReceipt(Message.of("x")).get(Check.PATIENCE_S, TimeUnit.SECONDS);
            Check.that(receipt.arrived() && receipt.rtt() >= 0 && receipt.by().isEmpty(), receipt.toString());
            pair.client.close();
            pair.told.closed.next();
            CompletableFuture<?> late = session.sendForReceipt(Message.of("x"));
            Check.that(late.isCompletedExceptionally(), "it is not taken");
        }
    }

    private static void numbers() throws Exception {
        ServerOptions options = new ServerOptions().dropPolicy(DropPolicy.DEDUPE_LATEST);
        try (Pair pair = new Pair(options, Validator.ofToken("good"::equals), new Pair.Told())) {
            Session session = pair.connect();
            session.send(Message.of("x"), "key", Long.MAX_VALUE);
            Check.equal(Long.MAX_VALUE + " ACKNOWLEDGED", pair.told.receipts.next());
            Check.throwing(IllegalArgumentException.class, () -> {
                session.send(Message.of("x"), null, -1);
                return null;
            });
            session.ping();
        }
    }

    private static void inHandler() throws Exception {
        Check.Seen<String> seen = new Check.Seen<>();
        Server[] server = new Server[1];
        Pair.Told told = new Pair.Told() {
            @Override
            public void onSession(Session session) throws Exception {
                super.onSession(session);
                try {
                    server[0].await();
                } catch (CryoException.State error) {
                    seen.put(error.name());
                }
                server[0].close(); // begins to
            }
        };
        try (Pair pair = new Pair(new ServerOptions(), Validator.ofToken("good"::equals), told)) {
            server[0] = pair.server;
            pair.connect();
            Check.equal("CRYO_ERR_STATE", seen.next());
            Check.equal("4000 Server shutdown.", told.closed.next());
            pair.server.closed().get(Check.PATIENCE_S, TimeUnit.SECONDS);
            Check.throwing(CryoException.Closed.class, () -> pair.server.broadcast("x"));
        }
    }

    private static void throwing() throws Exception {
        Pair.Told told = new Pair.Told() {
            @Override
            public void onMessage(Session session, Message message) throws Exception {
                super.onMessage(session, message);
                throw new Exception("checked");
            }
        };
        try (Pair pair = new Pair(new ServerOptions(), Validator.ofToken("good"::equals), told)) {
            pair.connect();
            pair.client.send("one");
            pair.client.send(new byte[] {0, 1});
            Check.equal("one", told.messages.next());
            Check.equal("2 bytes", told.messages.next());
            Check.equal("onMessage: checked", told.errors.next());
        }
    }

    private static void errors() throws Exception {
        try (Pair pair = new Pair()) {
            CryoException error = Check.throwing(CryoException.State.class, pair.server::start);
            Check.equal(Status.STATE, error.status());
            CryoException taken = Check.throwing(CryoException.class, () -> new Server(
                            new ServerOptions().port(pair.server.port()), Validator.ofToken(token -> true), pair.told)
                    .start());
            Check.equal("CRYO_ERR_ADDRESS_IN_USE", taken.name());
            Check.that(!taken.text().isEmpty() && taken.getMessage().contains(taken.text()), taken.getMessage());
            Session session = pair.connect();
            CryoException code = Check.throwing(CryoException.class, () -> {
                session.close(1005, "");
                return null;
            });
            Check.equal(Status.INVALID, code.status());
        }
    }

    private static void options() {
        Validator anybody = Auth::accept;
        Listener nobody = new Listener() {};
        Check.throwing(IllegalArgumentException.class, () -> new ServerOptions().port(65536));
        Check.throwing(IllegalArgumentException.class, () -> new ServerOptions().threads(0));
        Check.throwing(IllegalArgumentException.class, () -> new ServerOptions().maxReceipts(1L << 32));
        Check.throwing(CryoException.class, () -> new Server(new ServerOptions().keepaliveMs(1), anybody, nobody));
        Check.throwing(IllegalArgumentException.class, () -> new Client("ws://a\0b", "t", nobody));
        Check.throwing(CryoException.class, () -> new Client("http://a", "t", nobody));
        Check.throwing(NullPointerException.class, () -> new Server(new ServerOptions(), null, nobody));
        UUID id = UUID.randomUUID();
        new Client(new ClientOptions().url("ws://a").token("t").sessionId(id).proxy(null), nobody);
    }

    /** Alone, with a value that may be wrong: the library takes it, or says why not. */
    private static void eachOption() throws Exception {
        int taken = 0;
        for (Class<?> kind : List.of(ServerOptions.class, ClientOptions.class)) {
            for (Method method : kind.getDeclaredMethods()) {
                if (!Modifier.isPublic(method.getModifiers())) {
                    continue;
                }
                Object options = kind.getDeclaredConstructor().newInstance();
                if (options instanceof ClientOptions) {
                    ((ClientOptions) options).url("ws://a").token("t");
                }
                Object[] values = Arrays.stream(method.getParameterTypes()).map(Tests::anything).toArray();
                Check.that(method.invoke(options, values) == options, "it can be chained");
                try {
                    if (options instanceof ServerOptions) {
                        new Server((ServerOptions) options, Auth::accept, new Listener() {});
                    } else {
                        new Client((ClientOptions) options, new Listener() {});
                    }
                    taken++;
                } catch (CryoException error) {
                    Check.equal(Status.INVALID, error.status());
                }
            }
        }
        Check.that(taken > 60, "most are taken: " + taken);
    }

    private static Object anything(Class<?> type) {
        if (type.isEnum()) {
            return type.getEnumConstants()[1];
        }
        Map<Class<?>, Object> values = Map.of(boolean.class, true, int.class, 100, long.class, 2000L, String.class, "x", UUID.class,
                UUID.randomUUID(), byte[].class, new byte[] {1, 2, 3});
        return values.get(type);
    }

    private static void extensions() throws Exception {
        Check.Seen<String> gone = new Check.Seen<>();
        Extension shout = new Extension("shout")
                .on(Direction.BEFORE_SEND, hook -> CompletableFuture.runAsync(
                        () -> hook.replace(hook.message().text().toUpperCase())))
                .timeoutMs(30000)
                .onUnregister(() -> gone.put("gone"));
        try (Pair pair = new Pair()) {
            Session session = pair.connect();
            pair.server.addExtension(shout);
            Check.that(pair.server.findExtension("shout") == shout, "it is found");
            CryoException twice = Check.throwing(CryoException.class, () -> {
                pair.server.addExtension(shout);
                return null;
            });
            Check.equal(Status.EXISTS, twice.status());
            session.send("loud");
            Check.equal("LOUD", pair.clientTold.messages.next());
            pair.server.removeExtension("shout");
            Check.equal("gone", gone.next());
            System.gc();
            Check.equal(null, pair.server.findExtension("shout"));
            session.send("quiet");
            Check.equal("quiet", pair.clientTold.messages.next());
        }
    }

    private static void tokens() throws Exception {
        try (Pair pair = new Pair()) {
            TokenProvider later = TokenProvider.ofAsync(() -> CompletableFuture.supplyAsync(() -> "good"));
            pair.connect(pair.clientOptions(), later);
            Check.throwing(CryoException.State.class, () -> {
                pair.client.setToken("x");
                return null;
            });
            pair.client.close();
            TokenProvider none = TokenProvider.ofAsync(() -> CompletableFuture.failedFuture(new Exception("no token")));
            try (Client client = new Client(pair.clientOptions(), none, pair.clientTold).start()) {
                Check.equal("CRYO_ERR_TOKEN 0", pair.clientTold.failures.next());
                client.await();
            }
        }
    }

    private static void peers() throws Exception {
        try (Pair pair = new Pair(); Pair other = new Pair()) {
            Session peer = pair.server.connectPeer(
                    new ClientOptions().url("ws://127.0.0.1:" + other.server.port()), TokenProvider.of(() -> "good"));
            Check.that(pair.told.sessions.next() == peer && peer.isPeer(), "it is the same");
            Session there = other.told.sessions.next();
            peer.send("from server to server");
            Check.equal("from server to server", other.told.messages.next());
            there.send("and back");
            Check.equal("and back", pair.told.messages.next());
            peer.close(4001, "enough");
            Check.equal("4001 enough", other.told.closed.next());
        }
    }

    private static void many() throws Exception {
        try (Pair pair = new Pair(); Pair other = new Pair()) {
            Session here = pair.connect();
            Session there = other.connect();
            Check.equal("[0, 0]", Arrays.toString(Cryo.sendAll(List.of(here, there), Message.of("to two servers"))));
            Check.equal("to two servers", pair.clientTold.messages.next());
            Check.equal("to two servers", other.clientTold.messages.next());
            pair.server.broadcast("to all");
            Check.equal("to all", pair.clientTold.messages.next());
        }
    }

    private static void acknowledged() throws Exception {
        Check.Seen<Message> jobs = new Check.Seen<>();
        Pair.Told told = new Pair.Told() {
            @Override
            public void onMessage(Session session, Message message) {
                jobs.put(message);
            }
        };
        try (Pair pair = new Pair(new ServerOptions().manualAck(true), Validator.ofToken("good"::equals), told)) {
            Session session = pair.connect();
            CompletableFuture<cryo.Receipt> receipt = pair.client.sendForReceipt(Message.of("job"));
            Message job = jobs.next();
            Check.that(!receipt.isDone(), "nobody has acknowledged it");
            Check.that(session.ack(job), "in time");
            Check.equal(Outcome.ACKNOWLEDGED, receipt.get(Check.PATIENCE_S, TimeUnit.SECONDS).outcome());
            session.pauseReading();
            session.resumeReading();
            pair.client.send("next");
            Check.equal("next", jobs.next().text());
        }
    }

    private static void expiry() throws Exception {
        try (Pair pair = new Pair()) {
            Session session = pair.connect();
            session.setExpiry(Long.MAX_VALUE);
            session.setExpiry(1);
            Check.equal("4001 Token expired.", pair.told.closed.next());
        }
    }

    private static void figures() throws Exception {
        try (Pair pair = new Pair()) {
            pair.connect();
            Check.equal(1L, pair.server.sessionCount());
            Check.equal(1.0, pair.server.stat(ServerStat.ACCEPTED_SESSIONS));
            Check.equal(0.0, pair.server.stat(ServerStat.REFUSED, 401));
            Check.that(pair.server.metrics().contains("cryo_"), pair.server.metrics());
            Check.that(pair.server.transport() != Transport.AUTO, "it has one");
        }
    }

    private static void log() throws Exception {
        Check.Seen<String> lines = new Check.Seen<>();
        Cryo.setLog(LogLevel.WARNING, (level, line) -> lines.put(level + " " + line));
        try (Pair pair = new Pair()) {
            pair.connect();
            pair.server.addExtension(new Extension("strict").on(Direction.ON_RECEIVE, hook -> hook.fail("not so")));
            pair.client.send("x");
            String line = lines.next();
            Check.that(line.startsWith("WARNING ") && line.contains("not so"), line);
            System.gc(); // a thread of the library's has been here
        } finally {
            Cryo.setLog(LogLevel.WARNING);
        }
    }

    private static void tls() throws Exception {
        Path folder = Path.of(System.getProperty("certificates"));
        String certificate = folder.resolve("rsa.pem").toString();
        String key = folder.resolve("rsa.key").toString();
        ServerOptions options = new ServerOptions().tlsFiles(certificate, key);
        try (Pair pair = new Pair(options, Validator.ofToken("good"::equals), new Pair.Told())) {
            pair.server.reloadTls();
            pair.server.setTls(new ServerOptions()
                    .tlsMemory(Files.readAllBytes(Path.of(certificate)), Files.readAllBytes(Path.of(key))));
            byte[] keys = new byte[80];
            new SecureRandom().nextBytes(keys);
            pair.server.setTlsTicketKeys(keys);
            pair.server.setTlsTicketKeys(null);
            CryoException wrong = Check.throwing(CryoException.class, () -> {
                pair.server.setTls(new ServerOptions().tlsFiles("none.pem", key));
                return null;
            });
            Check.equal(Status.TLS_FILE, wrong.status());
            pair.connect(pair.clientOptions().token("good").url("wss://localhost:" + pair.server.port())
                    .tlsCaMemory(Files.readAllBytes(Path.of(certificate))), null);
            pair.client.send("sealed");
            Check.equal("sealed", pair.told.messages.next());
        }
    }

    private static void startAgain() throws Exception {
        Pair.Told told = new Pair.Told();
        try (Pair pair = new Pair()) {
            Server second = new Server(
                    new ServerOptions().port(pair.server.port()), Validator.ofToken("good"::equals), told);
            Check.throwing(CryoException.class, second::start);
            pair.server.close();
            try (second) {
                second.start();
                Check.that(second.port() > 0, "it listens");
            }
            second.close();
        }
    }

    private static void drain() throws Exception {
        try (Pair pair = new Pair()) {
            pair.connect();
            pair.server.drain(0, 0, 1012, "moving", 0);
            Check.equal("1012 moving", pair.told.closed.next());
            pair.server.await();
        }
    }
}
