package cryo_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"cryo"
)

var _ = []io.Closer{(*cryo.Server)(nil), (*cryo.Client)(nil), (*cryo.Session)(nil)}

func TestFromManyGoroutines(t *testing.T) {
	var mutex sync.Mutex
	came := map[string]int{}
	all := make(chan bool)
	const each, senders = 200, 8
	server := serve(t, cryo.Handlers{OnMessage: func(_ *cryo.Session, message cryo.Message) {
		mutex.Lock()
		defer mutex.Unlock()
		came[message.Text()]++
		if len(came) == senders {
			total := 0
			for _, count := range came {
				total += count
			}
			if total == each*senders {
				close(all)
			}
		}
	}})
	client := connect(t, server, cryo.WithMaxQueueCount(10000))
	for sender := 0; sender < senders; sender++ {
		go func(name string) {
			for number := 0; number < each; number++ {
				if err := client.SendText(name); err != nil {
					t.Error(err)
				}
			}
		}(string(rune('a' + sender)))
	}
	await(t, all, "all messages")
}

// A handle's number may be that of an address in Go's heap: 300 sessions in one place, with the collector at work.
func TestSessionsComeAndGo(t *testing.T) {
	gone := make(chan bool, 1)
	server := serve(t, cryo.Handlers{OnMessage: echo, OnClosed: func(*cryo.Session, cryo.CloseCode, string) { gone <- true }})
	for number := 0; number < 300; number++ {
		client := connect(t, server)
		must(t, client.SendText("x"))
		await(t, client.messages, "the echo")
		if number%20 == 0 {
			runtime.GC()
		}
		client.Client.Close()
		await(t, gone, "the end of the session")
	}
	runtime.GC()
	if accepted, err := server.Stat(cryo.ServerStatAcceptedSessions, 0); err != nil || accepted != 300 {
		t.Errorf("%v, %v", accepted, err)
	}
}

func TestTLS(t *testing.T) {
	folder := certificates(t)
	certificate, key := filepath.Join(folder, "ec.pem"), filepath.Join(folder, "ec.key")
	server := serve(t, cryo.Handlers{OnMessage: echo}, cryo.WithTLSFiles(certificate, key), cryo.WithTLSMinVersion(cryo.TLS13))
	to := "wss://localhost" + url(server)[len("ws://127.0.0.1"):]
	pem, err := os.ReadFile(certificate)
	must(t, err)
	client := dial(t, to, cryo.WithToken("good"), cryo.WithTLSCAMemory(pem))
	await(t, client.connected, "the connection")
	must(t, client.SendText("x"))
	await(t, client.messages, "the echo")
	stranger := dial(t, to, cryo.WithToken("good"), cryo.WithReconnectAttempts(0))
	if attempt := await(t, stranger.failed, "the failure"); attempt.Status != cryo.ErrTLSUntrusted {
		t.Errorf("%+v", attempt)
	}
	must(t, server.SetTLS())
	must(t, server.SetTLSTicketKeys(nil))
	if err := server.SetTLS(cryo.WithTLSFiles("missing.pem", key)); !errors.Is(err, cryo.ErrTLSFile) {
		t.Error(err)
	}
	if _, err := server.Metrics(); err != nil {
		t.Error(err)
	}
}
