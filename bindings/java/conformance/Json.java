import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON that the protocol of drivers needs: objects, lists, texts, numbers, truth values. */
final class Json {
    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> parse(String line) {
        return (Map<String, Object>) new Json(line).value();
    }

    static String write(Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private static void write(Object value, StringBuilder out) {
        if (value instanceof Map) {
            String separator = "{";
            for (Map.Entry<?, ?> each : ((Map<?, ?>) value).entrySet()) {
                out.append(separator);
                write(each.getKey(), out);
                out.append(": ");
                write(each.getValue(), out);
                separator = ", ";
            }
            out.append(separator.equals("{") ? "{}" : "}");
        } else if (value instanceof List) {
            String separator = "[";
            for (Object each : (List<?>) value) {
                out.append(separator);
                write(each, out);
                separator = ", ";
            }
            out.append(separator.equals("[") ? "[]" : "]");
        } else if (value instanceof String) {
            quote((String) value, out);
        } else {
            out.append(value);
        }
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (char each : text.toCharArray()) {
            if (each == '"' || each == '\\') {
                out.append('\\').append(each);
            } else if (each < ' ' || each > '~') {
                out.append(String.format("\\u%04x", (int) each));
            } else {
                out.append(each);
            }
        }
        out.append('"');
    }

    private Object value() {
        char first = next();
        switch (first) {
            case '{':
                return object();
            case '[':
                return list();
            case '"':
                return string();
            default:
                return word(first);
        }
    }

    /** The next character that is no space. */
    private char next() {
        while (text.charAt(at) == ' ' || text.charAt(at) == ',' || text.charAt(at) == ':') {
            at++;
        }
        return text.charAt(at++);
    }

    private Map<String, Object> object() {
        Map<String, Object> found = new LinkedHashMap<>();
        while (next() != '}') {
            String name = string();
            found.put(name, value());
        }
        return found;
    }

    private List<Object> list() {
        List<Object> found = new ArrayList<>();
        while (next() != ']') {
            at--;
            found.add(value());
        }
        return found;
    }

    private String string() {
        StringBuilder out = new StringBuilder();
        while (true) {
            char each = text.charAt(at++);
            if (each == '"') {
                return out.toString();
            }
            out.append(each == '\\' ? escaped() : each);
        }
    }

    private char escaped() {
        char each = text.charAt(at++);
        if (each == 'u') {
            at += 4;
            return (char) Integer.parseInt(text.substring(at - 4, at), 16);
        }
        int known = "bfnrt".indexOf(each);
        return known < 0 ? each : "\b\f\n\r\t".charAt(known);
    }

    private Object word(char first) {
        int from = at - 1;
        while (at < text.length() && ",]} ".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(from, at);
        switch (word) {
            case "true":
                return true;
            case "false":
                return false;
            case "null":
                return null;
            default:
                return number(word);
        }
    }

    /** Ids of messages may be larger than a long. */
    private static Object number(String word) {
        if (!word.matches("-?\\d+")) {
            return Double.valueOf(word);
        }
        BigInteger number = new BigInteger(word);
        return number.bitLength() < 64 ? (Object) number.longValue() : number;
    }
}
