import cryo.Auth;
import cryo.Client;
import cryo.ClientOptions;
import cryo.Direction;
import cryo.Endpoint;
import cryo.Extension;
import cryo.Hook;
import cryo.Message;
import cryo.MessageKind;
import cryo.Server;
import cryo.ServerOptions;
import cryo.ServerStat;
import cryo.Session;
import cryo.Stat;
import cryo.TokenProvider;
import cryo.Validator;
import cryo.Verdict;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** One method for each `do`, with the command's fields. */
final class Commands {
    private final Map<String, Teller> tellers = new HashMap<>();

    Map<String, Object> carryOut(Map<String, Object> given) throws Exception {
        String what = (String) given.get("do");
        switch (what) {
            case "server":
                return server(given);
            case "client":
                return client(given);
            case "extension":
                return extension(given);
            case "burst":
                return burst(given);
            case "get":
                return Driver.map("value", value(given));
            case "accept":
            case "replace":
            case "reject":
            case "refuse":
                return answer(what, (Auth) Driver.ticket(given), given);
            case "pass":
            case "replace_with":
            case "stop_message":
            case "fail_message":
                return answer(what, (Hook) Driver.ticket(given), given);
            case "collect":
                System.gc();
                return Driver.map();
            case "stop":
            case "wait":
            case "free":
            case "drain":
            case "add_extension":
            case "remove_extension":
            case "throw_in":
            case "broadcast":
            case "find":
                return ofEndpoint(what, given);
            default:
                return ofSession(what, given);
        }
    }

    // ---- making

    private Map<String, Object> server(Map<String, Object> given) throws Exception {
        String name = (String) given.get("as");
        ServerOptions options = new ServerOptions().port(0);
        set(options, options(given));
        Teller teller = new Teller(name, true, Boolean.TRUE.equals(given.get("echo")));
        Server server = new Server(options, validator((String) given.getOrDefault("validator", "good"), name), teller);
        tellers.put(name, teller);
        Driver.OBJECTS.put(name, server);
        server.start();
        return Driver.map("port", (long) server.port());
    }

    private Map<String, Object> client(Map<String, Object> given) throws Exception {
        String name = (String) given.get("as");
        Map<String, Object> wanted = options(given);
        String url = (String) given.get("url");
        if (url == null) {
            int port = ((Server) Driver.OBJECTS.get(given.get("to"))).port();
            url = wanted.containsKey("tls_ca_file") ? "wss://localhost:" + port : "ws://127.0.0.1:" + port;
        }
        ClientOptions options = new ClientOptions().url(url);
        set(options, wanted);
        TokenProvider provider = null;
        if (given.containsKey("provider")) {
            provider = provider((String) given.get("provider"));
        } else {
            options.token((String) given.getOrDefault("token", "good"));
        }
        Teller teller = new Teller(name, false, Boolean.TRUE.equals(given.get("echo")));
        Client client = new Client(options, provider, teller);
        tellers.put(name, teller);
        Driver.OBJECTS.put(name, client);
        client.start();
        client.session().put("name", name);
        return Driver.map();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> options(Map<String, Object> given) {
        return (Map<String, Object>) given.getOrDefault("options", Collections.emptyMap());
    }

    /** By the methods that the options have for the names of cryo.h. */
    private static void set(Object options, Map<String, Object> wanted) throws Exception {
        for (Map.Entry<String, Object> each : wanted.entrySet()) {
            List<?> values = each.getValue() instanceof List ? (List<?>) each.getValue() : List.of(each.getValue());
            String name = camel(each.getKey());
            for (Method method : options.getClass().getMethods()) {
                boolean adds = method.getName().equalsIgnoreCase("add" + name);
                if ((method.getName().equalsIgnoreCase(name) || adds) && method.getDeclaringClass() == options.getClass()) {
                    try {
                        call(method, options, values);
                    } catch (InvocationTargetException error) {
                        throw (Exception) error.getCause();
                    }
                }
            }
        }
    }

    private static void call(Method method, Object options, List<?> values) throws Exception {
        Class<?>[] types = method.getParameterTypes();
        for (int from = 0; from < values.size(); from += types.length) {
            Object[] arguments = new Object[types.length];
            for (int at = 0; at < types.length; at++) {
                arguments[at] = as(types[at], values.get(from + at));
            }
            method.invoke(options, arguments);
        }
    }

    private static Object as(Class<?> type, Object value) throws Exception {
        if (type == boolean.class) {
            return !value.equals(0L) && !value.equals(false);
        }
        if (type == int.class) {
            return ((Long) value).intValue();
        }
        if (type == UUID.class) {
            return UUID.fromString((String) value);
        }
        return type.isEnum() ? type.getMethod("of", int.class).invoke(null, ((Long) value).intValue()) : value;
    }

    private static String camel(String name) {
        StringBuilder out = new StringBuilder();
        for (String part : name.split("_")) {
            out.append(part.substring(0, 1).toUpperCase()).append(part.substring(1));
        }
        return out.toString();
    }

    private static Validator validator(String kind, String owner) {
        switch (kind) {
            case "good":
                return Validator.ofToken("good"::equals);
            case "later":
                return Validator.ofTokenAsync(token -> java.util.concurrent.CompletableFuture.supplyAsync(() -> token.equals("good")));
            case "throw":
                return auth -> {
                    throw new IllegalStateException("thrown in the validator");
                };
            case "ask":
                return auth -> Driver.tell("auth", owner, "ticket", Driver.newTicket(auth), "token", auth.token());
            default:
                return Driver::newTicket;
        }
    }

    private static TokenProvider provider(String kind) {
        switch (kind) {
            case "good":
                return TokenProvider.of(() -> "good");
            case "throw":
                return TokenProvider.of(() -> {
                    throw new IllegalStateException("thrown in the token provider");
                });
            default:
                return Driver::newTicket;
        }
    }

    private static Map<String, Object> extension(Map<String, Object> given) {
        Extension extension = new Extension((String) given.get("name"));
        for (Object each : (List<?>) given.get("hooks")) {
            String[] words = ((String) each).toUpperCase().split(" ");
            extension.on(Direction.valueOf(words[0]), MessageKind.valueOf(words[1]), hook -> decide(hook, given));
        }
        if (given.containsKey("timeout_ms")) {
            extension.timeoutMs((Long) given.get("timeout_ms"));
        }
        if (given.containsKey("on_failure")) {
            extension.onFailure(Verdict.valueOf(((String) given.get("on_failure")).toUpperCase()));
        }
        Driver.OBJECTS.put((String) given.get("as"), extension);
        return Driver.map();
    }

    private static void decide(Hook hook, Map<String, Object> given) {
        switch ((String) given.get("does")) {
            case "pass":
                hook.pass();
                break;
            case "stop":
                hook.stop();
                break;
            case "replace":
                hook.replace(Driver.payload(given).data());
                break;
            case "throw":
                throw new IllegalStateException("thrown in a hook");
            case "ask":
                Driver.tell("hook", (String) hook.session().get("name"), Driver.shown(hook.message(), "ticket", Driver.newTicket(hook),
                        "extension", given.get("name"), "direction", hook.direction().toString().toLowerCase()));
                break;
            default:
                Driver.newTicket(hook);
        }
    }

    // ---- tickets

    private static Map<String, Object> answer(String what, Auth auth, Map<String, Object> given) {
        if (what.equals("accept")) {
            Map<?, ?> claims = (Map<?, ?>) given.getOrDefault("claims", Collections.emptyMap());
            if (!auth.isAnswered()) {
                claims.forEach((name, value) -> auth.setClaim((String) name, (String) value));
            }
            if (given.containsKey("expiry_ms")) {
                auth.setExpiry((Long) given.get("expiry_ms"));
            }
            return settled(auth.accept());
        }
        if (what.equals("replace")) {
            return settled(auth.replace());
        }
        String reason = (String) given.get("reason");
        return settled(what.equals("reject")
                ? auth.reject(reason)
                : auth.refuse(((Long) given.get("status")).intValue(), reason, 0));
    }

    private static Map<String, Object> answer(String what, Hook hook, Map<String, Object> given) {
        switch (what) {
            case "pass":
                return settled(hook.pass());
            case "replace_with":
                return settled(hook.replace(Driver.payload(given).data()));
            case "stop_message":
                return settled(hook.stop());
            default:
                return settled(hook.fail((String) given.get("reason")));
        }
    }

    /** This package says by a truth value what others say by an error. */
    private static Map<String, Object> settled(boolean inTime) {
        return inTime ? Driver.map() : Driver.map("error", "CRYO_ERR_STATE", "text", "settled before");
    }

    // ---- servers and clients

    private Map<String, Object> ofEndpoint(String what, Map<String, Object> given) throws Exception {
        String name = (String) given.get("on");
        Endpoint on = (Endpoint) Driver.OBJECTS.get(name);
        switch (what) {
            case "stop":
                ((Server) on).stop();
                break;
            case "wait":
                if (!on.await(20, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("it has not ended");
                }
                break;
            case "free":
                on.close();
                break;
            case "drain":
                ((Server) on).drain((Long) given.get("deadline_ms"), (Long) given.getOrDefault("batch_ms", 0L));
                break;
            case "add_extension":
                on.addExtension((Extension) Driver.OBJECTS.get(given.get("extension")));
                break;
            case "remove_extension":
                on.removeExtension(((Extension) Driver.OBJECTS.get(given.get("extension"))).name());
                break;
            case "throw_in":
                tellers.get(name).throwing.add((String) given.get("event"));
                break;
            case "broadcast":
                Object except = given.get("except");
                ((Server) on).broadcast(Driver.payload(given), except == null ? null : (Session) Driver.OBJECTS.get(except));
                break;
            default:
                Session found = ((Server) on).find(UUID.fromString((String) given.get("session_id")));
                return Driver.map("session", found == null ? null : found.get("name"));
        }
        return Driver.map();
    }

    // ---- sessions

    private static Session session(Object name) {
        Object of = Driver.OBJECTS.get(name);
        return of instanceof Client ? ((Client) of).session() : (Session) of;
    }

    private Map<String, Object> ofSession(String what, Map<String, Object> given) {
        Session on = session(given.get("on"));
        String key = (String) given.get("key");
        switch (what) {
            case "send":
                Message message = Driver.payload(given);
                if (key == null && !given.containsKey("receipt")) {
                    on.send(message);
                } else {
                    on.send(message, key, (Long) given.getOrDefault("receipt", 0L));
                }
                break;
            case "ping":
                on.ping();
                break;
            case "close":
                on.close(((Long) given.getOrDefault("code", 4000L)).intValue(), (String) given.getOrDefault("reason", ""));
                break;
            case "put":
                on.put(key, given.get("value"));
                break;
            case "value":
                return Driver.map("value", on.get(key));
            case "pause":
                on.pauseReading();
                break;
            case "resume":
                on.resumeReading();
                break;
            case "ack":
                if (!on.ack(((Number) given.get("message")).longValue())) {
                    return settled(false);
                }
                break;
            default:
                throw new IllegalArgumentException("there is no " + what);
        }
        return Driver.map();
    }

    private static Object value(Map<String, Object> given) {
        String name = (String) given.get("name");
        Object of = Driver.OBJECTS.get(given.getOrDefault("on", ""));
        switch ((String) given.get("what")) {
            case "nothing":
                return null;
            case "port":
                return (long) ((Server) of).port();
            case "session_count":
                return ((Server) of).sessionCount();
            case "metrics":
                return ((Server) of).metrics();
            case "stat":
                return ((Server) of).stat(ServerStat.valueOf(name.toUpperCase()));
            default:
        }
        Session session = session(given.get("on"));
        switch ((String) given.get("what")) {
            case "id":
                return session.id().toString();
            case "token":
                return session.token();
            case "path":
                return session.path();
            case "remote_address":
                return session.remoteAddress();
            case "is_open":
                return session.isOpen();
            case "is_secure":
                return session.isSecure();
            case "parameter":
                return session.parameter(name);
            case "header":
                return session.header(name);
            case "claim":
                return session.claim(name);
            default:
                return (long) session.stat(Stat.QUEUED_BYTES);
        }
    }

    private static Map<String, Object> burst(Map<String, Object> given) throws Exception {
        List<Session> sessions = new ArrayList<>();
        ((List<?>) given.get("on")).forEach(name -> sessions.add(session(name)));
        int count = ((Long) given.get("count")).intValue();
        List<RuntimeException> failures = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int each = 0; each < (Long) given.get("threads"); each++) {
            int first = each * count;
            Thread thread = new Thread(() -> {
                try {
                    for (int number = first; number < first + count; number++) {
                        sessions.get(number % sessions.size()).send(given.get("text") + " " + number);
                    }
                } catch (RuntimeException error) {
                    failures.add(error);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
        return Driver.map();
    }
}
