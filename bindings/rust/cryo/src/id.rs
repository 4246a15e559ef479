//! What a session is known by.

use std::fmt;

use crate::error::{Error, Result};
use crate::Status;

/// What a session is known by: 16 bytes, which the client chooses.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionId(pub [u8; 16]);

impl fmt::Display for SessionId {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            let dash = if matches!(at, 4 | 6 | 8 | 10) { "-" } else { "" };
            write!(to, "{}{:02x}", dash, byte)?;
        }
        Ok(())
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, to)
    }
}

impl std::str::FromStr for SessionId {
    type Err = Error;

    /// Reads what `Display` writes.
    fn from_str(from: &str) -> Result<Self> {
        let digits: Vec<u8> = from.bytes().filter(|byte| *byte != b'-').collect();
        let none =
            || Error::new(Status::INVALID, "a session id has 36 characters, as 8c6a1f0e-2b7d-4e93-a5c4-0f1e2d3c4b5a");
        if from.len() != 36 || digits.len() != 32 {
            return Err(none());
        }
        let mut id = [0; 16];
        for (byte, pair) in id.iter_mut().zip(digits.chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| none())?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| none())?;
        }
        Ok(Self(id))
    }
}
