//! Does what bindings/conformance tells it, over these crates. See bindings/conformance/README.md.

mod commands;
mod figures;
mod json;
#[rustfmt::skip]
mod options;
mod program;
mod value;

use std::collections::HashMap;
use std::io::{BufRead, Write};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::{Arc, Mutex};

use cryo::Session;
use json::Json;
use program::{Hooks, Program};
use value::{Command, Fields};

/// What was asked and not answered.
pub enum Ticket {
    Auth(cryo::Auth),
    Hook(cryo::Hook),
    Token(cryo::TokenRequest),
}

/// What a name stands for.
#[derive(Clone)]
pub enum Object {
    Program(Arc<Program>),
    Session(Session),
    Hooks(Arc<Hooks>),
}

#[derive(Default)]
pub struct World {
    objects: Mutex<HashMap<String, Object>>,
    counts: Mutex<HashMap<String, usize>>,
    tickets: Mutex<HashMap<String, Option<Ticket>>>,
    kept: Mutex<Vec<Ticket>>,
}

impl World {
    pub fn put(&self, name: &str, object: Object) {
        self.objects.lock().unwrap().insert(name.to_owned(), object);
    }

    pub fn get(&self, name: &str) -> Object {
        let found = self.objects.lock().unwrap().get(name).cloned();
        found.unwrap_or_else(|| panic!("there is no {}", name))
    }

    pub fn new_session(&self, owner: &str, session: &Session) -> String {
        let mut counts = self.counts.lock().unwrap();
        let count = counts.entry(owner.to_owned()).or_default();
        *count += 1;
        let name = format!("{}.{}", owner, count);
        session.set("name", name.clone());
        self.put(&name, Object::Session(session.clone()));
        name
    }

    pub fn new_ticket(&self, ticket: Ticket) -> String {
        let mut tickets = self.tickets.lock().unwrap();
        let name = format!("t{}", tickets.len() + 1);
        tickets.insert(name.clone(), Some(ticket));
        name
    }

    /// `None`: it was settled, which takes it away in Rust.
    pub fn ticket(&self, name: &str) -> Option<Ticket> {
        self.tickets.lock().unwrap().get_mut(name).and_then(Option::take)
    }

    pub fn keep(&self, ticket: Ticket) {
        self.kept.lock().unwrap().push(ticket);
    }
}

fn write(fields: Fields) {
    let mut output = std::io::stdout().lock();
    writeln!(output, "{}", Json::Object(fields)).and_then(|()| output.flush()).expect("standard output");
}

pub fn tell(event: &str, on: &str, mut fields: Fields) {
    fields.insert("event".into(), event.into());
    fields.insert("on".into(), on.into());
    write(fields);
}

fn main() {
    let features = ["threads", "fork", "throw"].map(Json::from).to_vec();
    let greeting = [
        ("driver".into(), "rust".into()),
        ("library".into(), cryo::library_version().into()),
        ("features".into(), Json::List(features)),
    ];
    write(greeting.into());
    let world = Arc::new(World::default());
    for line in std::io::stdin().lock().lines() {
        let given = match json::parse(&line.expect("standard input")) {
            Json::Object(fields) => Command(fields),
            other => panic!("no command: {}", other),
        };
        match given.text("do") {
            "exit" => std::process::exit(given.number("code") as i32),
            "throw" => panic!("nothing catches this"),
            _ => write(answer(&world, &given)),
        }
    }
}

fn answer(world: &Arc<World>, given: &Command) -> Fields {
    let mut told = match catch_unwind(AssertUnwindSafe(|| commands::carry_out(world, given))) {
        Ok(Ok(gives)) => gives,
        Ok(Err(error)) => [("error".into(), error.name().into()), ("text".into(), error.text().into())].into(),
        Err(fault) => {
            let text = fault.downcast_ref::<String>().cloned();
            program::one("fault", text.unwrap_or_else(|| "it panicked".to_owned()))
        }
    };
    told.insert("id".into(), given.0["id"].clone());
    told
}
