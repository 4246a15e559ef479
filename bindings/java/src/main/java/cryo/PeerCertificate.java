package cryo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The certificate that a client has shown in its TLS handshake, and the server has found good. */
public final class PeerCertificate {
    /** The index-th of its names. */
    @FunctionalInterface
    interface Names {
        int read(long index, byte[] out, long capacity, long[] length);
    }

    private final String subject;
    private final List<String> names;
    private final String fingerprint;

    private PeerCertificate(String subject, List<String> names, String fingerprint) {
        this.subject = subject;
        this.names = names;
        this.fingerprint = fingerprint;
    }

    /** null: none was shown. */
    static PeerCertificate read(Text.Reader subjects, Names names, Text.Reader fingerprints) {
        String subject = Text.find(subjects);
        if (subject == null) {
            return null;
        }
        List<String> found = new ArrayList<>();
        while (true) {
            long index = found.size();
            String name = Text.find((out, capacity, length) -> names.read(index, out, capacity, length));
            if (name == null) {
                return new PeerCertificate(subject, Collections.unmodifiableList(found), Text.read(fingerprints));
            }
            found.add(name);
        }
    }

    /** "CN=alice,O=Example" (RFC 4514). */
    public String subject() {
        return subject;
    }

    /** Its alternative names: "DNS:a.example", "IP:192.0.2.7", "email:…", "URI:…". */
    public List<String> names() {
        return names;
    }

    /** SHA-256 of all of it, 64 hexadecimal digits in lower case. */
    public String fingerprint() {
        return fingerprint;
    }
}
