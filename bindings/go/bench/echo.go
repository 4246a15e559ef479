// Sends each message back, and prints its port: a program of bench/languages.
package main

import (
	"context"
	"fmt"
	"log"
	"os/signal"
	"syscall"

	"cryo"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	server, err := cryo.NewServer(cryo.Handlers{
		Validate:    func(string) bool { return true },
		OnListening: func(_ string, port int) { fmt.Println(port) },
		OnMessage:   func(session *cryo.Session, message cryo.Message) { _ = session.Send(message) },
	}, cryo.WithPort(0))
	if err == nil {
		err = server.Run(ctx)
	}
	if err != nil {
		log.Fatal(err)
	}
}
