//! Sends each message back, and prints its port: a program of bench/languages.

use cryo::{Event, Server, ServerOptions};

fn main() -> cryo::Result<()> {
    let server = Server::new(&ServerOptions::new().port(0))?;
    server.stop_on_signals();
    server.run(|event| match event {
        Event::Listening { port, .. } => Ok(println!("{}", port)),
        Event::Auth(auth) => auth.accept(),
        Event::Message { session, message, .. } => session.send(&message),
        _ => Ok(()),
    })
}
