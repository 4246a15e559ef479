//! The programs of the README run as they are printed, but for the port, and end by SIGTERM. TLS with certificates of the build.

mod support;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use cryo::{ClientOptions, Event, ServerOptions, Status, TlsVersion};
use support::{awaited, client, connected, echo, server};

extern "C" {
    fn kill(process: i32, signal: i32) -> i32;
}

/// Ends its process, however the test ends.
struct Program(Child, BufReader<ChildStdout>);

impl Program {
    fn start(program: &Path) -> Self {
        let mut child = Command::new(program).stdout(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self(child, output)
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.1.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    fn terminate(&mut self) -> Option<i32> {
        const SIGTERM: i32 = 15;
        // SAFETY: a child of ours that nobody has waited for.
        assert_eq!(unsafe { kill(self.0.id() as i32, SIGTERM) }, 0);
        self.0.wait().unwrap().code()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Compiled in a package of its own, in the folder of the tests.
fn built(name: &str, source: &str) -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(folder.join("src")).unwrap();
    fs::write(folder.join("src/main.rs"), source).unwrap();
    let manifest = format!(
        "[package]\nname = \"{}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[workspace]\n[dependencies]\ncryo = {{ path = {:?} }}\n",
        name, here
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readme");
    let output = Command::new(env!("CARGO"))
        .args(["build", "--offline", "--quiet"])
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", &target)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    target.join("debug").join(name)
}

#[test]
fn the_programs_of_the_readme() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md")).unwrap();
    let programs: Vec<&str> =
        text.split("```rust,no_run\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert_eq!(programs.len(), 3); // the third one has no `main`, and is compiled with the documentation
    assert!(programs[0].contains("port(8080)") && programs[1].contains("localhost:8080"));

    let mut server = Program::start(&built("small-server", &programs[0].replace("port(8080)", "port(0)")));
    let line = server.line();
    let port = line.strip_prefix("listening on 127.0.0.1:").unwrap();
    let stranger = client(ClientOptions::new(&format!("ws://127.0.0.1:{}", port)));
    let status = awaited(
        |wait| stranger.next_event(wait),
        |event| match event {
            Event::AttemptFailed { attempt, .. } => Some(attempt.http_status),
            _ => None,
        },
    );
    assert_eq!(status, 401);
    let source = programs[1].replace("localhost:8080", &format!("localhost:{}", port));
    let mut speaker = Program::start(&built("small-client", &source));
    assert_eq!([speaker.line(), speaker.line()], ["Welcome!", "hello"]);
    assert_eq!(speaker.terminate(), None); // it handles no signal
    assert_eq!(server.terminate(), Some(0));
}

#[test]
fn tls() {
    let maker = match std::env::var("CRYO_MAKE_CERTIFICATES") {
        Ok(maker) if !maker.is_empty() => maker,
        _ => return eprintln!("not tested: CRYO_MAKE_CERTIFICATES names no program"),
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("certificates");
    fs::create_dir_all(&folder).unwrap();
    assert!(Command::new(maker).arg(&folder).stdout(Stdio::null()).status().unwrap().success());
    let (certificate, key) = (folder.join("ec.pem"), folder.join("ec.key"));
    let (certificate, key) = (certificate.to_str().unwrap(), key.to_str().unwrap());
    let server = server(ServerOptions::new().tls_files(certificate, key).tls_min_version(TlsVersion::V1_3));
    let thread = echo(&server);
    let url = format!("wss://localhost:{}", server.port());
    connected(&client(ClientOptions::new(&url).tls_ca_memory(&fs::read(certificate).unwrap())));
    let stranger = client(ClientOptions::new(&url).reconnect_attempts(0));
    let status = awaited(
        |wait| stranger.next_event(wait),
        |event| match event {
            Event::AttemptFailed { attempt, .. } => Some(attempt.status),
            _ => None,
        },
    );
    assert_eq!(status, Status::TLS_UNTRUSTED);
    server.set_tls(None).unwrap();
    server.set_tls_ticket_keys(&[]).unwrap();
    let other = ServerOptions::new().tls_files("missing.pem", key);
    assert_eq!(server.set_tls(Some(&other)).unwrap_err().status(), Status::TLS_FILE);
    server.close().unwrap();
    thread.join().unwrap();
}
