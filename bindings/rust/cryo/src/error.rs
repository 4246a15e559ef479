//! What went wrong.

use std::fmt;

use crate::{raw, Status};

/// A status of `cryo.h`, and a sentence for people. Programs branch on the status.
#[derive(Clone, PartialEq, Eq)]
pub struct Error {
    status: Status,
    text: String,
}

/// What calls answer.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub(crate) fn new(status: Status, text: impl Into<String>) -> Self {
        Self { status, text: text.into() }
    }

    /// What programs branch on.
    pub fn status(&self) -> Status {
        self.status
    }

    /// The status's name in `cryo.h`, `CRYO_ERR_CLOSED` for example.
    pub fn name(&self) -> String {
        self.status.name()
    }

    /// What went wrong, where, and what to do.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl From<Status> for Error {
    /// Without a text.
    fn from(status: Status) -> Self {
        Self::new(status, "")
    }
}

impl Status {
    /// Its name in `cryo.h`, `CRYO_ERR_CLOSED` for example.
    pub fn name(self) -> String {
        raw::cryo_status_name(self.0)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.text.is_empty() {
            return to.write_str(&self.name());
        }
        write!(to, "{} ({})", self.text, self.name())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "Error({})", self)
    }
}

impl std::error::Error for Error {}
