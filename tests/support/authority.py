"""Certificates, and what belongs to them, made by the `openssl` program: an authority that issues others."""

import hashlib
import re
import ssl
import subprocess
from pathlib import Path

LOCAL = ("DNS:localhost", "IP:127.0.0.1")

KEYS = {
    "ec": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
    "rsa": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
    "rsa-1024": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"],
    "rsa-pss": ["-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"],
    "ed25519": ["-algorithm", "ED25519"],
    "ed448": ["-algorithm", "ED448"],
}


def openssl(*arguments, **options):
    options = {"check": True, "capture_output": True, "timeout": 60, **options}
    return subprocess.run(["openssl", *map(str, arguments)], **options)


class Certificate:
    """`pem` and `key` are the files; `chain` has the certificates between it and its authority's own behind it."""

    def __init__(self, folder, name, kind="ec"):
        self.folder = Path(folder)
        self.name = name
        self.pem = self.folder / f"{name}.pem"
        self.key = self.folder / f"{name}.key"
        self.chain = self.folder / f"{name}-chain.pem"
        openssl("genpkey", *KEYS[kind], "-out", self.key)

    def der(self):
        return ssl.PEM_cert_to_DER_cert(self.pem.read_text())

    def fingerprint(self):
        return hashlib.sha256(self.der()).hexdigest()

    def serial(self):
        return openssl("x509", "-in", self.pem, "-noout", "-serial", text=True).stdout.strip().partition("=")[2]

    def encrypted_key(self, password="secret"):
        out = self.folder / f"{self.name}-encrypted.key"
        openssl("pkey", "-in", self.key, "-aes256", "-passout", f"pass:{password}", "-out", out)
        return out


class Authority(Certificate):
    """A root; with `issuer`, one between."""

    def __init__(self, folder, name="authority", *, kind="ec", issuer=None, extensions=()):
        super().__init__(folder, name, kind)
        own = ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign", *extensions]
        if issuer is not None:
            issuer._certify(self, f"/CN={name}", own)
            return
        additions = [word for extension in own for word in ("-addext", extension)]
        openssl("req", "-x509", "-new", "-key", self.key, "-subj", f"/CN={name}", "-days", 30, *additions, "-out", self.pem)
        self.chain.write_text("")

    def issue(self, name, names=LOCAL, *, kind="ec", subject=None, extensions=()):
        made = Certificate(self.folder, name, kind)
        if names:
            extensions = [f"subjectAltName={','.join(names)}", *extensions]
        self._certify(made, subject or f"/CN={name}", extensions)
        return made

    def _certify(self, whom, subject, extensions):
        request = self.folder / f"{whom.name}.csr"
        openssl("req", "-new", "-key", whom.key, "-subj", subject, "-utf8", "-out", request)
        file = self.folder / f"{whom.name}.ext"
        file.write_text("\n".join(extensions))
        openssl(
            *("x509", "-req", "-in", request, "-CA", self.pem, "-CAkey", self.key, "-CAcreateserial"),
            *("-days", 30, "-extfile", file, "-out", whom.pem),
        )
        whom.chain.write_text(whom.pem.read_text() + self.chain.read_text())

    def ocsp_response(self, about, status="V"):
        """A response (DER) for a certificate of this authority: "V" is valid, "R" revoked."""
        index = self.folder / f"{about.name}.index"
        revoked = "250101000000Z" if status == "R" else ""
        index.write_text(f"{status}\t491231235959Z\t{revoked}\t{about.serial()}\tunknown\t/CN={about.name}\n")
        request = self.folder / f"{about.name}.request"
        openssl("ocsp", "-issuer", self.pem, "-cert", about.pem, "-reqout", request, "-no_nonce")
        response = self.folder / f"{about.name}.ocsp"
        openssl(
            *("ocsp", "-index", index, "-rsigner", self.pem, "-rkey", self.key, "-CA", self.pem),
            *("-reqin", request, "-respout", response, "-ndays", 7),
        )
        return response


def expired_response(response):
    """The same as of some years before. Its signature does not fit any more."""
    aged = response.with_suffix(".aged")
    # GeneralizedTime: tag 24, 15 characters
    aged.write_bytes(re.sub(rb"(\x18\x0f)20\d\d", rb"\g<1>2019", response.read_bytes()))
    return aged
