//! What is asked of servers and sessions.

use cryo::{ServerStat, SessionId, Stat};

use crate::commands::{server, session};
use crate::json::Json;
use crate::program::one;
use crate::value::{Command, Fields};
use crate::World;

pub fn get(world: &World, given: &Command) -> cryo::Result<Fields> {
    let (what, on, name) = (given.text("what"), given.text("on"), given.text("name"));
    if what == "nothing" {
        return Ok(Fields::new());
    }
    let value: Json = match what {
        "port" | "session_count" | "metrics" | "stat" => {
            let server = server(world, on);
            match what {
                "port" => i32::from(server.port()).into(),
                "session_count" => Json::Number(server.session_count() as f64),
                "metrics" => server.metrics()?.into(),
                _ => server.stat(stat_named(name), 0)?.into(),
            }
        }
        "id" => session(world, on).id().to_string().into(),
        "token" => session(world, on).token().into(),
        "path" => session(world, on).path().into(),
        "remote_address" => session(world, on).remote_address().into(),
        "is_open" => session(world, on).is_open().into(),
        "is_secure" => session(world, on).is_secure().into(),
        "parameter" => session(world, on).parameter(name).into(),
        "header" => session(world, on).header(name).into(),
        "claim" => session(world, on).claim(name).into(),
        "queued_bytes" => session(world, on).stat(Stat::QUEUED_BYTES)?.into(),
        other => panic!("there is no {}", other),
    };
    Ok(one("value", value))
}

fn stat_named(name: &str) -> ServerStat {
    let wanted = format!("ServerStat::{}", name.to_uppercase());
    (1..).map(ServerStat).take(100).find(|stat| format!("{:?}", stat) == wanted).expect("a figure")
}

pub fn find(world: &World, given: &Command) -> cryo::Result<Fields> {
    let id: SessionId = given.text("session_id").parse()?;
    let found = server(world, given.text("on")).find(id);
    let name = found.and_then(|session| session.get::<String>("name")).map(|name| (*name).clone());
    Ok(one("session", name))
}
