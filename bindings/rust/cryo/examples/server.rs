//! A small server: it lets in who knows the token, greets, and echoes until it is told to end.
//!
//!     server [PORT] [TOKEN]

use cryo::{Event, Server, ServerOptions};

fn main() -> cryo::Result<()> {
    let mut given = std::env::args().skip(1);
    let port = given.next().map_or(8080, |port| port.parse().expect("a port"));
    let token = given.next().unwrap_or_else(|| "MySuperSecretToken".to_owned());

    let server = Server::new(&ServerOptions::new().port(port))?;
    server.stop_on_signals();
    server.start()?;
    for event in server.events() {
        if let Err(error) = handle(event, &token) {
            eprintln!("{}", error);
        }
    }
    Ok(())
}

fn handle(event: Event, token: &str) -> cryo::Result<()> {
    match event {
        Event::Listening { host, port } => println!("listening on {}:{}", host, port),
        Event::Auth(auth) if auth.token() == token => auth.accept()?,
        Event::Auth(auth) => auth.reject("Wrong token.")?,
        Event::Session(session) => session.send("Welcome!")?,
        Event::Message { session, message, .. } => session.send(&message)?,
        Event::Closed { session, code, reason } => println!("{} left: {} {}", session.id(), code.0, reason),
        _ => {}
    }
    Ok(())
}
