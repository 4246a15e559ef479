//! Events for tasks, threads and event loops; what may go from thread to thread.

mod support;

use std::os::unix::io::AsRawFd;
use std::thread;
use std::time::Duration;

use cryo::{
    Auth, Client, ClientOptions, Delivery, Error, Event, EventStream, Extension, Hook, Kind, LogLevel, Outcome, Server,
    ServerOptions, Session, TokenRequest,
};
use support::{awaited, block_on, client, connected, echo, good, server, url};

fn anywhere<T: Send + Sync>() {}
fn sent<T: Send>() {}

#[test]
fn what_may_go_from_thread_to_thread() {
    anywhere::<Server>();
    anywhere::<Client>();
    anywhere::<Session>();
    anywhere::<Auth>();
    anywhere::<Hook>();
    anywhere::<TokenRequest>();
    anywhere::<Event>();
    anywhere::<EventStream>();
    anywhere::<Delivery>();
    anywhere::<Extension>();
    anywhere::<Error>();
    sent::<ServerOptions>();
    sent::<ClientOptions>();
}

#[test]
fn a_task_takes_events_and_awaits_a_receipt() {
    let server = server(ServerOptions::new());
    let thread = echo(&server);
    let client = client(ClientOptions::new(&url(&server)));
    let mut events = client.stream();
    let delivery = block_on(async {
        while let Some(event) = events.next().await {
            if let Event::Session(session) = event {
                return session.deliver("hello", None).unwrap();
            }
        }
        panic!("it never connected");
    });
    let taker = thread::spawn(move || {
        block_on(async {
            let mut seen = 0;
            while let Some(event) = events.next().await {
                seen += usize::from(matches!(event, Event::Message { .. }));
            }
            seen
        })
    });
    assert_eq!(block_on(delivery).outcome, Outcome::ACKNOWLEDGED);
    client.close(cryo::CloseCode::GRACEFUL, "").unwrap();
    assert_eq!(taker.join().unwrap(), 1);
    server.close().unwrap();
    thread.join().unwrap();
}

#[test]
fn a_delivery_is_told_when_the_client_is_dropped() {
    let server = server(ServerOptions::new().manual_ack(true));
    let thread = {
        let server = server.clone();
        thread::spawn(move || {
            server.handle_events(|event| match event {
                Event::Auth(auth) => auth.accept(),
                _ => Ok(()),
            });
        })
    };
    let client = client(ClientOptions::new(&url(&server)));
    connected(&client);
    let delivery = client.session().deliver("x", None).unwrap();
    assert!(delivery.wait(Duration::ZERO).is_none());
    drop(client);
    assert_eq!(delivery.wait(support::PATIENCE).unwrap().outcome, Outcome::CLOSED);
    server.close().unwrap();
    thread.join().unwrap();
}

#[test]
fn a_descriptor_is_readable_while_an_event_waits() {
    let server = server(ServerOptions::new());
    assert!(server.as_raw_fd() > 2);
    awaited(|wait| server.next_event(wait), |event| matches!(event, Event::Listening { .. }).then(|| ()));
    assert!(server.next_event(Some(Duration::ZERO)).is_none());
}

#[test]
fn several_threads_send_and_several_take() {
    let server = server(ServerOptions::new());
    let takers = [echo(&server), echo(&server)];
    let client = client(ClientOptions::new(&url(&server)).max_queue_count(10_000));
    connected(&client);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..100).for_each(|_| client.session().send(b"x").unwrap()));
        }
    });
    for _ in 0..400 {
        awaited(|wait| client.next_event(wait), |event| matches!(event, Event::Message { .. }).then(|| ()));
    }
    server.close().unwrap();
    takers.into_iter().for_each(|thread| thread.join().unwrap());
}

#[test]
fn a_handler_that_panics_ends_nothing_and_lets_nobody_in() {
    let server = server(ServerOptions::new());
    let thread = {
        let server = server.clone();
        thread::spawn(move || {
            let mut calls = 0;
            server.handle_events(|event| {
                if let Event::Auth(_auth) = &event {
                    calls += 1;
                    assert!(calls > 1, "a panic that belongs to the test");
                }
                good(event)
            });
        })
    };
    let first = client(ClientOptions::new(&url(&server)));
    awaited(
        |wait| first.next_event(wait),
        |event| match event {
            Event::AttemptFailed { attempt, .. } => Some(assert_eq!(attempt.http_status, 401)),
            _ => None,
        },
    );
    connected(&client(ClientOptions::new(&url(&server))));
    server.close().unwrap();
    thread.join().unwrap();
}

#[test]
fn hooks_are_asked() {
    let server = server(ServerOptions::new());
    let (told, gone) = std::sync::mpsc::channel();
    let told = std::sync::Mutex::new(told);
    let extension = Extension::new("shout")
        .before_send(Kind::UTF8)
        .on_receive(Kind::UTF8)
        .timeout(Duration::from_secs(20))
        .on_unregister(move || told.lock().unwrap().send(()).unwrap());
    server.add_extension(&extension).unwrap();
    assert_eq!(server.add_extension(&extension).unwrap_err().status(), cryo::Status::EXISTS);
    let thread = {
        let server = server.clone();
        thread::spawn(move || {
            server.handle_events(|event| match event {
                Event::Hook(hook) if hook.direction == cryo::Direction::BEFORE_SEND => {
                    let loud = hook.message.as_text().unwrap().to_uppercase();
                    hook.replace(loud)
                }
                Event::Hook(hook) if hook.message.as_text() == Some("stop") => hook.stop(),
                Event::Hook(hook) if hook.message.as_text() == Some("dropped") => Ok(()),
                Event::Hook(hook) => hook.pass(),
                other => good(other),
            });
        })
    };
    let client = client(ClientOptions::new(&url(&server)));
    connected(&client);
    for text in ["stop", "dropped", "one"] {
        client.session().send(text).unwrap();
    }
    let came = awaited(
        |wait| client.next_event(wait),
        |event| match event {
            Event::Message { message, .. } => Some(message),
            _ => None,
        },
    );
    assert_eq!(came.as_text(), Some("ONE"));
    assert!(server.has_extension("shout"));
    server.remove_extension("shout").unwrap();
    gone.recv_timeout(support::PATIENCE).unwrap();
    assert!(!server.has_extension("shout"));
    server.close().unwrap();
    thread.join().unwrap();
}

#[test]
fn tokens_that_come_from_events_and_peers() {
    let there = server(ServerOptions::new());
    let thread = echo(&there);
    let here = server(ServerOptions::new());
    let options = ClientOptions::new(&url(&there)).token_from_events().reconnect_initial(Duration::from_millis(1));
    let peer = here.connect_peer(&options).unwrap();
    let mut asked = 0;
    let session = awaited(
        |wait| here.next_event(wait),
        |event| match event {
            Event::Token(request) => {
                asked += 1;
                if asked == 1 {
                    request.fail("no token today").unwrap()
                } else {
                    request.give("good").unwrap()
                }
                None
            }
            Event::Session(session) => Some(session),
            _ => None,
        },
    );
    assert_eq!((asked, &session, session.is_peer()), (2, &peer, true));
    drop(here);
    there.close().unwrap();
    thread.join().unwrap();
}

#[test]
fn the_log_goes_where_it_is_told_to() {
    let (told, lines) = std::sync::mpsc::channel();
    let told = std::sync::Mutex::new(told);
    let write = move |_: LogLevel, line: &str| drop(told.lock().unwrap().send(line.to_owned()));
    cryo::set_log(LogLevel::DEBUG, Some(Box::new(write))).unwrap();
    let server = server(ServerOptions::new());
    server.add_extension(&Extension::new("faulty").on_receive(Kind::UTF8)).unwrap();
    let thread = echo(&server); // which drops the ticket of a hook
    let client = client(ClientOptions::new(&url(&server)));
    connected(&client);
    client.session().send("x").unwrap();
    while !lines.recv_timeout(support::PATIENCE).unwrap().contains("faulty") {}
    cryo::set_log(LogLevel::WARNING, None).unwrap();
    server.close().unwrap();
    thread.join().unwrap();
}
