//! What became of a message.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crate::raw::Record;
use crate::table::locked;
use crate::Outcome;

/// Numbers from here on are those of [`Delivery`].
pub(crate) const FIRST_OWN: u64 = 1 << 63;

/// What became of a message that was sent with a receipt.
#[derive(Clone, Debug, PartialEq)]
pub struct Receipt {
    /// The one that it was sent with.
    pub number: u64,
    /// How it ended.
    pub outcome: Outcome,
    /// From leaving to acknowledgement.
    pub rtt: Option<Duration>,
    /// The extension that stopped it, or the rule that dropped it (`oldest`, `refused`, `replaced`, `total`).
    pub by: String,
}

impl Receipt {
    pub(crate) fn of(record: &Record<'_>) -> Self {
        let outcome = Outcome(record.code());
        let rtt = (outcome == Outcome::ACKNOWLEDGED).then(|| Duration::from_secs_f64(record.value().max(0.0) / 1000.0));
        Self { number: record.receipt(), outcome, rtt, by: record.text() }
    }
}

/// Tells what became of one message, exactly once: a future, or something to wait for.
#[derive(Debug)]
pub struct Delivery(Arc<Slot>);

#[derive(Debug, Default)]
struct Slot {
    state: Mutex<(Option<Receipt>, Option<Waker>)>,
    arrived: Condvar,
}

impl Delivery {
    /// Waits for it, so long at most. Not on the thread that takes the events, which would wait for itself.
    pub fn wait(&self, timeout: Duration) -> Option<Receipt> {
        let state = locked(&self.0.state);
        let result = self.0.arrived.wait_timeout_while(state, timeout, |state| state.0.is_none());
        result.unwrap_or_else(|poisoned| poisoned.into_inner()).0 .0.clone()
    }
}

impl Future for Delivery {
    type Output = Receipt;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Receipt> {
        let mut state = locked(&self.0.state);
        if let Some(receipt) = &state.0 {
            return Poll::Ready(receipt.clone());
        }
        state.1 = Some(context.waker().clone());
        Poll::Pending
    }
}

#[derive(Default)]
pub(crate) struct Receipts(Mutex<(u64, HashMap<u64, Arc<Slot>>)>);

impl Receipts {
    pub fn new_delivery(&self) -> (u64, Delivery) {
        let mut waiting = locked(&self.0);
        waiting.0 += 1;
        let (number, slot) = (FIRST_OWN + waiting.0, Arc::new(Slot::default()));
        waiting.1.insert(number, Arc::clone(&slot));
        (number, Delivery(slot))
    }

    pub fn forget(&self, number: u64) {
        locked(&self.0).1.remove(&number);
    }

    pub fn arrived(&self, receipt: Receipt) {
        let slot = locked(&self.0).1.remove(&receipt.number);
        if let Some(slot) = slot {
            slot.fill(receipt);
        }
    }

    /// Nothing more will come.
    pub fn end(&self) {
        let waiting = std::mem::take(&mut locked(&self.0).1);
        for (number, slot) in waiting {
            slot.fill(Receipt { number, outcome: Outcome::CLOSED, rtt: None, by: String::new() });
        }
    }
}

impl Slot {
    fn fill(&self, receipt: Receipt) {
        let mut state = locked(&self.state);
        state.0 = Some(receipt);
        let waker = state.1.take();
        drop(state);
        self.arrived.notify_all();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}
