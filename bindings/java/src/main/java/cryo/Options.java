package cryo;

import java.util.ArrayList;
import java.util.List;

/** What the options of servers and clients have in common: they are kept, and told to the library when they are used. */
abstract class Options {
    /** Tells the library one option. */
    @FunctionalInterface
    interface Setting {
        int apply(long handle);
    }

    private final List<Setting> settings = new ArrayList<>();

    Options() {}

    final void set(Setting setting) {
        settings.add(setting);
    }

    final void apply(long handle) {
        for (Setting setting : settings) {
            CryoException.check(setting.apply(handle));
        }
    }

    static void checkRange(String name, long value, long lowest, long highest) {
        if (value < lowest || value > highest) {
            throw new IllegalArgumentException(name + " must be " + lowest + " to " + highest + ", not " + value);
        }
    }

    static long length(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
