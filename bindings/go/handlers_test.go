package cryo_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cryo"
)

func TestHandlersThatPanic(t *testing.T) {
	told := make(chan string, 100)
	var calls atomic.Int32
	server := serve(t, cryo.Handlers{
		OnMessage: func(session *cryo.Session, message cryo.Message) {
			switch calls.Add(1) {
			case 1:
				panic("one")
			case 2:
				runtime.Goexit()
			}
			echo(session, message)
		},
		OnPanic: func(handler string, value any, stack []byte) {
			if !strings.Contains(string(stack), "handlers_test.go") {
				t.Errorf("%s", stack)
			}
			told <- handler
			panic(value)
		},
	})
	client := connect(t, server)
	for _, text := range []string{"one", "two", "three"} {
		must(t, client.SendText(text))
	}
	if text := await(t, client.messages, "the echo").Text(); text != "three" {
		t.Error(text)
	}
	if handler := await(t, told, "the panic"); handler != "OnMessage" || len(told) != 0 {
		t.Error(handler)
	}
}

func TestValidatorsThatPanic(t *testing.T) {
	for name, validate := range map[string]func(string) bool{"panic": func(string) bool { panic("x") },
		"exit": func(string) bool { runtime.Goexit(); return true }} {
		server := serve(t, cryo.Handlers{Validate: validate, OnPanic: func(string, any, []byte) {}})
		client := dial(t, url(server), cryo.WithToken("good"))
		if attempt := await(t, client.failed, name); attempt.HTTPStatus != 401 {
			t.Errorf("%s: %+v", name, attempt)
		}
	}
}

func TestReceipts(t *testing.T) {
	receipts := make(chan cryo.Receipt, 1)
	sessions := make(chan *cryo.Session, 1)
	server := serve(t, cryo.Handlers{
		OnSession: func(session *cryo.Session) { sessions <- session },
		OnReceipt: func(_ *cryo.Session, receipt cryo.Receipt) { receipts <- receipt },
	})
	connect(t, server)
	session := await(t, sessions, "the session")
	channel, err := session.SendReceipt(cryo.TextMessage("x"), "")
	must(t, err)
	receipt := await(t, channel, "the receipt")
	if receipt.Outcome != cryo.ReceiptAcknowledged || receipt.RTT <= 0 || receipt.Err() != nil {
		t.Errorf("%+v", receipt)
	}
	must(t, session.SendWith(cryo.TextMessage("y"), cryo.SendOptions{Key: "k", Receipt: 7}))
	if receipt := await(t, receipts, "the receipt"); receipt.Number != 7 {
		t.Errorf("%+v", receipt)
	}
	must(t, session.Close())
	if _, err := session.SendReceipt(cryo.TextMessage("z"), ""); !errors.Is(err, cryo.ErrClosed) {
		t.Error(err)
	}
	if err := session.SendWith(cryo.TextMessage("z"), cryo.SendOptions{Receipt: 1 << 63}); !errors.Is(err, cryo.ErrInvalid) {
		t.Error(err)
	}
}

func TestExtensions(t *testing.T) {
	gone := make(chan bool, 1)
	server := serve(t, cryo.Handlers{OnMessage: echo, OnPanic: func(string, any, []byte) {}})
	client := connect(t, server)
	must(t, client.SendText("first")) // its session is announced then
	await(t, client.messages, "first")
	registered := false
	shout := &cryo.Extension{
		Name:           "shout",
		BeforeSendText: func(hook *cryo.Hook) { _ = hook.Replace([]byte(strings.ToUpper(hook.Message.Text()))) },
		OnReceiveText: func(hook *cryo.Hook) {
			switch hook.Message.Text() {
			case "stop":
				_ = hook.Stop()
			case "panic":
				panic("x")
			case "late":
				go func() { _ = hook.Pass() }()
			default:
				_ = hook.Pass()
			}
		},
		OnRegister:   func() { registered = true },
		OnUnregister: func() { gone <- true },
	}
	must(t, server.AddExtension(shout))
	if err := server.AddExtension(shout); !registered || !errors.Is(err, cryo.ErrExists) {
		t.Errorf("%v, %v", registered, err)
	}
	// What the server receives meets it once the thread of the session knows of it: behind what is sent there afterwards.
	if _, err := server.Broadcast(cryo.TextMessage("known"), nil); err != nil {
		t.Fatal(err)
	}
	if came := await(t, client.messages, "known").Text(); came != "KNOWN" {
		t.Error(came)
	}
	for _, text := range []string{"one", "stop", "panic", "late", "two"} {
		must(t, client.SendText(text))
	}
	for _, text := range []string{"ONE", "LATE", "TWO"} {
		if came := await(t, client.messages, text).Text(); came != text {
			t.Errorf("%q instead of %q", came, text)
		}
	}
	if found, err := server.FindExtension("shout"); err != nil || found.Name != "shout" {
		t.Errorf("%v, %v", found, err)
	}
	must(t, server.RemoveExtension("shout"))
	await(t, gone, "the end of the extension")
	if _, err := server.FindExtension("shout"); !errors.Is(err, cryo.ErrNotFound) {
		t.Error(err)
	}
	must(t, client.SendText("quiet"))
	if came := await(t, client.messages, "quiet").Text(); came != "quiet" {
		t.Error(came)
	}
}

func TestTokenProvider(t *testing.T) {
	server := serve(t, cryo.Handlers{})
	asked := 0
	client := dial(t, url(server), cryo.WithReconnectInitial(time.Millisecond),
		cryo.WithTokenProvider(func(ctx context.Context) (string, error) {
			if _, has := ctx.Deadline(); !has {
				t.Error("no deadline")
			}
			if asked++; asked == 1 {
				return "", errors.New("no token today")
			}
			return "good", nil
		}, 0))
	attempt := await(t, client.failed, "the failure")
	if attempt.Status != cryo.ErrToken || !strings.Contains(attempt.Text, "no token today") || !attempt.Retries {
		t.Errorf("%+v", attempt)
	}
	await(t, client.connected, "the connection")
	if err := client.SetToken("x"); !errors.Is(err, cryo.ErrState) {
		t.Error(err)
	}
}

func TestPeers(t *testing.T) {
	there := serve(t, cryo.Handlers{OnMessage: echo})
	messages, sessions := make(chan string, 1), make(chan *cryo.Session, 1)
	here := serve(t, cryo.Handlers{
		OnSession: func(session *cryo.Session) { sessions <- session },
		OnMessage: func(_ *cryo.Session, message cryo.Message) { messages <- message.Text() },
	})
	peer, err := here.ConnectPeer(url(there), cryo.WithTokenProvider(func(context.Context) (string, error) { return "good", nil }, 0))
	must(t, err)
	if session := await(t, sessions, "the session"); session != peer || !peer.IsPeer() {
		t.Error("another object")
	}
	must(t, peer.SendText("hello"))
	if text := await(t, messages, "the echo"); text != "hello" {
		t.Error(text)
	}
}

func TestReconnect(t *testing.T) {
	sessions := make(chan *cryo.Session, 10)
	server := serve(t, cryo.Handlers{OnSession: func(session *cryo.Session) { sessions <- session }})
	client := connect(t, server, cryo.WithReconnectInitial(time.Millisecond))
	must(t, await(t, sessions, "the session").CloseWith(1012, "again"))
	await(t, client.reconnected, "the connection")
	await(t, sessions, "the session")
}

func TestManualAck(t *testing.T) {
	messages := make(chan cryo.Message, 1)
	server := serve(t, cryo.Handlers{OnMessage: func(session *cryo.Session, message cryo.Message) {
		if err := session.Ack(message.ID); err != nil {
			t.Error(err)
		}
		messages <- message
	}}, cryo.WithManualAck(true))
	client := connect(t, server)
	receipt, err := client.SendReceipt(cryo.TextMessage("x"), "")
	must(t, err)
	if message := await(t, messages, "the message"); message.ID == 0 {
		t.Error("no id")
	}
	if receipt := await(t, receipt, "the receipt"); receipt.Outcome != cryo.ReceiptAcknowledged {
		t.Errorf("%+v", receipt)
	}
}

func TestLog(t *testing.T) {
	lines := make(chan string, 1000)
	must(t, cryo.SetLog(cryo.LogDebug, func(_ cryo.LogLevel, line string) {
		select {
		case lines <- line:
		default:
		}
		panic("ends nothing")
	}))
	defer func() { must(t, cryo.SetLog(cryo.LogWarning, nil)) }()
	server := serve(t, cryo.Handlers{})
	must(t, server.AddExtension(&cryo.Extension{Name: "faulty", OnReceiveText: func(hook *cryo.Hook) { _ = hook.Fail("for a test") }}))
	must(t, connect(t, server).SendText("x"))
	for !strings.Contains(await(t, lines, "a line about it"), "for a test") {
	}
}
