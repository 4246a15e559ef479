import cryo.Listener;
import cryo.Message;
import cryo.Server;
import cryo.ServerOptions;
import cryo.Session;
import cryo.Stat;
import cryo.Validator;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A chat room: what one client says, the others hear.
 *
 * <pre>java -cp cryo.jar:jna.jar:. Chat TOKEN [PORT]</pre>
 *
 * Clients connect to ws://127.0.0.1:8080/?authorization=Bearer%20TOKEN&amp;x-cryo-sid=UUID&amp;name=Alice
 */
public final class Chat implements Listener {
    private Server server;

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length < 1) {
            System.err.println("usage: Chat TOKEN [PORT]");
            System.exit(2);
        }
        byte[] token = arguments[0].getBytes(StandardCharsets.UTF_8);
        ServerOptions options = new ServerOptions()
                .port(arguments.length > 1 ? Integer.parseInt(arguments[1]) : 8080)
                .keepaliveMs(15000);
        Chat room = new Chat();
        room.server = new Server(
                options,
                Validator.ofToken(given -> MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), token)),
                room);
        room.server.run();
    }

    @Override
    public void onListening(String host, int port) {
        System.out.println("listening on " + host + ":" + port);
    }

    @Override
    public void onSession(Session session) {
        String name = session.parameter("name");
        session.put("name", name == null ? "somebody" : name);
        session.send("Welcome, " + session.get("name") + "!");
        tell(session.get("name") + " came", session);
    }

    @Override
    public void onMessage(Session session, Message message) {
        if (message.isText()) {
            tell(session.get("name") + ": " + message.text(), session);
        } else {
            server.broadcast(message, session);
        }
    }

    @Override
    public void onClosed(Session session, int code, String reason) {
        System.out.println(session.get("name") + " left: " + code + " " + reason);
        if (code != cryo.CloseCode.GRACEFUL || !reason.equals("Server shutdown.")) {
            tell(session.get("name") + " left", session);
        }
    }

    @Override
    public void onStat(Session session, Stat stat, double value) {
        if (stat == Stat.RTT) {
            System.out.printf("%s: %.2f ms%n", session.get("name"), value);
        }
    }

    private void tell(String text, Session but) {
        server.broadcast(Message.of(text), but);
    }
}
