//! Events for a task that polls, of whatever runtime.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use crate::endpoint::{Endpoint, SLICE};
use crate::event::Event;
use crate::raw;
use crate::table::locked;

/// The events of a server or client as they come; shaped as the `Stream` of the `futures` crates. It needs no
/// runtime: a thread watches the queue while the task waits. One that can watch descriptors may do that itself
/// (`AsRawFd`) and needs none.
pub struct EventStream {
    endpoint: Arc<Endpoint>,
    watch: Arc<Watch>,
    watched: bool,
}

#[derive(Default)]
struct Watch {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waker: Option<Waker>,
    ended: bool, // nothing more comes, but for what is in the queue
    over: bool,  // nobody asks any more
}

/// The next event of an [`EventStream`].
pub struct Next<'a>(&'a mut EventStream);

impl EventStream {
    pub(crate) fn of(endpoint: Arc<Endpoint>) -> Self {
        Self { endpoint, watch: Arc::default(), watched: false }
    }

    /// The next one; `None` when the server has stopped, or the client has closed, and all were taken.
    pub fn next(&mut self) -> Next<'_> {
        Next(self)
    }

    /// What `Stream::poll_next` does.
    pub fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Event>> {
        if let Some(event) = self.endpoint.next_event(Some(Duration::ZERO)) {
            return Poll::Ready(Some(event));
        }
        let mut state = locked(&self.watch.state);
        if state.ended {
            drop(state);
            return Poll::Ready(self.endpoint.next_event(Some(Duration::ZERO)));
        }
        state.waker = Some(context.waker().clone());
        drop(state);
        self.watch.changed.notify_one();
        if !self.watched {
            self.watched = true;
            let (endpoint, watch) = (Arc::clone(&self.endpoint), Arc::clone(&self.watch));
            thread::spawn(move || watch.run(&endpoint));
        }
        Poll::Pending
    }
}

impl Drop for EventStream {
    fn drop(&mut self) {
        locked(&self.watch.state).over = true;
        self.watch.changed.notify_one();
    }
}

impl Watch {
    fn run(&self, endpoint: &Endpoint) {
        let descriptor = raw::cryo_queue_fd(endpoint.queue);
        loop {
            let mut state = locked(&self.state);
            while state.waker.is_none() && !state.over {
                state = self.changed.wait(state).unwrap_or_else(|poisoned| poisoned.into_inner());
            }
            if state.over {
                return;
            }
            drop(state);
            let readable = raw::wait_readable(descriptor, SLICE);
            let ended = !readable && endpoint.has_ended();
            if readable || ended {
                let mut state = locked(&self.state);
                state.ended |= ended;
                let waker = state.waker.take();
                drop(state);
                if let Some(waker) = waker {
                    waker.wake();
                }
            }
        }
    }
}

impl Future for Next<'_> {
    type Output = Option<Event>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Event>> {
        self.0.poll_next(context)
    }
}
