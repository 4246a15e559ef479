import cryo.Auth;
import cryo.Listener;
import cryo.Message;
import cryo.Server;
import cryo.ServerOptions;
import cryo.Session;

/** Sends each message back, and prints its port: a program of bench/languages. */
public final class Echo implements Listener {
    public static void main(String[] arguments) throws InterruptedException {
        new Server(new ServerOptions().port(0), Auth::accept, new Echo()).run();
    }

    @Override
    public void onListening(String host, int port) {
        System.out.println(port);
    }

    @Override
    public void onMessage(Session session, Message message) {
        session.send(message);
    }
}
