//! What the tests have in common.
#![allow(dead_code)]

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake};
use std::thread;
use std::time::{Duration, Instant};

use cryo::{Client, ClientOptions, Event, Server, ServerOptions};

/// How long a test waits for what it waits for.
pub const PATIENCE: Duration = Duration::from_secs(20);

pub fn server(options: ServerOptions) -> Server {
    let server = Server::new(&options.port(0)).unwrap();
    server.start().unwrap();
    server
}

pub fn url(server: &Server) -> String {
    format!("ws://127.0.0.1:{}", server.port())
}

pub fn client(options: ClientOptions) -> Client {
    let client = Client::new(&options.token("good")).unwrap();
    client.start().unwrap();
    client
}

pub fn good(event: Event) -> cryo::Result<()> {
    match event {
        Event::Auth(auth) if auth.token() == "good" => auth.accept(),
        Event::Message { session, message, .. } => session.send(&message),
        _ => Ok(()),
    }
}

/// Lets in and echoes, on a thread that ends with the server.
pub fn echo(server: &Server) -> thread::JoinHandle<()> {
    let server = server.clone();
    thread::spawn(move || server.handle_events(good))
}

/// The first thing that `pick` wants of the events that `next` gives.
pub fn awaited<T>(
    mut next: impl FnMut(Option<Duration>) -> Option<Event>,
    mut pick: impl FnMut(Event) -> Option<T>,
) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        assert!(!left.is_zero(), "it did not come");
        if let Some(found) = next(Some(left)).and_then(&mut pick) {
            return found;
        }
    }
}

pub fn connected(client: &Client) {
    awaited(|wait| client.next_event(wait), |event| matches!(event, Event::Session(_)).then(|| ()));
}

struct Unpark(thread::Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// The smallest runtime there is.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = Box::pin(future);
    let waker = Arc::new(Unpark(thread::current())).into();
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Poll::Ready(output) = Pin::as_mut(&mut future).poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        assert!(Instant::now() < deadline, "it did not come");
        thread::park_timeout(PATIENCE);
    }
}
