//! A server or a client, and what it does about its events on a thread of its own.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::thread;

use cryo::{Auth, Client, DropReason, Event, Extension, Outcome, Server, Session};

use crate::json::Json;
use crate::value::{shown, Command, Fields};
use crate::{tell, Ticket, World};

#[derive(Clone)]
pub enum End {
    Server(Server),
    Client(Client),
}

pub struct Program {
    pub name: String,
    pub end: Mutex<Option<End>>,
    pub echo: bool,
    pub by_hand: bool,
    pub answers: String, // the validator or token provider
    pub throws: Mutex<HashSet<String>>,
    pub extensions: Mutex<HashMap<String, Arc<Command>>>,
    pub thread: Mutex<Option<thread::JoinHandle<()>>>,
}

/// An extension, and what its hooks do.
pub struct Hooks {
    pub extension: Extension,
    pub name: String,
    pub command: Arc<Command>,
}

impl Program {
    pub fn new(given: &Command, answers: &str, by_hand: bool) -> Arc<Self> {
        Arc::new(Self {
            name: given.text("as").to_owned(),
            end: Mutex::default(),
            echo: given.flag("echo"),
            by_hand,
            answers: answers.to_owned(),
            throws: Mutex::default(),
            extensions: Mutex::default(),
            thread: Mutex::default(),
        })
    }

    /// Starts, and takes events until the end.
    pub fn start(self: &Arc<Self>, world: &Arc<World>, end: End) -> cryo::Result<()> {
        match &end {
            End::Server(server) => server.start()?,
            End::Client(client) => client.start()?,
        }
        *self.end.lock().unwrap() = Some(end.clone());
        let (program, world) = (Arc::clone(self), Arc::clone(world));
        let run = move || match end {
            End::Server(server) => server.handle_events(|event| program.handle(&world, event)),
            End::Client(client) => client.handle_events(|event| program.handle(&world, event)),
        };
        *self.thread.lock().unwrap() = Some(thread::spawn(run));
        Ok(())
    }

    /// To the end, once: what is done with it afterwards answers on.
    pub fn free(&self) {
        match self.end.lock().unwrap().clone() {
            Some(End::Server(server)) => drop(server.stop()),
            Some(End::Client(client)) => drop(client.close(cryo::CloseCode::GRACEFUL, "")),
            None => {}
        }
        if let Some(thread) = self.thread.lock().unwrap().take() {
            thread.join().expect("the thread of the events");
        }
    }

    fn is_client(&self) -> bool {
        matches!(*self.end.lock().unwrap(), Some(End::Client(_)))
    }

    fn name_of(&self, session: &Session) -> String {
        session.get::<String>("name").map_or_else(|| self.name.clone(), |name| (*name).clone())
    }

    fn done(&self, event: &str, on: &str, fields: Fields) {
        tell(event, on, fields);
        let throws = self.throws.lock().unwrap().contains(event);
        assert!(!throws, "thrown in {}", event);
    }

    fn of(&self, event: &str, session: &Session, fields: Fields) {
        self.done(event, &self.name_of(session), fields);
    }

    fn handle(&self, world: &World, event: Event) -> cryo::Result<()> {
        match event {
            Event::Listening { port, .. } => self.done("listening", &self.name, one("port", i32::from(port))),
            Event::Auth(auth) => return self.validate(world, auth),
            Event::Session(_) if self.is_client() => self.done("session", &self.name, Fields::new()),
            Event::Session(session) => {
                let name = world.new_session(&self.name, &session);
                self.done("session", &self.name, one("session", name));
            }
            Event::Message { session, message, id } => {
                if self.echo {
                    let _ = session.send(&message); // it may close meanwhile
                }
                let mut fields = shown(&message);
                if self.by_hand {
                    fields.insert("message".into(), Json::Number(id as f64));
                }
                self.of("message", &session, fields);
            }
            Event::Closed { session, code, reason } => {
                let fields = [("code".into(), code.0.into()), ("reason".into(), reason.into())];
                self.of("closed", &session, fields.into());
            }
            Event::Disconnected { session, code, reason } => {
                let fields = [("code".into(), code.0.into()), ("reason".into(), reason.into())];
                self.of("disconnected", &session, fields.into());
            }
            Event::Reconnected(session) => self.of("reconnected", &session, Fields::new()),
            Event::AttemptFailed { attempt, .. } => {
                let retry = attempt.retry_after.map_or(-1.0, |after| after.as_millis() as f64);
                let fields = [
                    ("status".into(), attempt.status.name().into()),
                    ("http_status".into(), attempt.http_status.into()),
                    ("retry_ms".into(), retry.into()),
                ];
                self.done("attempt_failed", &self.name, fields.into());
            }
            Event::Lost { session, message } => self.of("lost", &session, shown(&message)),
            Event::Dropped { session, reason, message } => {
                let mut fields = shown(&message);
                fields.insert("reason".into(), reason_name(reason).into());
                self.of("dropped", &session, fields);
            }
            Event::Writable(session) => self.of("writable", &session, Fields::new()),
            Event::Receipt { session, receipt } => {
                let fields = [
                    ("receipt".into(), Json::Number(receipt.number as f64)),
                    ("outcome".into(), outcome_name(receipt.outcome).into()),
                    ("by".into(), receipt.by.into()),
                ];
                self.of("receipt", &session, fields.into());
            }
            Event::Hook(hook) => return self.hook(world, hook),
            Event::Token(request) => match self.answers.as_str() {
                "good" => return request.give("good"),
                "throw" => panic!("thrown in the token provider"),
                _ => world.keep(Ticket::Token(request)),
            },
            _ => {}
        }
        Ok(())
    }

    fn validate(&self, world: &World, auth: Auth) -> cryo::Result<()> {
        let settle = |auth: Auth| if auth.token() == "good" { auth.accept() } else { auth.reject("") };
        match self.answers.as_str() {
            "later" => drop(thread::spawn(move || settle(auth))),
            "throw" => panic!("thrown in the validator"),
            "ask" => {
                let token = auth.token().to_owned();
                let ticket = world.new_ticket(Ticket::Auth(auth));
                tell("auth", &self.name, [("ticket".into(), ticket.into()), ("token".into(), token.into())].into());
            }
            "never" => world.keep(Ticket::Auth(auth)),
            _ => return settle(auth),
        }
        Ok(())
    }

    fn hook(&self, world: &World, hook: cryo::Hook) -> cryo::Result<()> {
        let command = self.extensions.lock().unwrap().get(&hook.extension).cloned();
        let command = command.expect("an extension that was added");
        match command.text("does") {
            "pass" => return hook.pass(),
            "replace" => return hook.replace(command.message().as_bytes()),
            "stop" => return hook.stop(),
            "throw" => panic!("thrown in a hook"),
            "ask" => {
                let (mut fields, on) = (shown(&hook.message), self.name_of(&hook.session));
                let direction =
                    if hook.direction == cryo::Direction::BEFORE_SEND { "before_send" } else { "on_receive" };
                fields.insert("extension".into(), hook.extension.as_str().into());
                fields.insert("direction".into(), direction.into());
                fields.insert("ticket".into(), world.new_ticket(Ticket::Hook(hook)).into());
                tell("hook", &on, fields);
            }
            _ => world.keep(Ticket::Hook(hook)),
        }
        Ok(())
    }
}

pub fn one(name: &str, value: impl Into<Json>) -> Fields {
    [(name.to_owned(), value.into())].into()
}

fn reason_name(reason: DropReason) -> String {
    format!("{:?}", reason).trim_start_matches("DropReason::").to_lowercase()
}

fn outcome_name(outcome: Outcome) -> String {
    format!("{:?}", outcome).trim_start_matches("Outcome::").to_lowercase()
}
