//! Real-time WebSocket sessions: Cryo servers and clients, over libcryo.
//!
//! A [`Server`] lets in who has a good token, and tells of each [`Session`] and its messages by
//! [`Event`]s. A [`Client`] is one session from its other end, which connects again by itself when the
//! connection is lost. Events are taken by an iterator, by a function with a time-out, by an
//! [`EventStream`] that a task polls, or by any event loop that can watch a descriptor.
//!
//! Everything here may be used from any thread, but for options, which are for one at a time.
//! Tickets ([`Auth`], [`Hook`], [`TokenRequest`]) that are dropped without an answer refuse.
//!
//! What each option and call does in full is written in `cryo.h`.

#![deny(unsafe_code)]
#![warn(missing_docs)]

mod client;
#[rustfmt::skip]
mod codes;
mod endpoint;
mod error;
mod event;
mod extension;
mod id;
mod message;
#[allow(missing_docs)]
#[rustfmt::skip]
mod options;
mod raw;
mod receipt;
mod server;
mod session;
mod settings;
mod stream;
mod table;
mod tickets;

pub use client::Client;
pub use codes::*;
pub use error::{Error, Result};
pub use event::{Attempt, Event, Events};
pub use extension::Extension;
pub use id::SessionId;
pub use message::{Message, Payload};
pub use receipt::{Delivery, Receipt};
pub use server::{Drain, Server};
pub use session::{PeerCertificate, SendOptions, Session, Values};
pub use settings::{ClientOptions, ServerOptions};
pub use stream::{EventStream, Next};
pub use tickets::{Auth, Hook, TokenRequest};

/// What is printed there compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

/// The version of this crate, and of the `cryo.h` that it is made from.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The version of the library that is loaded, `0.1.0` for example.
pub fn library_version() -> String {
    raw::cryo_version_string()
}

/// What the library was built with and runs on, for bug reports.
pub fn build_info() -> String {
    raw::cryo_build_info()
}

/// Where the library's log goes, for the whole process: lines of this level and below, each without its
/// end. The function is called from any thread, one call at a time, and must not call this one. `None`:
/// to standard error, as it is at the start, with [`LogLevel::WARNING`].
pub fn set_log(level: LogLevel, write: Option<Box<dyn Fn(LogLevel, &str) + Send + Sync>>) -> Result<()> {
    raw::set_log(level.0, write)
}
