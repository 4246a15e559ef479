package main

import (
	"context"
	"sync"

	"cryo"
)

// program is a server or a client with its handlers.
type program struct {
	name   string
	server *cryo.Server
	client *cryo.Client
	echo   bool
	byHand bool
	mutex  sync.Mutex
	throws map[string]bool
}

func (program *program) nameOf(session *cryo.Session) string {
	if program.client != nil {
		return program.name
	}
	name, _ := session.Value("name").(string)
	return name
}

func (program *program) done(event, on string, fields map[string]any) {
	tell(event, on, fields)
	program.mutex.Lock()
	throws := program.throws[event]
	program.mutex.Unlock()
	if throws {
		panic("thrown in " + event)
	}
}

func (program *program) handlers() cryo.Handlers {
	return cryo.Handlers{
		OnListening: func(_ string, port int) { program.done("listening", program.name, map[string]any{"port": port}) },
		OnSession:   program.onSession,
		OnMessage:   program.onMessage,
		OnClosed: func(session *cryo.Session, code cryo.CloseCode, reason string) {
			program.done("closed", program.nameOf(session), map[string]any{"code": code, "reason": reason})
		},
		OnDisconnected: func(session *cryo.Session, code cryo.CloseCode, reason string) {
			program.done("disconnected", program.nameOf(session), map[string]any{"code": code, "reason": reason})
		},
		OnReconnected: func(session *cryo.Session) { program.done("reconnected", program.nameOf(session), nil) },
		OnAttemptFailed: func(_ *cryo.Session, attempt cryo.Attempt) {
			retry := int64(-1)
			if attempt.Retries {
				retry = attempt.RetryAfter.Milliseconds()
			}
			program.done("attempt_failed", program.name,
				map[string]any{"status": attempt.Status.Error(), "http_status": attempt.HTTPStatus, "retry_ms": retry})
		},
		OnLost: func(session *cryo.Session, message cryo.Message) {
			program.done("lost", program.nameOf(session), shown(message))
		},
		OnDropped: func(session *cryo.Session, reason cryo.DropReason, message cryo.Message) {
			fields := shown(message)
			fields["reason"] = nameOf(reason, "Dropped")
			program.done("dropped", program.nameOf(session), fields)
		},
		OnWritable: func(session *cryo.Session) { program.done("writable", program.nameOf(session), nil) },
		OnReceipt: func(session *cryo.Session, receipt cryo.Receipt) {
			program.done("receipt", program.nameOf(session), map[string]any{
				"receipt": receipt.Number, "outcome": nameOf(receipt.Outcome, "Receipt"), "by": receipt.By})
		},
		OnPanic: func(handler string, value any, _ []byte) {
			tell("failure", program.name, map[string]any{"text": handler + ": " + value.(string)})
		},
	}
}

func (program *program) onSession(session *cryo.Session) {
	if program.server == nil {
		program.done("session", program.name, nil)
		return
	}
	program.done("session", program.name, map[string]any{"session": known.newSession(program.name, session)})
}

func (program *program) onMessage(session *cryo.Session, message cryo.Message) {
	if program.echo {
		_ = session.Send(message) // it may close meanwhile
	}
	fields := shown(message)
	if program.byHand {
		fields["message"] = message.ID
	}
	program.done("message", program.nameOf(session), fields)
}

func (program *program) validator(kind string) func(*cryo.Auth) {
	good := func(auth *cryo.Auth) {
		if auth.Token == "good" {
			_ = auth.Accept()
		} else {
			_ = auth.Reject("")
		}
	}
	switch kind {
	case "", "good":
		return good
	case "later":
		return func(auth *cryo.Auth) { go good(auth) }
	case "throw":
		return func(*cryo.Auth) { panic("thrown in the validator") }
	case "ask":
		return func(auth *cryo.Auth) {
			tell("auth", program.name, map[string]any{"ticket": known.newTicket(auth), "token": auth.Token})
		}
	case "never":
		return func(*cryo.Auth) {}
	}
	panic("there is no validator " + kind)
}

func provider(kind string) cryo.TokenProvider {
	return func(ctx context.Context) (string, error) {
		switch kind {
		case "good":
			return "good", nil
		case "throw":
			panic("thrown in the token provider")
		}
		<-ctx.Done()
		return "", ctx.Err()
	}
}

func newExtension(given command) *cryo.Extension {
	extension := &cryo.Extension{Name: given.text("name"), Timeout: given.milliseconds("timeout_ms")}
	if given.text("on_failure") == "pass" {
		extension.OnFailure = cryo.HookPass
	}
	hook := func(hook *cryo.Hook) {
		switch given.text("does") {
		case "pass":
			_ = hook.Pass()
		case "replace":
			_ = hook.Replace(given.message().Data)
		case "stop":
			_ = hook.Stop()
		case "throw":
			panic("thrown in a hook")
		case "ask":
			fields := shown(hook.Message)
			fields["ticket"], fields["extension"] = known.newTicket(hook), extension.Name
			fields["direction"] = map[cryo.Direction]string{cryo.BeforeSend: "before_send", cryo.OnReceive: "on_receive"}[hook.Direction]
			on, _ := hook.Session.Value("name").(string)
			tell("hook", on, fields)
		}
	}
	for _, each := range given["hooks"].([]any) {
		switch each {
		case "before_send utf8":
			extension.BeforeSendText = hook
		case "before_send binary":
			extension.BeforeSendBinary = hook
		case "on_receive utf8":
			extension.OnReceiveText = hook
		case "on_receive binary":
			extension.OnReceiveBinary = hook
		}
	}
	return extension
}
