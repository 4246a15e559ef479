package cryo

// #include "glue.h"
import "C"

import (
	"runtime/cgo"
	"sync"
	"time"
)

// Extension sees the messages of all sessions of the servers and clients to which it is added: before they are sent, and after they were
// received. Its hooks, of which any may be nil, get a ticket for each message and settle it, at once or later, from any goroutine;
// meanwhile the later messages of that session and direction wait. They run where handlers run. A hook that panics, or whose ticket
// is left alone for Timeout, has failed: OnFailure says what becomes of the message.
type Extension struct {
	// Name, 1 to 255 bytes, is what it is known by.
	Name string

	BeforeSendText   func(*Hook)
	BeforeSendBinary func(*Hook)
	OnReceiveText    func(*Hook)
	OnReceiveBinary  func(*Hook)

	// Timeout is how long a ticket may be out. 0: 5 s.
	Timeout time.Duration
	// OnFailure is HookStop, which 0 stands for, too, or HookPass, for what only looks.
	OnFailure Verdict
	// OnRegister is called inside of the call that adds it, OnUnregister once it was removed and no message is in its hands any more, from
	// any thread.
	OnRegister, OnUnregister func()
}

type extensions struct {
	owner *pump
	mutex sync.Mutex
	known map[string]*Extension // also those that were removed: their tickets may be out
}

func (extension *Extension) hook(direction Direction, kind Kind) func(*Hook) {
	switch {
	case direction == BeforeSend && kind == UTF8:
		return extension.BeforeSendText
	case direction == BeforeSend:
		return extension.BeforeSendBinary
	case kind == UTF8:
		return extension.OnReceiveText
	}
	return extension.OnReceiveBinary
}

func (extensions *extensions) add(extension *Extension, to uint64, add func(to, extension uint64) error) error {
	name, err := text(extension.Name)
	if err != nil {
		return err
	}
	defer free(name)
	own := *extension // what is changed later does not count
	user := cgo.NewHandle(&own)
	var out C.uint64_t
	if err := errorOf(C.go_extension_new(name, C.uintptr_t(user), &out)); err != nil { // cryo_extension_new, cryo_extension_on_unregister
		if out == 0 {
			user.Delete()
		}
		return err
	}
	made := uint64(out)
	defer cryo_extension_free(made)
	if err := extensions.settings(made, &own); err != nil {
		return err
	}
	extensions.mutex.Lock()
	defer extensions.mutex.Unlock()
	if err := add(to, made); err != nil {
		return err
	}
	if extensions.known == nil {
		extensions.known = map[string]*Extension{}
	}
	extensions.known[own.Name] = &own
	// cryo_extension_on_register would be called by now.
	if own.OnRegister != nil {
		defer recovered("OnRegister", extensions.owner.handlers.OnPanic)
		own.OnRegister()
	}
	return nil
}

func (extensions *extensions) settings(made uint64, extension *Extension) error {
	for _, direction := range []Direction{BeforeSend, OnReceive} {
		for _, kind := range []Kind{UTF8, Binary} {
			if extension.hook(direction, kind) == nil {
				continue
			}
			if err := cryo_extension_set_queue(made, int32(direction), int32(kind), extensions.owner.queue); err != nil {
				return err
			}
		}
	}
	if extension.Timeout != 0 {
		ms, err := milliseconds(extension.Timeout)
		if err == nil {
			err = cryo_extension_set_timeout_ms(made, ms)
		}
		if err != nil {
			return err
		}
	}
	if extension.OnFailure != 0 {
		return cryo_extension_set_on_failure(made, int32(extension.OnFailure))
	}
	return nil
}

// find gives what was added by that name, if the library has it still.
func (extensions *extensions) find(name string, in uint64, find func(in uint64, name string) (uint64, error)) (*Extension, error) {
	found, err := find(in, name)
	if err != nil {
		return nil, err
	}
	cryo_extension_free(found)
	extensions.mutex.Lock()
	defer extensions.mutex.Unlock()
	return extensions.known[name], nil
}

func (extensions *extensions) ask(event record) {
	hook := &Hook{Session: extensions.owner.table.lent(event.session()), Message: event.message(), Direction: Direction(event.code()),
		handle: event.ticket()}
	extensions.mutex.Lock()
	extension := extensions.known[event.text()]
	extensions.mutex.Unlock()
	var call func(*Hook)
	if extension != nil {
		call = extension.hook(hook.Direction, hook.Message.Kind)
	}
	if call == nil {
		_ = hook.Fail("the extension has no such hook any more")
		return
	}
	answered := false
	defer func() {
		if !answered {
			_ = hook.Fail("the hook panicked")
		}
	}()
	call(hook)
	answered = true
}

// Hook is the ticket of a message. Pass, Replace, Stop or Fail settles it, once: afterwards they answer ErrState, also when its time is over
// or the session has closed.
type Hook struct {
	Session   *Session
	Message   Message
	Direction Direction

	handle uint64
}

// Pass lets the message go on.
func (hook *Hook) Pass() error {
	return cryo_hook_pass(hook.handle)
}

// Replace lets it go on with another content, of the same kind. ErrTooBig; ErrInvalid also for text that is not UTF-8: the ticket stays
// unsettled.
func (hook *Hook) Replace(data []byte) error {
	return cryo_hook_replace(hook.handle, data)
}

// Stop ends its way.
func (hook *Hook) Stop() error {
	return cryo_hook_stop(hook.handle)
}

// Fail says that the hook could not do its work, for a reason that is logged.
func (hook *Hook) Fail(reason string) error {
	return cryo_hook_fail(hook.handle, reason)
}
