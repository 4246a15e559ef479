//! Servers, clients and what passes between them.

mod support;

use std::time::Duration;

use cryo::{
    Client, ClientOptions, CloseCode, Drain, Event, Message, Outcome, SendOptions, Server, ServerOptions, ServerStat,
    Session, SessionId, Stat, Status,
};
use support::{awaited, client, connected, echo, server, url};

#[test]
fn what_is_sent_comes_back() {
    let server = server(ServerOptions::new());
    let thread = echo(&server);
    let client = client(ClientOptions::new(&url(&server)));
    connected(&client);
    for message in [
        Message::Text(String::new()),
        Message::Text("a\0b".into()),
        Message::Text("ä€".into()),
        Message::Binary(Vec::new()),
        Message::Binary(vec![0, 255]),
        Message::Binary(vec![7; 1 << 20]),
    ] {
        client.session().send(&message).unwrap();
        let came = awaited(
            |wait| client.next_event(wait),
            |event| match event {
                Event::Message { message, id: 0, .. } => Some(message),
                _ => None,
            },
        );
        assert_eq!(came, message);
    }
    server.close().unwrap();
    thread.join().unwrap();
}

#[test]
fn the_crate_and_the_library_have_one_version() {
    let of_the_header = [cryo_sys::CRYO_VERSION_MAJOR, cryo_sys::CRYO_VERSION_MINOR, cryo_sys::CRYO_VERSION_PATCH];
    assert_eq!(of_the_header.map(|part| part.to_string()).join("."), cryo::VERSION);
    assert_eq!(cryo::library_version(), cryo::VERSION);
    assert!(cryo::build_info().contains("libwebsockets"));
}

#[test]
fn errors_have_a_status_and_a_text() {
    let first = server(ServerOptions::new());
    let second = Server::new(&ServerOptions::new().port(first.port())).unwrap();
    let error = second.start().unwrap_err();
    assert_eq!((error.status(), error.name().as_str()), (Status::ADDRESS_IN_USE, "CRYO_ERR_ADDRESS_IN_USE"));
    assert!(!error.text().is_empty() && error.to_string().contains("CRYO_ERR_ADDRESS_IN_USE"));
    for options in [
        ServerOptions::new().keepalive(Duration::from_millis(1)),
        ServerOptions::new().keepalive(Duration::MAX).port(0),
        ServerOptions::new().host("a\0b"),
        ServerOptions::new().threads(257).threads(1),
    ] {
        assert_eq!(Server::new(&options).map(|_| ()).unwrap_err().status(), Status::INVALID);
    }
    assert_eq!(Client::new(&ClientOptions::new("http://nothing")).map(|_| ()).unwrap_err().status(), Status::INVALID);
    assert_eq!(second.wait(Some(Duration::ZERO)).unwrap_err().status(), Status::STATE);
    assert_eq!(format!("{:?} {:?}", Status::CLOSED, Status(-99)), "Status::CLOSED Status(-99)");
}

#[test]
fn a_session_is_one_object_and_outlives_its_end() {
    let server = server(ServerOptions::new().session_header("X-One"));
    let options =
        ClientOptions::new(&url(&server)).parameter("name", "Ada & co").header("X-One", "1").reconnect_attempts(0);
    let client = client(options);
    let mut next = |wait| server.next_event(wait);
    awaited(&mut next, |event| match event {
        Event::Auth(mut auth) => {
            assert_eq!((auth.parameter("name").as_deref(), auth.path().as_str()), (Some("Ada & co"), "/"));
            assert!(
                auth.header("x-one").is_some() && auth.header("none").is_none() && !auth.remote_address().is_empty()
            );
            assert!(auth.peer_certificate().is_none() && auth.proxy_address().is_empty());
            assert!(!format!("{:?}", auth).contains("good"));
            auth.set("user", 7u32);
            auth.set_claim("role", Some("admin")).unwrap();
            auth.set_claim("gone", Some("x")).unwrap();
            auth.set_claim("gone", None).unwrap();
            auth.set_expiry(None).unwrap();
            auth.accept().unwrap();
            Some(())
        }
        _ => None,
    });
    let session = awaited(&mut next, |event| match event {
        Event::Session(session) => Some(session),
        _ => None,
    });
    assert_eq!(session.get::<u32>("user").as_deref(), Some(&7));
    assert!(session.get::<String>("user").is_none());
    assert_eq!((session.claim("role").as_deref(), session.claim("gone")), (Some("admin"), None));
    assert_eq!(session.header("X-One").as_deref(), Some("1"));
    assert_eq!((session.token().as_str(), session.id()), ("good", client.session().id()));
    assert_eq!(session.parameters().len(), 2);
    assert_eq!(session.id().to_string().parse::<SessionId>().unwrap(), session.id());
    assert!("8c6a".parse::<SessionId>().is_err());
    session.set("room", "blue".to_owned());
    let found = server.find(session.id()).unwrap();
    assert_eq!(found.get::<String>("room").as_deref().map(String::as_str), Some("blue"));
    assert_eq!(server.sessions(), [session.clone()]);
    assert!(server.find(SessionId([0; 16])).is_none());
    assert_eq!(server.broadcast("all", None).unwrap(), 1);
    assert_eq!(server.broadcast("all but one", Some(&session)).unwrap(), 0);
    assert_eq!(Session::send_all([&session], "these").unwrap(), (vec![Status::OK], 1));
    assert_eq!(server.stat(ServerStat::ACCEPTED_SESSIONS, 0).unwrap(), 1.0);
    assert!(server.metrics().unwrap().contains("cryo"));
    session.close(CloseCode(4321), "bye").unwrap();
    let (code, reason) = awaited(
        |wait| client.next_event(wait),
        |event| match event {
            Event::Closed { code, reason, .. } => Some((code, reason)),
            _ => None,
        },
    );
    assert_eq!((code, reason.as_str()), (CloseCode(4321), "bye"));
    assert_eq!(session.send("x").unwrap_err().status(), Status::CLOSED);
    assert_eq!(session.id(), client.session().id());
    assert!(!session.is_open());
}

#[test]
fn a_ticket_that_is_dropped_refuses() {
    let server = server(ServerOptions::new());
    let client = client(ClientOptions::new(&url(&server)));
    awaited(|wait| server.next_event(wait), |event| matches!(event, Event::Auth(_)).then(|| ()));
    let attempt = awaited(
        |wait| client.next_event(wait),
        |event| match event {
            Event::AttemptFailed { attempt, .. } => Some(attempt),
            _ => None,
        },
    );
    assert_eq!((attempt.status, attempt.http_status, attempt.retry_after), (Status::HTTP, 401, None));
    client.wait(None).unwrap();
}

#[test]
fn events_end_with_the_server() {
    let server = server(ServerOptions::new());
    let stopper = server.clone();
    let mut seen = 0;
    for event in server.events() {
        seen += 1;
        assert!(matches!(event, Event::Listening { .. }));
        stopper.drain(Drain::default()).unwrap();
    }
    assert_eq!(seen, 1);
    assert!(server.next_event(None).is_none());
    assert_eq!(server.start().unwrap_err().status(), Status::STATE);
}

#[test]
fn a_wait_is_woken() {
    let server = server(ServerOptions::new());
    awaited(|wait| server.next_event(wait), |event| matches!(event, Event::Listening { .. }).then(|| ()));
    server.wake();
    assert!(server.next_event(None).is_none());
}

#[test]
fn receipts() {
    let server = server(ServerOptions::new().manual_ack(true));
    let client = client(ClientOptions::new(&url(&server)).resend(true));
    awaited(
        |wait| server.next_event(wait),
        |event| match event {
            Event::Auth(auth) => auth.accept().ok(),
            _ => None,
        },
    );
    connected(&client);
    client.session().send_with("x", SendOptions { receipt: 7, ..SendOptions::default() }).unwrap();
    let id = awaited(
        |wait| server.next_event(wait),
        |event| match event {
            Event::Message { session, id, .. } => session.ack(id).map(|()| id).ok(),
            _ => None,
        },
    );
    assert_ne!(id, 0);
    let receipt = awaited(
        |wait| client.next_event(wait),
        |event| match event {
            Event::Receipt { receipt, .. } => Some(receipt),
            _ => None,
        },
    );
    assert_eq!((receipt.number, receipt.outcome), (7, Outcome::ACKNOWLEDGED));
    assert!(receipt.rtt.is_some() && client.session().stat(Stat::RTT).is_ok());
    for key in ["", "a\0b"] {
        let sent = client.session().send_with("x", SendOptions { key: Some(key), receipt: 0 });
        assert_eq!(sent.unwrap_err().status(), Status::INVALID);
    }
    let sent = client.session().send_with("x", SendOptions { key: None, receipt: 1 << 63 });
    assert_eq!(sent.unwrap_err().status(), Status::INVALID);
}
