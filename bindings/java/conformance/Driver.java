import cryo.CryoException;
import cryo.Message;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Does what it is told by JSON lines, and tells what happens: see bindings/conformance/README.md. */
public final class Driver {
    private static final PrintStream OUT = new PrintStream(new FileOutputStream(FileDescriptor.out), false);

    /** Servers, clients, sessions and extensions, by name. */
    static final Map<String, Object> OBJECTS = new ConcurrentHashMap<>();

    private static final Map<String, Object> TICKETS = new ConcurrentHashMap<>();
    private static final AtomicInteger LAST_TICKET = new AtomicInteger();

    private Driver() {}

    public static void main(String[] arguments) throws Exception {
        write(map("driver", "java", "library", cryo.Cryo.version(), "features", Arrays.asList("threads", "collect", "throw")));
        Commands commands = new Commands();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            Map<String, Object> command = Json.parse(line);
            if (command.get("do").equals("exit")) {
                System.exit(((Long) command.get("code")).intValue());
            }
            if (command.get("do").equals("throw")) {
                throw new IllegalStateException("nothing catches this");
            }
            Map<String, Object> answer = map("id", command.get("id"));
            try {
                answer.putAll(commands.carryOut(command));
            } catch (CryoException error) {
                answer.put("error", error.name());
                answer.put("text", error.text());
            } catch (Exception error) {
                answer.put("fault", error.toString());
            }
            write(answer);
        }
    }

    static void tell(String event, String on, Object... fields) {
        Map<String, Object> told = map("event", event, "on", on);
        told.putAll(map(fields));
        write(told);
    }

    static String newTicket(Object ticket) {
        String name = "t" + LAST_TICKET.incrementAndGet();
        TICKETS.put(name, ticket);
        return name;
    }

    static Object ticket(Map<String, Object> command) {
        return TICKETS.get(command.get("ticket"));
    }

    /** Of pairs: a name and a value. */
    static Map<String, Object> map(Object... pairs) {
        Map<String, Object> made = new LinkedHashMap<>();
        for (int at = 0; at < pairs.length; at += 2) {
            made.put((String) pairs[at], pairs[at + 1]);
        }
        return made;
    }

    static Message payload(Map<String, Object> of) {
        if (of.containsKey("text")) {
            return Message.of((String) of.get("text"));
        }
        if (of.containsKey("fill")) {
            byte[] data = new byte[((Long) of.get("size")).intValue()];
            Arrays.fill(data, ((Long) of.get("fill")).byteValue());
            return Message.of(data);
        }
        String hex = (String) of.get("hex");
        byte[] data = new byte[hex.length() / 2];
        for (int at = 0; at < data.length; at++) {
            data[at] = (byte) Integer.parseInt(hex.substring(2 * at, 2 * at + 2), 16);
        }
        return Message.of(data);
    }

    /** A payload as an event tells it, and other fields. */
    static Object[] shown(Message message, Object... fields) {
        Map<String, Object> all = new HashMap<>(map(fields));
        if (message.data().length > 1000) {
            long sum = 0;
            for (byte each : message.data()) {
                sum += each & 0xFF;
            }
            all.put("size", (long) message.data().length);
            all.put("sum", sum);
        } else if (message.isText()) {
            all.put("text", message.text());
        } else {
            StringBuilder hex = new StringBuilder();
            for (byte each : message.data()) {
                hex.append(String.format("%02x", each));
            }
            all.put("hex", hex.toString());
        }
        return all.entrySet().stream().flatMap(each -> List.of(each.getKey(), each.getValue()).stream()).toArray();
    }

    /** Message ids are all of 64 bits. */
    static BigInteger unsigned(long number) {
        return new BigInteger(Long.toUnsignedString(number));
    }

    private static synchronized void write(Map<String, Object> line) {
        OUT.println(Json.write(line));
        OUT.flush();
    }
}
