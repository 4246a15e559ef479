package cryo

// #include "glue.h"
import "C"

import (
	"encoding/hex"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"time"
)

// ID is what a session is known by. The client chooses it.
type ID [16]byte

// String is 36 characters, as of a UUID.
func (id ID) String() string {
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}

// ParseID reads what String writes. ErrInvalid: it is none.
func ParseID(from string) (ID, error) {
	var id ID
	bare := strings.ReplaceAll(from, "-", "")
	if len(from) != 36 || len(bare) != 32 {
		return id, &Error{ErrInvalid, "a session id has 36 characters, as 8c6a1f0e-2b7d-4e93-a5c4-0f1e2d3c4b5a"}
	}
	if _, err := hex.Decode(id[:], []byte(bare)); err != nil {
		return id, &Error{ErrInvalid, "a session id has hexadecimal digits: " + err.Error()}
	}
	return id, nil
}

// Session is one peer of a server, or the one session of a client. It is one object for as long as the session lives, and answers after
// it has closed, too: sends answer ErrClosed then.
type Session struct {
	handle uint64
	owner  *pump
	values sync.Map
}

// SendOptions are for SendWith.
type SendOptions struct {
	// Key, of 1 to 255 bytes, is for DedupeLatest. "": none.
	Key string
	// Receipt, 1 to 1<<63 - 1, comes back in OnReceipt, once for each message that was accepted. 0: none.
	Receipt uint64
}

// Send sends a message, and returns at once: nil says that it was accepted. Messages leave in the order in which they were accepted.
// ErrFull: the queue is full, and nothing may give way to this one. Further ErrTotalFull, ErrClosed, ErrState (a client that is not
// connected, without WithResend), ErrTooBig, ErrInvalid (text that is not UTF-8).
func (session *Session) Send(message Message) error {
	return session.send(message.Kind, message.Data)
}

// SendText is Send of a text.
func (session *Session) SendText(text string) error {
	return session.send(UTF8, []byte(text))
}

// SendBinary is Send of bytes, which are copied before it returns.
func (session *Session) SendBinary(data []byte) error {
	return session.send(Binary, data)
}

func (session *Session) send(kind Kind, data []byte) error {
	err := cryo_session_send(session.handle, int32(kind), data)
	runtime.KeepAlive(session)
	return err
}

// SendWith is Send with a key and a number that comes back in OnReceipt. ErrReceiptsFull: the session owes as many as it may.
func (session *Session) SendWith(message Message, options SendOptions) error {
	if options.Receipt >= firstOwnReceipt {
		return &Error{ErrInvalid, "the number of a receipt must be below 1<<63"}
	}
	defer runtime.KeepAlive(session)
	return cryo_session_send_with(session.handle, int32(message.Kind), message.Data, options.Key, options.Receipt)
}

// SendReceipt is Send with a channel that gets what became of the message, exactly once. To wait for it inside of a handler would wait
// for ever: the same goroutine brings it. The key is as in SendOptions.
func (session *Session) SendReceipt(message Message, key string) (<-chan Receipt, error) {
	defer runtime.KeepAlive(session)
	number, channel := session.owner.receipts.next()
	err := cryo_session_send_with(session.handle, int32(message.Kind), message.Data, key, number)
	if err != nil {
		session.owner.receipts.take(number)
		return nil, err
	}
	return channel, nil
}

// SendAll sends one message to many sessions, of any servers and clients; the content is copied once. It returns how many have accepted
// it, and what each answered. The error says that it went to nobody.
func SendAll(sessions []*Session, message Message) (int, []Status, error) {
	if len(sessions) == 0 {
		return 0, nil, nil
	}
	handles, statuses := make([]C.uint64_t, len(sessions)), make([]Status, len(sessions))
	for at, session := range sessions {
		if session != nil {
			handles[at] = C.uint64_t(session.handle)
		}
	}
	answers := make([]C.int32_t, len(sessions))
	var sent C.size_t
	err := errorOf(C.go_sessions_send(&handles[0], C.size_t(len(handles)), C.int32_t(message.Kind), bytes(message.Data),
		C.size_t(len(message.Data)), &answers[0], &sent)) // cryo_sessions_send
	runtime.KeepAlive(sessions)
	for at, answer := range answers {
		statuses[at] = Status(answer)
	}
	return int(sent), statuses, err
}

// Ping sends one now, beside those of the keep-alive. ErrClosed.
func (session *Session) Ping() error {
	defer runtime.KeepAlive(session)
	return cryo_session_ping(session.handle)
}

// Close is CloseWith(CloseGraceful, ""). For io.Closer.
func (session *Session) Close() error {
	return session.CloseWith(CloseGraceful, "")
}

// CloseWith closes after what was sent before has left. The code is one of 1000 to 1003, 1007 to 1009, 1011 to 1014 or 3000 to 4999; the
// reason is cut to 123 bytes. ErrClosed: closed or closing already.
func (session *Session) CloseWith(code CloseCode, reason string) error {
	defer runtime.KeepAlive(session)
	return cryo_session_close(session.handle, int32(code), reason)
}

// Pause: no messages for now. What the peer sends is kept meanwhile, up to a bound; beyond, the peer is held up. ErrClosed.
func (session *Session) Pause() error {
	defer runtime.KeepAlive(session)
	return cryo_session_pause_reading(session.handle)
}

// Resume: messages again. ErrClosed.
func (session *Session) Resume() error {
	defer runtime.KeepAlive(session)
	return cryo_session_resume_reading(session.handle)
}

// Ack says, with WithManualAck, that the application is done with a message (Message.ID): its peer is told, and need not send it again.
// ErrState: there is no such message, or its connection was lost since. ErrClosed.
func (session *Session) Ack(message uint64) error {
	defer runtime.KeepAlive(session)
	return cryo_message_ack(session.handle, message)
}

// SetExpiry ends the session after so long, with 4001 `Token expired.`; Never takes it back. ErrClosed. ErrState: it is a client's or peer's.
func (session *Session) SetExpiry(after time.Duration) error {
	defer runtime.KeepAlive(session)
	return cryo_session_set_expiry_ms(session.handle, expiry(after))
}

// Set keeps a value of the application's with the session, and Value finds it; nil where there is none.
func (session *Session) Set(key string, value any) {
	session.values.Store(key, value)
}

// Value is what Set, or Auth.Set, has kept by that key; nil: nothing.
func (session *Session) Value(key string) any {
	value, _ := session.values.Load(key)
	return value
}

// Unset forgets a value.
func (session *Session) Unset(key string) {
	session.values.Delete(key)
}
