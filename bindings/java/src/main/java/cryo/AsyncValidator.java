package cryo;

import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** A validator that answers when a stage completes. */
final class AsyncValidator implements Validator {
    private final Function<String, ? extends CompletionStage<Boolean>> good;
    private volatile BiConsumer<Throwable, String> report = (error, where) -> error.printStackTrace();

    AsyncValidator(Function<String, ? extends CompletionStage<Boolean>> good) {
        this.good = good;
    }

    /** Whom to tell what a stage has thrown: of several servers, the last. */
    void reportTo(BiConsumer<Throwable, String> where) {
        report = where;
    }

    @Override
    public void validate(Auth auth) {
        good.apply(auth.token()).whenComplete((answer, error) -> {
            if (error == null && Boolean.TRUE.equals(answer)) {
                auth.accept();
                return;
            }
            auth.reject();
            if (error != null) {
                report.accept(error, "the validator");
            }
        });
    }
}
