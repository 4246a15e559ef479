package cryo

import (
	"time"
)

// Handlers are the functions that a server or a client calls; any of them may be nil. They run one at a time, in the order of what they
// tell of, on one goroutine of the server's or client's: one that waits holds up the others, so start a goroutine for what takes
// long. What a handler sends leaves together with the acknowledgements of what it answers.
//
// Validate and Authorize run on a goroutine of their own for each client, and may wait. A handler that panics ends nothing: OnPanic, or else
// the standard logger, tells. One that panics in Validate or Authorize lets nobody in.
type Handlers struct {
	// Validate, of a server: shall who has this token come in? A server needs this or Authorize.
	Validate func(token string) bool
	// Authorize, of a server, in the place of Validate: settle the ticket, at once or later, from any goroutine. A ticket that is left
	// alone is rejected after WithValidationTimeout.
	Authorize func(auth *Auth)

	// OnListening, of a server: what it really bound.
	OnListening func(host string, port int)
	// OnSession is the first event of a session: a client was let in, or this client is connected for the first time.
	OnSession func(session *Session)
	// OnMessage tells of a text or bytes, which are the handler's to keep.
	OnMessage func(session *Session, message Message)
	// OnClosed is the last event of a session. CloseAbnormal: the connection was lost without a close.
	OnClosed func(session *Session, code CloseCode, reason string)
	// OnStat tells a statistic at each keep-alive tick; StatRTT is in milliseconds, the others count.
	OnStat func(session *Session, stat Stat, value float64)
	// OnDisconnected: the connection is lost; it tries again, or the server waits for its client (WithResumeWindow).
	OnDisconnected func(session *Session, code CloseCode, reason string)
	// OnReconnected: it is connected again, with the same id.
	OnReconnected func(session *Session)
	// OnAttemptFailed, of clients and peers: an attempt to connect has failed.
	OnAttemptFailed func(session *Session, attempt Attempt)
	// OnLost, of clients and peers, at a loss: this was sent and not acknowledged; the server may or may not have got it.
	OnLost func(session *Session, message Message)
	// OnDropped: a message that was accepted, or was broadcast, is dropped. What a send itself refuses is not told again.
	OnDropped func(session *Session, reason DropReason, message Message)
	// OnWritable: the session's queue, which was held, flows again.
	OnWritable func(session *Session)
	// OnReceipt tells of messages that were sent with a number in SendOptions.
	OnReceipt func(session *Session, receipt Receipt)
	// OnPanic is told of handlers that panic, by name, with the value and the stack. nil: they go to the standard logger.
	OnPanic func(handler string, value any, stack []byte)
}

// Attempt is one that failed to connect.
type Attempt struct {
	// Status says why: ErrResolve, ErrConnect, ErrTimeout, ErrTLSUntrusted, ErrHTTP, ErrToken, …
	Status Status
	// HTTPStatus is the server's answer to the upgrade; 0: there was none.
	HTTPStatus int
	// Text is for people.
	Text string
	// Retries says whether it tries again, after RetryAfter. If not, OnClosed follows.
	Retries    bool
	RetryAfter time.Duration
}

// Receipt is what became of a message. Each that is asked for comes exactly once.
type Receipt struct {
	Number  uint64
	Outcome Outcome
	// RTT is the time from leaving to acknowledgement, for ReceiptAcknowledged.
	RTT time.Duration
	// By is the extension that stopped the message, or the rule that dropped it ("oldest", "refused", "replaced", "total").
	By string
}

// Err is nil when the peer has the message.
func (receipt Receipt) Err() error {
	switch receipt.Outcome {
	case ReceiptAcknowledged:
		return nil
	case ReceiptTimedOut:
		return &Error{ErrTimeout, "the message was not acknowledged in time"}
	case ReceiptDropped:
		return &Error{ErrFull, "the message was dropped: " + receipt.By}
	case ReceiptVetoed:
		return &Error{ErrState, "the message was stopped by the extension " + receipt.By}
	case ReceiptRefused:
		return &Error{ErrClosed, "the peer closed the connection because of the message"}
	}
	return &Error{ErrClosed, "the session closed, or its connection was lost, before it was known"}
}
