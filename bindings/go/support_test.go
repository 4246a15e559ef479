package cryo_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"cryo"
)

// How long a test waits for what it waits for.
const patience = 20 * time.Second

func good(token string) bool { return token == "good" }

func await[T any](t *testing.T, from <-chan T, what string) T {
	t.Helper()
	select {
	case value := <-from:
		return value
	case <-time.After(patience):
		t.Fatalf("%s did not come", what)
		panic("not reached")
	}
}

// serve starts a server that ends with the test.
func serve(t *testing.T, handlers cryo.Handlers, options ...cryo.ServerOption) *cryo.Server {
	t.Helper()
	if handlers.Validate == nil && handlers.Authorize == nil {
		handlers.Validate = good
	}
	server, err := cryo.NewServer(handlers, append([]cryo.ServerOption{cryo.WithPort(0)}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	return server
}

// peer is a client whose events a test waits for.
type peer struct {
	*cryo.Client
	connected   chan bool
	reconnected chan bool
	messages    chan cryo.Message
	closed      chan cryo.CloseCode
	failed      chan cryo.Attempt
}

func url(server *cryo.Server) string {
	return fmt.Sprintf("ws://127.0.0.1:%d", server.Port())
}

func dial(t *testing.T, to string, options ...cryo.ClientOption) *peer {
	t.Helper()
	peer := &peer{connected: make(chan bool, 100), reconnected: make(chan bool, 100), messages: make(chan cryo.Message, 10000),
		closed: make(chan cryo.CloseCode, 100), failed: make(chan cryo.Attempt, 100)}
	client, err := cryo.NewClient(to, cryo.Handlers{
		OnSession:       func(*cryo.Session) { peer.connected <- true },
		OnReconnected:   func(*cryo.Session) { peer.reconnected <- true },
		OnMessage:       func(_ *cryo.Session, message cryo.Message) { peer.messages <- message },
		OnClosed:        func(_ *cryo.Session, code cryo.CloseCode, _ string) { peer.closed <- code },
		OnAttemptFailed: func(_ *cryo.Session, attempt cryo.Attempt) { peer.failed <- attempt },
	}, options...)
	if err != nil {
		t.Fatal(err)
	}
	peer.Client = client
	t.Cleanup(func() { client.Close() })
	if err := client.Start(); err != nil {
		t.Fatal(err)
	}
	return peer
}

// connect waits until the client is let in.
func connect(t *testing.T, server *cryo.Server, options ...cryo.ClientOption) *peer {
	t.Helper()
	peer := dial(t, url(server), append([]cryo.ClientOption{cryo.WithToken("good")}, options...)...)
	await(t, peer.connected, "the connection")
	return peer
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// certificates is a folder with ec.pem and ec.key, for localhost.
func certificates(t *testing.T) string {
	t.Helper()
	maker := os.Getenv("CRYO_MAKE_CERTIFICATES")
	if maker == "" {
		t.Skip("CRYO_MAKE_CERTIFICATES names no program")
	}
	folder := t.TempDir()
	if said, err := exec.Command(maker, folder).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", filepath.Base(maker), err, said)
	}
	return folder
}
