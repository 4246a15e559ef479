package cryo;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.io.File;
import java.io.IOException;

/**
 * Finds and opens libcryo: what the environment variable CRYO_LIBRARY names, then the one that the jar carries, then the
 * system's. It stays loaded for as long as the process lives.
 */
final class LibraryFinder {
    private static final String NAME = Platform.isMac()
            ? "libcryo." + Abi.VERSION + ".dylib"
            : Platform.isWindows() ? "cryo.dll" : "libcryo.so." + Abi.VERSION;
    private static final String HELP =
            "Install libcryo, or set the environment variable CRYO_LIBRARY to the path of the library file (" + NAME + ").";

    private LibraryFinder() {}

    static NativeLibrary open() {
        if (Native.POINTER_SIZE != 8) {
            throw new UnsatisfiedLinkError("cryo: this package needs a 64-bit Java.");
        }
        String named = System.getenv("CRYO_LIBRARY");
        if (named != null && !named.isEmpty()) {
            return checked(load(named, "CRYO_LIBRARY is \"" + named + "\", which cannot be loaded"), named);
        }
        String carried = carried();
        if (carried != null) {
            return checked(load(carried, "the library inside of the package cannot be loaded"), carried);
        }
        return checked(load(NAME, "libcryo was not found"), NAME);
    }

    /** The path of the file that the jar has for this system; null: it has none. */
    private static String carried() {
        String path = "/" + Platform.RESOURCE_PREFIX + "/" + NAME;
        if (LibraryFinder.class.getResource(path) == null) {
            return null;
        }
        try {
            File file = Native.extractFromResourcePath(path, LibraryFinder.class.getClassLoader());
            return file.getAbsolutePath();
        } catch (IOException error) {
            throw new UnsatisfiedLinkError("cryo: " + path + " of the package cannot be unpacked: " + error.getMessage());
        }
    }

    private static NativeLibrary load(String name, String complaint) {
        try {
            return NativeLibrary.getInstance(name);
        } catch (UnsatisfiedLinkError error) {
            throw new UnsatisfiedLinkError("cryo: " + complaint + ": " + error.getMessage() + " " + HELP);
        }
    }

    private static NativeLibrary checked(NativeLibrary library, String name) {
        Function function;
        try {
            function = library.getFunction("cryo_abi_version");
        } catch (UnsatisfiedLinkError error) {
            throw new UnsatisfiedLinkError("cryo: " + name + " is not libcryo: it has no cryo_abi_version. " + HELP);
        }
        int found = function.invokeInt(new Object[0]);
        if (found != Abi.VERSION) {
            throw new UnsatisfiedLinkError("cryo: " + name + " has ABI version " + found + "; this package needs " + Abi.VERSION
                    + ". Install the package and the library of the same release.");
        }
        return library;
    }
}
