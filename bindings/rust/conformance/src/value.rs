//! What commands and options are given.

use std::collections::BTreeMap;
use std::time::Duration;

use cryo::{Message, SessionId};

use crate::json::Json;

pub type Fields = BTreeMap<String, Json>;

/// One line of the driver's input.
pub struct Command(pub Fields);

impl Command {
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub fn text(&self, name: &str) -> &str {
        match self.0.get(name) {
            Some(Json::Text(text)) => text,
            _ => "",
        }
    }

    pub fn optional(&self, name: &str) -> Option<&str> {
        self.has(name).then(|| self.text(name))
    }

    pub fn number(&self, name: &str) -> f64 {
        match self.0.get(name) {
            Some(Json::Number(number)) => *number,
            _ => 0.0,
        }
    }

    pub fn milliseconds(&self, name: &str) -> Duration {
        Duration::from_millis(self.number(name) as u64)
    }

    pub fn flag(&self, name: &str) -> bool {
        self.0.get(name) == Some(&Json::Bool(true))
    }

    pub fn list(&self, name: &str) -> Vec<String> {
        match self.0.get(name) {
            Some(Json::List(list)) => list.iter().map(|each| text_of(each).to_owned()).collect(),
            _ => Vec::new(),
        }
    }

    pub fn fields(&self, name: &str) -> Fields {
        match self.0.get(name) {
            Some(Json::Object(fields)) => fields.clone(),
            _ => Fields::new(),
        }
    }

    pub fn message(&self) -> Message {
        if self.has("text") {
            return Message::Text(self.text("text").to_owned());
        }
        if self.has("hex") {
            let digits = self.text("hex");
            let pairs = (0..digits.len()).step_by(2).map(|at| &digits[at..at + 2]);
            return Message::Binary(pairs.map(|pair| u8::from_str_radix(pair, 16).expect("two digits")).collect());
        }
        Message::Binary(vec![self.number("fill") as u8; self.number("size") as usize])
    }
}

pub fn text_of(value: &Json) -> &str {
    match value {
        Json::Text(text) => text,
        _ => "",
    }
}

pub fn shown(message: &Message) -> Fields {
    let bytes = message.as_bytes();
    let mut fields = Fields::new();
    if bytes.len() > 1000 {
        let sum: u64 = bytes.iter().map(|each| u64::from(*each)).sum();
        fields.insert("size".into(), Json::Number(bytes.len() as f64));
        fields.insert("sum".into(), Json::Number(sum as f64));
    } else if let Some(text) = message.as_text() {
        fields.insert("text".into(), text.into());
    } else {
        let hex: String = bytes.iter().map(|each| format!("{:02x}", each)).collect();
        fields.insert("hex".into(), hex.into());
    }
    fields
}

/// The values of an option.
pub struct Given(pub Vec<Json>);

impl Given {
    pub fn number(&self, at: usize) -> f64 {
        match self.0.get(at) {
            Some(Json::Number(number)) => *number,
            _ => 0.0,
        }
    }

    pub fn text(&self, at: usize) -> &str {
        self.0.get(at).map_or("", text_of)
    }

    pub fn optional(&self, at: usize) -> Option<&str> {
        self.0.get(at).map(text_of)
    }

    pub fn milliseconds(&self, at: usize) -> Duration {
        Duration::from_millis(self.number(at) as u64)
    }

    pub fn id(&self, at: usize) -> [u8; 16] {
        self.text(at).parse::<SessionId>().expect("an id").0
    }
}

/// Calls `set` for each option, and once for each value of those that are added one by one.
pub fn set_all<O>(mut options: O, given: Fields, set: fn(O, &str, &Given) -> Option<(O, usize)>) -> O {
    for (name, value) in given {
        let mut list = match value {
            Json::List(list) => list,
            one => vec![one],
        };
        loop {
            let given = Given(list);
            let (next, count) = set(options, &name, &given).unwrap_or_else(|| panic!("there is no option {}", name));
            options = next;
            list = given.0;
            if count == 0 || list.len() <= count {
                break;
            }
            list.drain(..count);
        }
    }
    options
}
