// A small server: it lets in who knows the token, greets, and echoes until it is told to end.
package main

import (
	"context"
	"crypto/subtle"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"syscall"

	"cryo"
)

func main() {
	host := flag.String("host", "127.0.0.1", "the address to bind")
	port := flag.Uint("port", 8080, "the port; 0 takes any free one")
	secret := flag.String("token", "MySuperSecretToken", "the token that lets in")
	certificate := flag.String("tls-cert", "", "certificate chain (PEM)")
	key := flag.String("tls-key", "", "its private key (PEM)")
	flag.Parse()

	server, err := cryo.NewServer(cryo.Handlers{
		Validate: func(token string) bool {
			return subtle.ConstantTimeCompare([]byte(token), []byte(*secret)) == 1
		},
		OnListening: func(host string, port int) { fmt.Printf("listening on %s:%d\n", host, port) },
		OnSession: func(session *cryo.Session) {
			name, named := session.Parameter("name")
			if !named {
				name = "somebody"
			}
			session.Set("name", name)
			report(session.SendText("Welcome!"))
		},
		OnMessage: func(session *cryo.Session, message cryo.Message) { report(session.Send(message)) },
		OnClosed: func(session *cryo.Session, code cryo.CloseCode, reason string) {
			fmt.Printf("%v left: %d %s\n", session.Value("name"), code, reason)
		},
	}, cryo.WithHost(*host), cryo.WithPort(uint16(*port)), cryo.WithTLSFiles(*certificate, *key))
	if err != nil {
		log.Fatal(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := server.Run(ctx); err != nil {
		log.Fatal(err)
	}
}

func report(err error) {
	if err != nil {
		log.Print(err)
	}
}
