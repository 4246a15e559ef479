//! As much JSON as the driver's lines need: the standard library has none.

use std::collections::BTreeMap;
use std::fmt;

#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Json>),
    Object(BTreeMap<String, Json>),
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<f64> for Json {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<i32> for Json {
    fn from(number: i32) -> Self {
        Self::Number(number.into())
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<Option<String>> for Json {
    fn from(text: Option<String>) -> Self {
        text.map_or(Self::Null, Self::Text)
    }
}

impl fmt::Display for Json {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => to.write_str("null"),
            Self::Bool(value) => write!(to, "{}", value),
            Self::Number(number) => write!(to, "{}", number),
            Self::Text(text) => quoted(text, to),
            Self::List(list) => {
                to.write_str("[")?;
                for (at, each) in list.iter().enumerate() {
                    write!(to, "{}{}", if at > 0 { ", " } else { "" }, each)?;
                }
                to.write_str("]")
            }
            Self::Object(fields) => {
                to.write_str("{")?;
                for (at, (name, each)) in fields.iter().enumerate() {
                    to.write_str(if at > 0 { ", " } else { "" })?;
                    quoted(name, to)?;
                    write!(to, ": {}", each)?;
                }
                to.write_str("}")
            }
        }
    }
}

fn quoted(text: &str, to: &mut fmt::Formatter<'_>) -> fmt::Result {
    to.write_str("\"")?;
    for each in text.chars() {
        match each {
            '"' | '\\' => write!(to, "\\{}", each)?,
            each if u32::from(each) < 0x20 => write!(to, "\\u{:04x}", u32::from(each))?,
            each => write!(to, "{}", each)?,
        }
    }
    to.write_str("\"")
}

/// Panics where it is none: the lines come from run.py.
pub fn parse(text: &str) -> Json {
    let mut reader = Reader { bytes: text.as_bytes(), at: 0 };
    reader.value()
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn next(&mut self) -> u8 {
        while self.bytes[self.at].is_ascii_whitespace() {
            self.at += 1;
        }
        self.bytes[self.at]
    }

    fn take(&mut self, expected: u8) -> bool {
        let is = self.next() == expected;
        self.at += usize::from(is);
        is
    }

    fn value(&mut self) -> Json {
        match self.next() {
            b'{' => self.object(),
            b'[' => self.list(),
            b'"' => Json::Text(self.text()),
            b't' => self.word("true", Json::Bool(true)),
            b'f' => self.word("false", Json::Bool(false)),
            b'n' => self.word("null", Json::Null),
            _ => self.number(),
        }
    }

    fn word(&mut self, word: &str, value: Json) -> Json {
        assert!(self.bytes[self.at..].starts_with(word.as_bytes()), "no JSON");
        self.at += word.len();
        value
    }

    fn number(&mut self) -> Json {
        let begin = self.at;
        while self.at < self.bytes.len() && b"+-.eE0123456789".contains(&self.bytes[self.at]) {
            self.at += 1;
        }
        let text = std::str::from_utf8(&self.bytes[begin..self.at]).expect("ASCII");
        Json::Number(text.parse().expect("a number"))
    }

    fn list(&mut self) -> Json {
        self.at += 1;
        let mut list = Vec::new();
        while !self.take(b']') {
            list.push(self.value());
            self.take(b',');
        }
        Json::List(list)
    }

    fn object(&mut self) -> Json {
        self.at += 1;
        let mut fields = BTreeMap::new();
        while !self.take(b'}') {
            assert_eq!(self.next(), b'"', "a name");
            let name = self.text();
            assert!(self.take(b':'), "a colon");
            fields.insert(name, self.value());
            self.take(b',');
        }
        Json::Object(fields)
    }

    fn text(&mut self) -> String {
        self.at += 1;
        let mut units: Vec<u16> = Vec::new();
        loop {
            let rest = std::str::from_utf8(&self.bytes[self.at..]).expect("UTF-8");
            let each = rest.chars().next().expect("the end of a text");
            self.at += each.len_utf8();
            match each {
                '"' => return String::from_utf16(&units).expect("UTF-16"),
                '\\' => {
                    let escaped = self.bytes[self.at];
                    self.at += 1;
                    units.push(match escaped {
                        b'n' => 10,
                        b't' => 9,
                        b'r' => 13,
                        b'b' => 8,
                        b'f' => 12,
                        b'u' => {
                            let digits = std::str::from_utf8(&self.bytes[self.at..self.at + 4]).expect("digits");
                            self.at += 4;
                            u16::from_str_radix(digits, 16).expect("four digits")
                        }
                        other => other.into(),
                    });
                }
                each => units.extend_from_slice(each.encode_utf16(&mut [0; 2])),
            }
        }
    }
}
