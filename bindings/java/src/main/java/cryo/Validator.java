package cryo;

import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Who decides which clients come in. It is called on the thread of the events. What throws rejects, and so does a stage that fails;
 * {@link Listener#onError} tells of it.
 */
@FunctionalInterface
public interface Validator {
    /** Answer on the ticket, now or later. */
    void validate(Auth auth) throws Exception;

    /** Lets in whose token the function finds good. */
    static Validator ofToken(Predicate<String> good) {
        return auth -> {
            if (good.test(auth.token())) {
                auth.accept();
            } else {
                auth.reject();
            }
        };
    }

    /** The same for what takes time: true lets in, all else rejects. The validationTimeoutMs of the server's options bounds it. */
    static Validator ofTokenAsync(Function<String, ? extends CompletionStage<Boolean>> good) {
        return new AsyncValidator(good);
    }
}
