// make_certificates FOLDER: writes certificates and keys there, for tests that are not in C++.
//
//   ca.pem                      the authority of chain.pem
//   rsa.pem rsa.key             self-signed, likewise ec
//   chain.pem chain.key         a server's and an intermediate certificate
//   expired.pem future.pem      with ec.key
//   weak.pem weak.key           RSA of 1024 bits, which TLS libraries refuse to serve
#include "certificates.hpp"

#include <cstdio>
#include <exception>
#include <fstream>

namespace {

void save(const std::string &folder, const char *name, const std::string &text) {
    std::ofstream file(folder + "/" + name, std::ios::binary);
    file << text;
    file.close();
    if (!file) throw std::runtime_error("cannot write " + folder + "/" + name);
}

void make_all(const std::string &folder) {
    cryo_test::certificate_maker maker;
    const auto rsa = maker.make_rsa_key();
    const auto ec = maker.make_ec_key();
    const auto weak = maker.make_rsa_key(1024);
    const auto ca_key = maker.make_ec_key();
    const auto middle_key = maker.make_ec_key();
    const auto leaf_key = maker.make_ec_key();
    const std::string ca = "CN=Test authority";
    const std::string middle = "CN=Test intermediate";
    save(folder, "rsa.pem", maker.self_signed({}, rsa));
    save(folder, "rsa.key", maker.pem_of(rsa));
    save(folder, "weak.pem", maker.self_signed({}, weak));
    save(folder, "weak.key", maker.pem_of(weak));
    save(folder, "ec.pem", maker.self_signed({}, ec));
    save(folder, "ec.key", maker.pem_of(ec));
    save(folder, "expired.pem", maker.self_signed({.to = "20200601000000"}, ec));
    save(folder, "future.pem", maker.self_signed({.from = "20900101000000"}, ec));
    save(folder, "ca.pem", maker.self_signed({.subject = ca, .authority = true}, ca_key));
    save(folder, "chain.pem",
         maker.certify({}, leaf_key, middle, middle_key) +
             maker.certify({.subject = middle, .authority = true}, middle_key, ca, ca_key));
    save(folder, "chain.key", maker.pem_of(leaf_key));
}

} // namespace

int main(int argc, char **argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: make_certificates FOLDER\n");
        return 2;
    }
    try {
        make_all(argv[1]);
    } catch (const std::exception &e) {
        std::fprintf(stderr, "make_certificates: %s\n", e.what());
        return 1;
    }
    return 0;
}
