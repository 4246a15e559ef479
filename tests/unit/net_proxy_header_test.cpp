// The PROXY protocol: both versions, cut in every way, and what is refused.
#include "cmocka.hpp"

#include "net/proxy_header.h"

#include <string>

using namespace cryo_core;
using namespace std::string_literals;
using parser = net::proxy_header_parser;

namespace {

struct outcome {
    parser::state is;
    std::size_t consumed;
    std::string what;
    std::string client; // empty: it names none
};

outcome read(const std::string &text, std::size_t piece) {
    parser p;
    outcome out{parser::state::more, 0, "", ""};
    for (std::size_t at = 0; at < text.size() && out.is == parser::state::more; at += piece) {
        const auto got = p.feed(as_bytes(text).subspan(at, std::min(piece, text.size() - at)));
        out.is = got.is;
        out.consumed += got.consumed;
        out.what = got.what;
    }
    if (out.is == parser::state::complete && p.names_client()) out.client = p.client().text();
    return out;
}

// However it is cut, and with a request behind it, which is left alone.
outcome read_all_ways(const std::string &header) {
    const outcome whole = read(header + "GET / HTTP/1.1\r\n", 1 << 20);
    for (const std::size_t piece : {1, 2, 3, 7, 16}) {
        const outcome cut = read(header + "GET / HTTP/1.1\r\n", piece);
        assert_true(cut.is == whole.is && cut.consumed == whole.consumed && cut.client == whole.client &&
                    cut.what == whole.what);
    }
    return whole;
}

void good(const std::string &header, const std::string &client) {
    const outcome got = read_all_ways(header);
    if (got.is != parser::state::complete) fail_msg("%s: %s", header.c_str(), got.what.c_str());
    assert_int_equal(got.consumed, header.size());
    assert_string_equal(got.client.c_str(), client.c_str());
    for (std::size_t size = 0; size < header.size(); ++size)
        assert_true(read(header.substr(0, size), 1 << 20).is == parser::state::more);
}

void bad(const std::string &header, const char *words) {
    const outcome got = read_all_ways(header);
    if (got.is != parser::state::failed || got.what.find(words) == std::string::npos)
        fail_msg("%s: %s", header.c_str(), got.what.c_str());
}

const std::string signature = "\r\n\r\n\0\r\nQUIT\n"s;

std::string v2(char command, char family, const std::string &rest) {
    return signature + command + family + static_cast<char>(rest.size() >> 8) +
           static_cast<char>(rest.size()) + rest;
}

std::string record(char type, const std::string &value) {
    return type + std::string(1, static_cast<char>(value.size() >> 8)) + static_cast<char>(value.size()) +
           value;
}

const std::string v4_addresses =
    "\xc0\x00\x02\x07\x0a\x00\x00\x01\xd4\x31\x01\xbb"s; // 192.0.2.7:54321, 10.0.0.1:443

// Bit by bit, unlike the parser.
std::uint32_t crc32c(const std::string &data) {
    std::uint32_t crc = ~0U;
    for (const char c : data) {
        crc ^= static_cast<unsigned char>(c);
        for (int i = 0; i < 8; ++i)
            crc = (crc & 1) != 0 ? crc >> 1 ^ 0x82f63b78U : crc >> 1;
    }
    return ~crc;
}

std::string with_checksum(const std::string &before, const std::string &after) {
    const std::string zeros(4, '\0');
    std::string header = v2('\x21', '\x11', v4_addresses + before + record('\x03', zeros) + after);
    const std::uint32_t sum = crc32c(header);
    const std::size_t at = 16 + 12 + before.size() + 3;
    for (int i = 0; i < 4; ++i)
        header[at + i] = static_cast<char>(sum >> (24 - 8 * i));
    return header;
}

void lines(void **) {
    good("PROXY TCP4 192.0.2.7 10.0.0.1 54321 443\r\n", "192.0.2.7:54321");
    good("PROXY TCP6 2001:db8::1 ::1 1 65535\r\n", "[2001:db8::1]:1");
    good("PROXY TCP6 ::ffff:192.0.2.7 ::1 0 0\r\n", "192.0.2.7:0");
    good("PROXY UNKNOWN\r\n", "");
    good("PROXY UNKNOWN 1 2 3 whatever \xff\r\n", "");
    const std::string longest = "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff "
                                "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n";
    assert_int_equal(longest.size(), 104);
    good(longest, "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535");
    good("PROXY UNKNOWN " + std::string(91, 'x') + "\r\n", ""); // 107 bytes
}

void bad_lines(void **) {
    bad("PROXY UNKNOWN " + std::string(92, 'x') + "\r\n", "longer than 107");
    bad("PROXY " + std::string(200, 'x'), "longer than 107");
    bad("GET / HTTP/1.1\r\n", "there is none");
    bad("\x16\x03\x01", "there is none"); // a TLS hello
    bad("PROXX TCP4", "there is none");
    bad("proxy TCP4 192.0.2.7 10.0.0.1 54321 443\r\n", "there is none");
    bad("PROXY TCP4 192.0.2.7 10.0.0.1 54321 443\n", "carriage return");
    bad("PROXY TCP4 192.0.2.7\r10.0.0.1 54321 443\r\n", "line feed");
    bad("PROXY \r\n", "neither TCP4");
    bad("PROXY UDP4 192.0.2.7 10.0.0.1 54321 443\r\n", "neither TCP4");
    bad("PROXY tcp4 192.0.2.7 10.0.0.1 54321 443\r\n", "neither TCP4");
    for (const char *const ports :
         {"54321", "54321 ", "54321 65536", "-1 443", "+1 443", "1 443 5", "01 443", "a b", " 1 2"})
        bad("PROXY TCP4 192.0.2.7 10.0.0.1 "s + ports + "\r\n", "ports");
    bad("PROXY TCP4\r\n", "ports");
    for (const char *const hosts : {"::1 ::1", "192.0.2.7 ::1", "192.0.2.256 10.0.0.1", "192.0.2 10.0.0.1",
                                    "name 10.0.0.1", "192.0.2.7%1 10.0.0.1"})
        bad("PROXY TCP4 "s + hosts + " 1 2\r\n", "addresses");
    bad("PROXY TCP6 fe80::1%lo ::1 1 2\r\n", "addresses");
    bad("PROXY TCP6 192.0.2.7 10.0.0.1 1 2\r\n", "addresses");
    bad("PROXY TCP4 192.0.2.7\0 10.0.0.1 1 2\r\n"s, "addresses");
}

void binary(void **) {
    good(v2('\x21', '\x11', v4_addresses), "192.0.2.7:54321");
    const std::string v6 =
        "\x20\x01\x0d\xb8"s + std::string(11, '\0') + "\x01" + std::string(16, '\x02') + "\x00\x50\x01\xbb"s;
    good(v2('\x21', '\x21', v6), "[2001:db8::1]:80");
    good(v2('\x21', '\x31', std::string(216, 'x')), "unix:");
    good(v2('\x20', '\x00', ""), "");
    good(v2('\x20', '\x11', v4_addresses), "");            // LOCAL: whatever stands there
    good(v2('\x20', '\xff', std::string(70, '\xff')), ""); // also nonsense
    good(v2('\x21', '\x00', ""), "");
    good(v2('\x21', '\x00', record('\x04', "x")), "");
    // Records are passed over.
    good(v2('\x21', '\x11', v4_addresses + record('\x04', "") + record('\xea', std::string(3000, 'v'))),
         "192.0.2.7:54321");
}

void bad_binary(void **) {
    bad(signature.substr(0, 11) + "x", "there is none");
    bad("\r\n\r\nGET", "there is none");
    bad(v2('\x11', '\x11', v4_addresses), "version or command");
    bad(v2('\x22', '\x11', v4_addresses), "version or command");
    bad(v2('\x21', '\x12', v4_addresses), "not of a stream"); // UDP
    bad(v2('\x21', '\x41', v4_addresses), "not of a stream");
    bad(v2('\x21', '\x11', v4_addresses.substr(1)), "too short");
    bad(v2('\x21', '\x21', v4_addresses), "too short");
    bad(v2('\x21', '\x11', ""), "too short");
    bad(v2('\x21', '\x11', v4_addresses + "\x04"), "cut");
    bad(v2('\x21', '\x11', v4_addresses + "\x04\x00\x01"s), "longer than it is");
    bad(v2('\x21', '\x11', v4_addresses + "\x04\xff\xffxx"s), "longer than it is");
}

void checksums(void **) {
    for (const std::string &before : {""s, record('\x04', std::string(5, '\0'))})
        for (const std::string &after : {""s, record('\x05', "id")}) {
            const std::string header = with_checksum(before, after);
            good(header, "192.0.2.7:54321");
            for (const std::size_t at : {16UL, header.size() - after.size() - 1}) {
                std::string other = header;
                other[at] = static_cast<char>(other[at] ^ 1);
                bad(other, "checksum is wrong");
            }
        }
    bad(v2('\x21', '\x11', v4_addresses + record('\x03', "abc")), "checksum is malformed");
    bad(v2('\x21', '\x11', v4_addresses + record('\x03', "abcd") + record('\x03', "abcd")),
        "checksum is malformed");
}

} // namespace

int main() {
    const CMUnitTest tests[] = {cmocka_unit_test(lines), cmocka_unit_test(bad_lines),
                                cmocka_unit_test(binary), cmocka_unit_test(bad_binary),
                                cmocka_unit_test(checksums)};
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
