package cryo;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Gives a client its token before each attempt to connect, for tokens that expire. It is called on the thread of the events. What
 * throws, or a stage that fails, makes the attempt fail; the next one asks again.
 */
@FunctionalInterface
public interface TokenProvider {
    /** Answer on the ticket, now or later. */
    void provide(TokenRequest request) throws Exception;

    /** By a function that has the token at once. */
    static TokenProvider of(Callable<String> tokens) {
        return request -> request.give(tokens.call());
    }

    /** By one that fetches it. */
    static TokenProvider ofAsync(Supplier<? extends CompletionStage<String>> tokens) {
        return request -> tokens.get().whenComplete((token, error) -> {
            try {
                if (error == null) {
                    request.give(token);
                    return;
                }
                request.fail(error.toString());
            } catch (RuntimeException bad) { // no token after all: null, or empty
                request.fail(bad.toString());
            }
        });
    }
}
