"""Nothing of cryo.h is forgotten or declared otherwise in _abi.py."""

import ctypes
import os
import re
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import cryo
from cryo import _abi, _ffi, _library, errors, events

PACKAGE = Path(cryo.__file__).parent
HEADER = PACKAGE.parents[2] / "include" / "cryo.h"

HANDLES = "server_options|client_options|events|server|client|loop|session|auth|extension|hook|token_request|queue|event"


def header():
    text = re.sub(r"/\*.*?\*/", "", HEADER.read_text(), flags=re.S)
    return re.sub(r"^\s*#.*$", "", text, flags=re.M)


def functions():
    """name -> (result type, argument types), as the header writes them."""
    found = {}
    for result, name, arguments in re.findall(r"CRYO_API\s+([^;()]+?)(cryo_\w+)\(([^;]*)\);", header()):
        types = [] if arguments.strip() == "void" else [c_type(argument) for argument in arguments.split(",")]
        found[name] = (c_type(result + "x"), types)
    return found


def c_type(declaration):
    """The type of "const char *name", without spaces around the stars and without const for handles."""
    kind = re.sub(r"\w+\s*$", "", declaration.strip())
    return re.sub(r"\s*\*\s*", "*", " ".join(kind.split()))


def expected(kind):
    """What _abi.py must say for a type of the header."""
    plain = {
        "void": None,
        "cryo_status": _abi.status,
        "int32_t": ctypes.c_int32,
        "int64_t": ctypes.c_int64,
        "uint16_t": ctypes.c_uint16,
        "uint32_t": ctypes.c_uint32,
        "uint64_t": ctypes.c_uint64,
        "size_t": ctypes.c_size_t,
        "double": ctypes.c_double,
        "const char*": ctypes.c_char_p,
        "char*": ctypes.c_char_p,
        "uint8_t*": ctypes.c_char_p,
        "const uint8_t*": ctypes.c_char_p,
        "size_t*": ctypes.POINTER(ctypes.c_size_t),
        "cryo_status*": ctypes.POINTER(_abi.status),
        "double*": ctypes.POINTER(ctypes.c_double),
        "void*": ctypes.c_void_p,
        "void**": ctypes.POINTER(ctypes.c_void_p),
        "cryo_finalizer": _abi.finalizer_fn,
        "const uint8_t**": ctypes.POINTER(ctypes.c_void_p),  # of a batch
    }
    if kind in plain:
        return plain[kind]
    if re.fullmatch(rf"(const )?cryo_({HANDLES})\*", kind):
        return ctypes.c_void_p
    if re.fullmatch(rf"cryo_({HANDLES})\*(const)?\*", kind):
        return ctypes.POINTER(ctypes.c_void_p)
    return getattr(_abi, re.fullmatch(r"cryo_(\w+_fn)", kind).group(1))


def enumerators():
    found = {}
    for body in re.findall(r"enum\s*\{(.*?)\}", header(), flags=re.S):
        for name, value in re.findall(r"(CRYO_\w+)\s*=\s*(-?\d+)", body):
            found[name] = int(value)
    return found


class HeaderTest(unittest.TestCase):
    def test_every_function_is_declared_and_no_other(self):
        self.assertGreater(len(functions()), 80)
        self.assertEqual(set(functions()), set(_abi.FUNCTIONS))

    def test_the_types_are_those_of_the_header(self):
        for name, (result, arguments) in functions().items():
            with self.subTest(name):
                declared_result, declared = _abi.FUNCTIONS[name]
                self.assertEqual(len(arguments), len(declared), "number of arguments")
                # An address with a length beside it: c_char_p would stop at a NUL.
                if name not in ("cryo_event_data", "cryo_hook_data"):
                    self.assertIs(declared_result, expected(result))
                for index, kind in enumerate(arguments):
                    batch = name == "cryo_queue_release" and index == 1
                    self.assertIs(declared[index], ctypes.c_void_p if batch else expected(kind), f"argument {index}")

    def test_callbacks_have_the_arguments_of_the_header(self):
        found = dict(re.findall(r"typedef void \(\*cryo_(\w+)\)\(([^;]*)\);", header()))
        found["finalizer_fn"] = found.pop("finalizer")
        self.assertEqual(len(found), 20)
        for name, arguments in found.items():
            with self.subTest(name):
                declared = getattr(_abi, name)._argtypes_
                kinds = [c_type(argument) for argument in arguments.split(",")]
                self.assertEqual(len(kinds), len(declared))
                for kind, got in zip(kinds, declared):
                    lent_bytes = kind == "const uint8_t*" or name == "validate_fn" and kind == "const char*"
                    self.assertIs(got, ctypes.c_void_p if lent_bytes else expected(kind))

    def test_the_numbers_have_the_same_names(self):
        ours = {f"CRYO_{member.name}": member.value for member in cryo.Status}
        ours.update({f"CRYO_LOG_{member.name}": member.value for member in cryo.LogLevel})
        ours.update({f"CRYO_{member.name}": member.value for member in cryo.MessageKind})
        ours.update({f"CRYO_CLOSE_{member.name}": member.value for member in cryo.CloseCode})
        ours.update({f"CRYO_STAT_{member.name}": member.value for member in cryo.Stat})
        ours.update({f"CRYO_SERVER_STAT_{member.name}": member.value for member in cryo.ServerStat})
        ours.update({f"CRYO_EVENT_{member.name}": member.value for member in cryo.EventKind})
        ours.update({f"CRYO_DROP_{member.name}": member.value for member in cryo.DropPolicy})
        ours.update({f"CRYO_DUPLICATE_{member.name}": member.value for member in cryo.DuplicatePolicy})
        ours.update({f"CRYO_{member.name}": member.value for member in cryo.TlsVersion})
        ours.update({f"CRYO_TRANSPORT_{member.name}": member.value for member in cryo.Transport})
        ours.update({f"CRYO_FORWARDED_{member.name}": member.value for member in cryo.ForwardedHeader})
        ours["CRYO_DEDUPE_LATEST"] = ours.pop("CRYO_DROP_DEDUPE_LATEST")
        ours.update({f"CRYO_DROPPED_{member.name}": member.value for member in cryo.DropReason})
        ours.update({f"CRYO_RECEIPT_{member.name}": member.value for member in cryo.Outcome})
        ours.update({f"CRYO_{member.name}": member.value for member in cryo.Direction})
        ours.update({f"CRYO_HOOK_{member.name}": member.value for member in cryo.Verdict})
        layout = ("CRYO_BATCH_", "CRYO_RECORD_")
        self.assertEqual(ours, {name: value for name, value in enumerators().items() if not name.startswith(layout)})

    def test_a_batch_is_laid_out_as_in_the_header(self):
        def offsets(names, form):
            kinds = form.format.lstrip("=")
            self.assertEqual(len(names), len(kinds))
            return {name: struct.calcsize("=" + kinds[:index]) for index, name in enumerate(names)}

        of = enumerators()
        fields = offsets(events.Record._fields, events._RECORD)
        renamed = {"data_at": "data", "text_at": "text"}
        for name, offset in fields.items():
            if name not in ("size", "reserved"):
                self.assertEqual(of[f"CRYO_RECORD_{renamed.get(name, name).upper()}"], offset, name)
        self.assertEqual((of["CRYO_RECORD_SIZE"], fields["size"]), (events._RECORD.size, 0))
        head = offsets(("version", "count", "bytes", "first", "record_size"), events._HEAD)
        for name in ("count", "bytes", "first", "record_size"):
            self.assertEqual(of[f"CRYO_BATCH_{name.upper()}"], head[name], name)
        self.assertEqual((of["CRYO_BATCH_VERSION"], of["CRYO_BATCH_SIZE"]), (events._BATCH_VERSION, events._HEAD.size))

    def test_every_option_is_a_keyword(self):
        def setters(prefix):
            return {name[len(prefix) :] for name in functions() if name.startswith(prefix)}

        theirs = setters("cryo_server_options_set_") - {"validator", "events", "tls_files", "tls_memory"}
        theirs -= {"tls_client_ca_file", "tls_client_ca_memory"}
        ours = set(cryo.ServerOptions.__annotations__) - {"tls_cert", "tls_key", "tls_client_ca", "allowed_origins", "session_headers"}
        self.assertEqual(theirs, ours - {"tls_more", "tls_ocsp_files", "trusted_proxies"})
        theirs = setters("cryo_client_options_set_") - {"url", "token", "events", "loop"}
        theirs -= {"tls_files", "tls_memory", "tls_ca_file", "tls_ca_memory"}
        ours = set(cryo.ClientOptions.__annotations__) - {"tls_cert", "tls_key", "tls_ca", "parameters", "headers"}
        ours -= {"proxy_from_environment", "token_from_queue"}
        self.assertEqual(theirs, ours)

    def test_versions_agree(self):
        numbers = [
            re.search(rf"#define CRYO_{part} (\d+)", HEADER.read_text()).group(1)
            for part in ("VERSION_MAJOR", "VERSION_MINOR", "VERSION_PATCH", "ABI_VERSION")
        ]
        self.assertEqual(cryo.__version__, ".".join(numbers[:3]))
        self.assertEqual(cryo.library_version(), cryo.__version__)
        self.assertEqual(str(cryo.ABI_VERSION), numbers[3])
        project = (PACKAGE.parent / "pyproject.toml").read_text()
        self.assertIn(f'\nversion = "{cryo.__version__}"\n', project)
        self.assertTrue(cryo.build_info())


class ErrorTest(unittest.TestCase):
    def test_every_status_has_its_name_and_becomes_an_error(self):
        for status in list(cryo.Status)[1:]:
            with self.subTest(status):
                name = _ffi.lib.cryo_status_name(status).decode()
                self.assertEqual(name, f"CRYO_{status.name}")
                error = errors.error_for(status, name, "It went wrong.")
                self.assertIsInstance(error, cryo.Error)
                self.assertEqual((error.status, error.name, error.text), (status, name, "It went wrong."))
                self.assertEqual(str(error), f"It went wrong. ({name})")

    def test_errors_are_of_pythons_kinds_too(self):
        kinds = {
            cryo.Status.ERR_INVALID: ValueError,
            cryo.Status.ERR_TIMEOUT: TimeoutError,
            cryo.Status.ERR_NOT_FOUND: LookupError,
            cryo.Status.ERR_PERMISSION: PermissionError,
            cryo.Status.ERR_ADDRESS_IN_USE: OSError,
            cryo.Status.ERR_NO_MEMORY: MemoryError,
            cryo.Status.ERR_INTERNAL: cryo.Error,
        }
        for status, kind in kinds.items():
            self.assertIsInstance(errors.error_for(status, "X", "y"), kind)

    def test_a_status_of_a_newer_library_is_an_error(self):
        with self.assertRaises(cryo.Error) as caught:
            _ffi.raise_for(-12345)
        self.assertEqual(caught.exception.name, "CRYO_ERR_UNKNOWN")

    def test_errors_survive_pickling(self):
        import pickle

        error = pickle.loads(pickle.dumps(cryo.Closed(-5, "CRYO_ERR_CLOSED", "Gone.")))
        self.assertIsInstance(error, cryo.Closed)
        self.assertEqual((error.status, error.text), (-5, "Gone."))


class LookupTest(unittest.TestCase):
    def import_with(self, library):
        environment = {**os.environ, "CRYO_LIBRARY": library, "PYTHONPATH": str(PACKAGE.parent)}
        return subprocess.run(
            [sys.executable, "-c", "import cryo"], env=environment, capture_output=True, text=True, timeout=60
        )

    def test_a_missing_library_is_told(self):
        result = self.import_with("/nonexistent/libcryo.so.1")
        self.assertEqual(result.returncode, 1)
        self.assertIn("ImportError: cryo: CRYO_LIBRARY is '/nonexistent/libcryo.so.1'", result.stderr)

    def test_another_library_is_told(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "libcryo.so.1"
            path.write_bytes(b"no library")
            result = self.import_with(str(path))
        self.assertIn("cannot be loaded", result.stderr)

    def test_another_abi_is_told(self):
        class Function:
            def __call__(self):
                return 99

        other = type("Library", (), {"cryo_abi_version": Function()})
        with self.assertRaisesRegex(ImportError, "libother has ABI version 99; this package needs 1"):
            _library._checked(other, "libother")

    def test_what_is_no_libcryo_is_told(self):
        with self.assertRaisesRegex(ImportError, "is not libcryo"):
            _library._checked(object(), "libother")

    def test_an_older_library_is_told(self):
        with self.assertRaisesRegex(ImportError, "has no cryo_version; it is older"):
            _ffi._declare(object())


class ConversionTest(unittest.TestCase):
    def test_seconds_become_whole_milliseconds(self):
        cases = {None: -1, float("inf"): -1, 0: 0, -3: 0, 0.0001: 1, 1.5: 1500, 10**9: 2**31 - 1}
        for seconds, milliseconds in cases.items():
            self.assertEqual(_ffi.to_milliseconds(seconds), milliseconds)

    def test_text_with_nul_is_refused(self):
        with self.assertRaises(ValueError):
            _ffi.to_text("a\0b")


if __name__ == "__main__":
    unittest.main()
