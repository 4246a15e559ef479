//! One for each `do`.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use cryo::{
    Client, ClientOptions, CloseCode, Direction, Drain, Error, Extension, Kind, SendOptions, Server, ServerOptions,
    Session, Status, Verdict,
};

use crate::figures;
use crate::json::Json;
use crate::options::{client_option, server_option};
use crate::program::{one, End, Hooks, Program};
use crate::value::{set_all, text_of, Command, Fields};
use crate::{Object, Ticket, World};

type Gives = cryo::Result<Fields>;

pub fn carry_out(world: &Arc<World>, given: &Command) -> Gives {
    let on = given.text("on");
    match given.text("do") {
        "server" => return new_server(world, given),
        "client" => new_client(world, given)?,
        "send" => send(&session(world, on), given)?,
        "broadcast" => {
            let except = given.optional("except").map(|name| session(world, name));
            server(world, on).broadcast(&given.message(), except.as_ref())?;
        }
        "burst" => burst(world, given)?,
        "ping" => session(world, on).ping()?,
        "close" => close(world, given)?,
        "stop" => server(world, on).stop()?,
        "wait" => wait(&program(world, on))?,
        "free" => program(world, on).free(),
        "drain" => server(world, on).drain(Drain {
            deadline: given.milliseconds("deadline_ms"),
            batch: given.milliseconds("batch_ms"),
            ..Drain::default()
        })?,
        "accept" | "replace" | "reject" | "refuse" => settle_auth(world, given)?,
        "pass" | "replace_with" | "stop_message" | "fail_message" => settle_hook(world, given)?,
        "extension" => world.put(given.text("as"), Object::Hooks(Arc::new(new_extension(given)))),
        "add_extension" => add_extension(world, given)?,
        "remove_extension" => remove_extension(world, given)?,
        "get" => return figures::get(world, given),
        "find" => return figures::find(world, given),
        "put" => session(world, on).set(given.text("key"), given.0["value"].clone()),
        "value" => {
            let value = session(world, on).get::<Json>(given.text("key"));
            return Ok(one("value", value.map_or(Json::Null, |value| (*value).clone())));
        }
        "pause" => session(world, on).pause()?,
        "resume" => session(world, on).resume()?,
        "ack" => session(world, on).ack(given.number("message") as u64)?,
        "throw_in" => drop(program(world, on).throws.lock().unwrap().insert(given.text("event").to_owned())),
        "fork" => return Ok(one("child", fork())),
        other => panic!("there is no {}", other),
    }
    Ok(Fields::new())
}

pub fn program(world: &World, name: &str) -> Arc<Program> {
    match world.get(name) {
        Object::Program(program) => program,
        _ => panic!("{} is no server or client", name),
    }
}

pub fn server(world: &World, name: &str) -> Server {
    match program(world, name).end.lock().unwrap().clone() {
        Some(End::Server(server)) => server,
        _ => panic!("{} is no server", name),
    }
}

pub fn session(world: &World, name: &str) -> Session {
    match world.get(name) {
        Object::Session(session) => session,
        Object::Program(program) => match program.end.lock().unwrap().clone() {
            Some(End::Client(client)) => client.session().clone(),
            _ => panic!("{} has no session", name),
        },
        Object::Hooks(_) => panic!("{} is no session", name),
    }
}

fn new_server(world: &Arc<World>, given: &Command) -> Gives {
    let options = set_all(ServerOptions::new().port(0), given.fields("options"), server_option);
    let by_hand = given.fields("options").get("manual_ack") == Some(&Json::Number(1.0));
    let program = Program::new(given, given.text("validator"), by_hand);
    let server = Server::new(&options)?;
    program.start(world, End::Server(server.clone()))?;
    world.put(given.text("as"), Object::Program(program));
    Ok(one("port", i32::from(server.port())))
}

fn new_client(world: &Arc<World>, given: &Command) -> cryo::Result<()> {
    let fields = given.fields("options");
    let url = given.optional("url").map_or_else(
        || {
            let port = server(world, given.text("to")).port();
            let secure = fields.contains_key("tls_ca_file");
            if secure {
                format!("wss://localhost:{}", port)
            } else {
                format!("ws://127.0.0.1:{}", port)
            }
        },
        str::to_owned,
    );
    let options = set_all(ClientOptions::new(&url), fields, client_option);
    let options = if given.has("provider") {
        options.token_from_events()
    } else {
        options.token(given.optional("token").unwrap_or("good"))
    };
    let program = Program::new(given, given.text("provider"), false);
    let client = Client::new(&options)?;
    client.session().set("name", given.text("as").to_owned());
    world.put(given.text("as"), Object::Program(Arc::clone(&program)));
    program.start(world, End::Client(client))
}

fn send(to: &Session, given: &Command) -> cryo::Result<()> {
    let options = SendOptions { key: given.optional("key"), receipt: given.number("receipt") as u64 };
    if options.key.is_none() && options.receipt == 0 {
        return to.send(&given.message());
    }
    to.send_with(&given.message(), options)
}

fn burst(world: &World, given: &Command) -> cryo::Result<()> {
    let sessions: Vec<Session> = given.list("on").iter().map(|name| session(world, name)).collect();
    let (count, text) = (given.number("count") as usize, given.text("text"));
    thread::scope(|scope| {
        let send = |first: usize| {
            let sessions = &sessions;
            move || {
                (first..first + count)
                    .try_for_each(|number| sessions[number % sessions.len()].send(&format!("{} {}", text, number)))
            }
        };
        let threads: Vec<_> =
            (0..given.number("threads") as usize).map(|number| scope.spawn(send(number * count))).collect();
        threads.into_iter().try_for_each(|thread| thread.join().expect("a thread that sends"))
    })
}

fn close(world: &World, given: &Command) -> cryo::Result<()> {
    let code = if given.has("code") { CloseCode(given.number("code") as i32) } else { CloseCode::GRACEFUL };
    if let Object::Program(program) = world.get(given.text("on")) {
        if let Some(End::Client(client)) = program.end.lock().unwrap().clone() {
            return client.close(code, given.text("reason"));
        }
    }
    session(world, given.text("on")).close(code, given.text("reason"))
}

fn wait(program: &Program) -> cryo::Result<()> {
    let most = Some(Duration::from_secs(20));
    match program.end.lock().unwrap().clone() {
        Some(End::Server(server)) => server.wait(most),
        Some(End::Client(client)) => client.wait(most),
        None => panic!("it was not started"),
    }
}

fn settled_before() -> cryo::Result<()> {
    // A ticket that was settled is gone: Rust does not let it be settled twice.
    Err(Error::from(Status::STATE))
}

fn settle_auth(world: &World, given: &Command) -> cryo::Result<()> {
    let auth = match world.ticket(given.text("ticket")) {
        Some(Ticket::Auth(auth)) => auth,
        _ => return settled_before(),
    };
    match given.text("do") {
        "accept" => {
            for (name, value) in given.fields("claims") {
                auth.set_claim(&name, Some(text_of(&value)))?;
            }
            if given.has("expiry_ms") {
                auth.set_expiry(Some(given.milliseconds("expiry_ms")))?;
            }
            auth.accept()
        }
        "replace" => auth.replace(),
        "reject" => auth.reject(given.text("reason")),
        _ => auth.refuse(given.number("status") as i32, given.text("reason"), Duration::ZERO),
    }
}

fn settle_hook(world: &World, given: &Command) -> cryo::Result<()> {
    let hook = match world.ticket(given.text("ticket")) {
        Some(Ticket::Hook(hook)) => hook,
        _ => return settled_before(),
    };
    match given.text("do") {
        "pass" => hook.pass(),
        "replace_with" => hook.replace(given.message().as_bytes()),
        "stop_message" => hook.stop(),
        _ => hook.fail(given.text("reason")),
    }
}

fn new_extension(given: &Command) -> Hooks {
    let mut extension = Extension::new(given.text("name"));
    for hook in given.list("hooks") {
        let kind = if hook.ends_with("utf8") { Kind::UTF8 } else { Kind::BINARY };
        extension = extension
            .asking(if hook.starts_with("before_send") { Direction::BEFORE_SEND } else { Direction::ON_RECEIVE }, kind);
    }
    if given.has("timeout_ms") {
        extension = extension.timeout(given.milliseconds("timeout_ms"));
    }
    if given.text("on_failure") == "pass" {
        extension = extension.on_failure(Verdict::PASS);
    }
    Hooks { extension, name: given.text("name").to_owned(), command: Arc::new(Command(given.0.clone())) }
}

fn hooks(world: &World, given: &Command) -> Arc<Hooks> {
    match world.get(given.text("extension")) {
        Object::Hooks(hooks) => hooks,
        _ => panic!("{} is no extension", given.text("extension")),
    }
}

fn add_extension(world: &World, given: &Command) -> cryo::Result<()> {
    let (program, hooks) = (program(world, given.text("on")), hooks(world, given));
    program.extensions.lock().unwrap().insert(hooks.name.clone(), Arc::clone(&hooks.command));
    let end = program.end.lock().unwrap().clone();
    match end.expect("it was started") {
        End::Server(server) => server.add_extension(&hooks.extension),
        End::Client(client) => client.add_extension(&hooks.extension),
    }
}

fn remove_extension(world: &World, given: &Command) -> cryo::Result<()> {
    let (program, hooks) = (program(world, given.text("on")), hooks(world, given));
    let end = program.end.lock().unwrap().clone();
    match end.expect("it was started") {
        End::Server(server) => server.remove_extension(&hooks.name),
        End::Client(client) => client.remove_extension(&hooks.name),
    }
}

extern "C" {
    #[link_name = "fork"]
    fn c_fork() -> i32;
    fn waitpid(child: i32, status: *mut i32, options: i32) -> i32;
}

fn fork() -> i32 {
    // SAFETY: the child only ends, as a program does.
    let child = unsafe { c_fork() };
    if child == 0 {
        std::process::exit(7);
    }
    let mut status = 0;
    // SAFETY: of our child, into our variable.
    unsafe { waitpid(child, &mut status, 0) };
    status >> 8
}
