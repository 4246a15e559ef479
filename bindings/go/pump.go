package cryo

// #include "glue.h"
import "C"

import (
	"runtime"
	"sync/atomic"
	"time"
	"unsafe"
)

// A batch holds at most so many events, so that what is sent in answer to them does not wait for long.
const eventsAtOnce = 256

// How long one wait is, in milliseconds.
const waitSlice = 200

// pump takes the events of a server or client out of its queue, and calls the handlers, on a goroutine that keeps its thread: the library
// gathers what that thread sends until it takes the next batch.
type pump struct {
	queue      uint64
	handlers   Handlers
	table      table
	receipts   receipts
	extensions extensions

	over   atomic.Bool // nothing more will be put into the queue
	thread atomic.Uintptr
	done   chan struct{} // closed behind the last handler

	batch *C.uint8_t // of the library's
	rest  []byte     // what of it was not told yet
}

func newPump(handlers Handlers) (*pump, error) {
	queue, err := cryo_queue_new()
	if err != nil {
		return nil, err
	}
	pump := &pump{queue: queue, handlers: handlers, done: make(chan struct{})}
	pump.table.init(pump)
	pump.extensions.owner = pump
	return pump, nil
}

// events is a handle for options, to be freed.
func (pump *pump) events() (uint64, error) {
	var out C.uint64_t
	err := errorOf(C.go_events_new(C.uint64_t(pump.queue), &out)) // cryo_events_new, cryo_events_use_queue
	return uint64(out), err
}

// end says that nothing more comes: the goroutine ends when it has told what there is.
func (pump *pump) end() {
	pump.over.Store(true)
	_ = cryo_queue_wake(pump.queue)
}

// isCurrent says whether a handler is asking.
func (pump *pump) isCurrent() bool {
	return pump.thread.Load() == uintptr(C.go_thread())
}

func (pump *pump) run() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	pump.thread.Store(uintptr(C.go_thread()))
	finished := false
	defer func() {
		pump.thread.Store(0)
		if !finished { // a handler has called runtime.Goexit, as the FailNow of a test does
			go pump.run()
		}
	}()
	for {
		for len(pump.rest) > 0 {
			event := record(pump.rest[:record(pump.rest).size()])
			pump.rest = pump.rest[event.size():]
			pump.tell(event)
		}
		if !pump.take() {
			break
		}
	}
	finished = true
	pump.receipts.end()
	cryo_queue_free(pump.queue)
	close(pump.done)
}

// take gives the batch back and waits for the next one; false at the end.
func (pump *pump) take() bool {
	for {
		over := pump.over.Load()
		timeout := C.int32_t(waitSlice)
		if over {
			timeout = 0
		}
		next := C.go_queue_next_many(C.uint64_t(pump.queue), pump.batch, timeout, eventsAtOnce) // cryo_queue_next_many
		pump.batch = next.batch
		switch Status(next.status) {
		case OK:
			raw := unsafe.Slice((*byte)(unsafe.Pointer(next.batch)), int(next.length))
			if u32(raw, 0) != batchVersion {
				panic("cryo: this package and the library do not fit together: batches have another layout")
			}
			pump.rest = raw[u32(raw, batchFirst):]
			return true
		case ErrTimeout:
			if over {
				return false
			}
		case ErrState: // woken
		default:
			return false
		}
	}
}

func (pump *pump) tell(event record) {
	kind := event.kind()
	if name, known := eventNames[kind]; known {
		defer recovered(name, pump.handlers.OnPanic)
	}
	handlers := &pump.handlers
	switch kind {
	case eventMessage:
		if session := pump.table.lent(event.session()); handlers.OnMessage != nil {
			handlers.OnMessage(session, event.message())
		}
	case eventAuth:
		pump.ask(&Auth{Token: string(event.lent()), handle: event.ticket()})
	case eventToken:
		go answerToken(event.ticket(), pump.table.providerOf(event.session()), handlers.OnPanic)
	case eventHook:
		pump.extensions.ask(event)
	case eventListening:
		if handlers.OnListening != nil {
			handlers.OnListening(event.text(), int(event.code()))
		}
	case eventClosed:
		if session := pump.table.ended(event.session()); handlers.OnClosed != nil {
			handlers.OnClosed(session, CloseCode(event.code()), event.text())
		}
	case eventReceipt:
		pump.tellReceipt(event)
	default:
		if event.session() != 0 {
			pump.tellOfSession(pump.table.lent(event.session()), event)
		}
	}
}

var eventNames = map[int]string{
	eventListening: "OnListening", eventSession: "OnSession", eventMessage: "OnMessage", eventClosed: "OnClosed", eventStat: "OnStat",
	eventDisconnected: "OnDisconnected", eventReconnected: "OnReconnected", eventAttemptFailed: "OnAttemptFailed", eventLost: "OnLost",
	eventDropped: "OnDropped", eventWritable: "OnWritable", eventReceipt: "OnReceipt", eventHook: "a hook",
}

func (pump *pump) tellOfSession(session *Session, event record) {
	handlers := &pump.handlers
	switch event.kind() {
	case eventSession:
		session.keepValues()
		if handlers.OnSession != nil {
			handlers.OnSession(session)
		}
	case eventReconnected:
		session.keepValues()
		if handlers.OnReconnected != nil {
			handlers.OnReconnected(session)
		}
	case eventStat:
		if handlers.OnStat != nil {
			handlers.OnStat(session, Stat(event.code()), event.value())
		}
	case eventDisconnected:
		if handlers.OnDisconnected != nil {
			handlers.OnDisconnected(session, CloseCode(event.code()), event.text())
		}
	case eventAttemptFailed:
		if handlers.OnAttemptFailed != nil {
			handlers.OnAttemptFailed(session, attemptOf(event))
		}
	case eventLost:
		if handlers.OnLost != nil {
			handlers.OnLost(session, event.message())
		}
	case eventDropped:
		if handlers.OnDropped != nil {
			handlers.OnDropped(session, DropReason(event.code()), event.message())
		}
	case eventWritable:
		if handlers.OnWritable != nil {
			handlers.OnWritable(session)
		}
	}
}

func attemptOf(event record) Attempt {
	attempt := Attempt{Status: Status(event.code()), HTTPStatus: event.httpStatus(), Text: event.text()}
	if event.value() >= 0 {
		attempt.Retries = true
		attempt.RetryAfter = time.Duration(event.value() * float64(time.Millisecond))
	}
	return attempt
}

func (pump *pump) tellReceipt(event record) {
	receipt := receiptOf(event)
	if receipt.Number >= firstOwnReceipt {
		if channel := pump.receipts.take(receipt.Number); channel != nil {
			channel <- receipt
		}
	} else if pump.handlers.OnReceipt != nil {
		pump.handlers.OnReceipt(pump.table.lent(event.session()), receipt)
	}
}

// ask lets the application decide on a goroutine of its own, which may wait for a database. max_pending_validations bounds how many there are.
func (pump *pump) ask(auth *Auth) {
	handlers := &pump.handlers
	go func() {
		answered := false
		defer func() {
			if !answered { // it has panicked, or called runtime.Goexit
				_ = auth.Reject("")
			}
		}()
		if handlers.Authorize != nil {
			defer recovered("Authorize", handlers.OnPanic)
			handlers.Authorize(auth)
		} else {
			defer recovered("Validate", handlers.OnPanic)
			if handlers.Validate != nil && handlers.Validate(auth.Token) {
				_ = auth.Accept() // ErrState: the client has gone
			} else {
				_ = auth.Reject("")
			}
		}
		answered = true
	}()
}
