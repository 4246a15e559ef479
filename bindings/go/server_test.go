package cryo_test

import (
	"bytes"
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"cryo"
)

func echo(session *cryo.Session, message cryo.Message) {
	_ = session.Send(message)
}

func TestEcho(t *testing.T) {
	listening := make(chan int, 1)
	server := serve(t, cryo.Handlers{
		OnListening: func(_ string, port int) { listening <- port },
		OnSession:   func(session *cryo.Session) { _ = session.SendText("Welcome!") },
		OnMessage:   echo,
	})
	if port := await(t, listening, "listening"); port != server.Port() || port == 0 {
		t.Errorf("port %d, and %d was told", server.Port(), port)
	}
	client := connect(t, server)
	if text := await(t, client.messages, "the greeting").Text(); text != "Welcome!" {
		t.Errorf("%q", text)
	}
	for _, message := range []cryo.Message{cryo.TextMessage(""), cryo.TextMessage("a\x00b"), cryo.TextMessage("ä€"), cryo.BinaryMessage(nil),
		cryo.BinaryMessage([]byte{0, 255}), cryo.BinaryMessage(bytes.Repeat([]byte{7}, 1<<20))} {
		must(t, client.Send(message))
		came := await(t, client.messages, "the echo")
		if came.Kind != message.Kind || !bytes.Equal(came.Data, message.Data) {
			t.Errorf("%v of %d bytes came back as %v of %d", message.Kind, len(message.Data), came.Kind, len(came.Data))
		}
	}
}

func TestVersion(t *testing.T) {
	if cryo.LibraryVersion() != cryo.Version || cryo.BuildInfo() == "" {
		t.Errorf("%s, and the library is %s: %s", cryo.Version, cryo.LibraryVersion(), cryo.BuildInfo())
	}
}

func TestErrors(t *testing.T) {
	server := serve(t, cryo.Handlers{})
	second, err := cryo.NewServer(cryo.Handlers{Validate: good}, cryo.WithPort(uint16(server.Port())))
	must(t, err)
	defer second.Close()
	err = second.Start()
	if !errors.Is(err, cryo.ErrAddressInUse) || errors.Is(err, cryo.ErrAddress) {
		t.Errorf("%v", err)
	}
	var failed *cryo.Error
	if !errors.As(err, &failed) || failed.Status != cryo.ErrAddressInUse || failed.Text == "" {
		t.Errorf("%v", err)
	}
	if name := cryo.ErrAddressInUse.Error(); name != "CRYO_ERR_ADDRESS_IN_USE" {
		t.Error(name)
	}
	for _, option := range []cryo.ServerOption{cryo.WithKeepalive(time.Millisecond), cryo.WithKeepalive(-1), cryo.WithHost("a\x00b"),
		cryo.WithThreads(257), cryo.WithQueueCapacity(0, 1)} {
		if _, err := cryo.NewServer(cryo.Handlers{Validate: good}, option); !errors.Is(err, cryo.ErrInvalid) {
			t.Errorf("%v", err)
		}
	}
	if _, err := cryo.NewServer(cryo.Handlers{}); !errors.Is(err, cryo.ErrInvalid) {
		t.Errorf("no validator: %v", err)
	}
}

func TestRejected(t *testing.T) {
	server := serve(t, cryo.Handlers{})
	client := dial(t, url(server), cryo.WithToken("bad"))
	attempt := await(t, client.failed, "the failure")
	if attempt.Status != cryo.ErrHTTP || attempt.HTTPStatus != 401 || attempt.Retries || attempt.Text == "" {
		t.Errorf("%+v", attempt)
	}
	if code := await(t, client.closed, "closed"); code != cryo.CloseAbnormal {
		t.Errorf("closed with %d", code)
	}
	must(t, client.Wait(context.Background()))
}

func TestAuthorize(t *testing.T) {
	type user struct{ name string }
	sessions := make(chan *cryo.Session, 1)
	server := serve(t, cryo.Handlers{
		Authorize: func(auth *cryo.Auth) {
			if name, _ := auth.Parameter("name"); name != "Ada & co" || auth.Path() != "/" || auth.RemoteAddress() == "" {
				_ = auth.Refuse(418, name, 0)
				return
			}
			auth.Set("user", user{"ada"})
			_ = auth.SetClaim("role", "none")
			_ = auth.SetClaim("role", "admin")
			_ = auth.SetClaim("gone", "x")
			_ = auth.UnsetClaim("gone")
			if err := auth.Accept(); err != nil {
				t.Error(err)
			}
			if err := auth.Accept(); !errors.Is(err, cryo.ErrState) {
				t.Errorf("twice: %v", err)
			}
		},
		OnSession: func(session *cryo.Session) { sessions <- session },
	}, cryo.WithSessionHeader("X-One"))
	client := connect(t, server, cryo.WithParameter("name", "Ada & co"), cryo.WithHeader("X-One", "1"))
	session := await(t, sessions, "the session")
	if session.Value("user") != (user{"ada"}) || session.Value("none") != nil {
		t.Errorf("%v", session.Value("user"))
	}
	if role, is := session.Claim("role"); role != "admin" || !is {
		t.Errorf("%q", role)
	}
	if _, is := session.Claim("gone"); is {
		t.Error("a claim that was taken back")
	}
	if header, is := session.Header("x-one"); header != "1" || !is {
		t.Errorf("%q", header)
	}
	if session.ID() != client.ID() || session.Token() != "good" {
		t.Errorf("%v, %v", session.ID(), client.ID())
	}
	if all := session.Parameters(); len(all) != 2 || all[1] != (cryo.Parameter{Name: "name", Value: "Ada & co"}) {
		t.Errorf("%v", all)
	}
	if parsed, err := cryo.ParseID(session.ID().String()); err != nil || parsed != session.ID() {
		t.Errorf("%v: %v", parsed, err)
	}
	if _, err := cryo.ParseID("8c6a"); !errors.Is(err, cryo.ErrInvalid) {
		t.Error(err)
	}
}

func TestOneObject(t *testing.T) {
	sessions := make(chan *cryo.Session, 1)
	server := serve(t, cryo.Handlers{OnSession: func(session *cryo.Session) { sessions <- session }})
	client := connect(t, server, cryo.WithReconnectAttempts(0))
	session := await(t, sessions, "the session")
	runtime.GC()
	found, err := server.Find(client.ID())
	must(t, err)
	if all := server.Sessions(); found != session || len(all) != 1 || all[0] != session || server.SessionCount() != 1 {
		t.Errorf("%v, %v, %v", session, found, all)
	}
	if _, err := server.Find(cryo.ID{}); !errors.Is(err, cryo.ErrNotFound) {
		t.Error(err)
	}
	if sent, err := server.Broadcast(cryo.TextMessage("all"), nil); err != nil || sent != 1 {
		t.Errorf("%d, %v", sent, err)
	}
	sent, statuses, err := cryo.SendAll([]*cryo.Session{session, nil}, cryo.TextMessage("these"))
	if err != nil || sent != 1 || statuses[0] != cryo.OK || statuses[1] != cryo.ErrHandle {
		t.Errorf("%d, %v, %v", sent, statuses, err)
	}
	must(t, session.CloseWith(4321, "bye"))
	if code := await(t, client.closed, "closed"); code != 4321 {
		t.Errorf("closed with %d", code)
	}
	if err := session.SendText("x"); !errors.Is(err, cryo.ErrClosed) {
		t.Error(err)
	}
	if session.ID() != client.ID() || session.IsOpen() {
		t.Error("a session that has closed answers on")
	}
}

func TestRun(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	listening, ended, closed := make(chan int, 1), make(chan error, 1), make(chan cryo.CloseCode, 1)
	server, err := cryo.NewServer(cryo.Handlers{
		Validate:    good,
		OnListening: func(_ string, port int) { listening <- port },
		OnClosed:    func(_ *cryo.Session, code cryo.CloseCode, _ string) { closed <- code },
	}, cryo.WithPort(0))
	must(t, err)
	if err := server.Wait(ctx); !errors.Is(err, cryo.ErrState) {
		t.Errorf("not started: %v", err)
	}
	go func() { ended <- server.Run(ctx) }()
	await(t, listening, "listening")
	connect(t, server)
	short, stop := context.WithTimeout(ctx, time.Millisecond)
	defer stop()
	if err := server.Wait(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	cancel()
	must(t, await(t, ended, "the end"))
	if code := await(t, closed, "closed"); code != cryo.CloseGraceful {
		t.Errorf("closed with %d", code)
	}
	must(t, server.Close())
	must(t, server.Wait(context.Background()))
	if err := server.Start(); err == nil {
		t.Error("started after its end")
	}
}

func TestCloseInHandler(t *testing.T) {
	closed := make(chan bool, 1)
	var server *cryo.Server
	server = serve(t, cryo.Handlers{
		OnMessage: func(*cryo.Session, cryo.Message) {
			if err := server.Wait(context.Background()); !errors.Is(err, cryo.ErrState) {
				t.Errorf("%v", err)
			}
			must(t, server.Close())
		},
		OnClosed: func(*cryo.Session, cryo.CloseCode, string) { closed <- true },
	})
	client := connect(t, server, cryo.WithReconnectAttempts(0))
	must(t, client.SendText("end"))
	await(t, closed, "closed")
	must(t, server.Wait(context.Background()))
	await(t, client.closed, "the end")
}
