package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"cryo"
)

type gives = map[string]any

// One for each `do`, but for those that give figures.
var commands map[string]func(command) (gives, error)

func init() {
	commands = map[string]func(command) (gives, error){
		"server": newServer, "client": newClient, "send": send, "broadcast": broadcast, "burst": burst, "accept": accept, "get": get, "find": find,
		"ping":  func(given command) (gives, error) { return nil, sessionOf(given.text("on")).Ping() },
		"close": closeOne,
		"stop":  func(given command) (gives, error) { return nil, programOf(given).server.Stop() },
		"wait":  wait,
		"free":  free,
		"drain": func(given command) (gives, error) {
			return nil, programOf(given).server.Drain(
				cryo.DrainOptions{Deadline: given.milliseconds("deadline_ms"), Batch: given.milliseconds("batch_ms")})
		},
		"replace": func(given command) (gives, error) { return nil, auth(given).Replace() },
		"reject":  func(given command) (gives, error) { return nil, auth(given).Reject(given.text("reason")) },
		"refuse": func(given command) (gives, error) {
			return nil, auth(given).Refuse(given.number("status"), given.text("reason"), 0)
		},
		"extension": func(given command) (gives, error) {
			known.put(given.text("as"), newExtension(given))
			return nil, nil
		},
		"add_extension":    addExtension,
		"remove_extension": removeExtension,
		"pass":             func(given command) (gives, error) { return nil, hook(given).Pass() },
		"replace_with":     func(given command) (gives, error) { return nil, hook(given).Replace(given.message().Data) },
		"stop_message":     func(given command) (gives, error) { return nil, hook(given).Stop() },
		"fail_message":     func(given command) (gives, error) { return nil, hook(given).Fail(given.text("reason")) },
		"put": func(given command) (gives, error) {
			sessionOf(given.text("on")).Set(given.text("key"), given["value"])
			return nil, nil
		},
		"value": func(given command) (gives, error) {
			return gives{"value": sessionOf(given.text("on")).Value(given.text("key"))}, nil
		},
		"pause":  func(given command) (gives, error) { return nil, sessionOf(given.text("on")).Pause() },
		"resume": func(given command) (gives, error) { return nil, sessionOf(given.text("on")).Resume() },
		"ack": func(given command) (gives, error) {
			return nil, sessionOf(given.text("on")).Ack(uint64(given["message"].(float64)))
		},
		"throw_in": func(given command) (gives, error) {
			of := programOf(given)
			of.mutex.Lock()
			defer of.mutex.Unlock()
			of.throws[given.text("event")] = true
			return nil, nil
		},
		"collect": func(command) (gives, error) {
			runtime.GC()
			return nil, nil
		},
	}
}

func programOf(given command) *program {
	return known.get(given.text("on")).(*program)
}

func auth(given command) *cryo.Auth {
	return known.ticket(given).(*cryo.Auth)
}

func hook(given command) *cryo.Hook {
	return known.ticket(given).(*cryo.Hook)
}

func newServer(given command) (gives, error) {
	of := &program{name: given.text("as"), throws: map[string]bool{}}
	of.echo, _ = given["echo"].(bool)
	options, _ := given["options"].(map[string]any)
	of.byHand = options["manual_ack"] == 1.0
	handlers := of.handlers()
	handlers.Authorize = of.validator(given.text("validator"))
	settings := append([]cryo.ServerOption{cryo.WithPort(0)}, optionsOf(given["options"], value.serverOption)...)
	server, err := cryo.NewServer(handlers, settings...)
	if err != nil {
		return nil, err
	}
	of.server = server
	known.put(of.name, of)
	if err := server.Start(); err != nil {
		server.Close()
		return nil, err
	}
	return gives{"port": server.Port()}, nil
}

func newClient(given command) (gives, error) {
	of := &program{name: given.text("as"), throws: map[string]bool{}}
	of.echo, _ = given["echo"].(bool)
	settings := optionsOf(given["options"], value.clientOption)
	if given.has("provider") {
		settings = append(settings, cryo.WithTokenProvider(provider(given.text("provider")), 0))
	} else if given.has("token") {
		settings = append(settings, cryo.WithToken(given.text("token")))
	} else {
		settings = append(settings, cryo.WithToken("good"))
	}
	url := given.text("url")
	if url == "" {
		port := known.get(given.text("to")).(*program).server.Port()
		url = fmt.Sprintf("ws://127.0.0.1:%d", port)
		if options, _ := given["options"].(map[string]any); options["tls_ca_file"] != nil {
			url = fmt.Sprintf("wss://localhost:%d", port)
		}
	}
	client, err := cryo.NewClient(url, of.handlers(), settings...)
	if err != nil {
		return nil, err
	}
	of.client = client
	client.Set("name", of.name)
	known.put(of.name, of)
	return nil, client.Start()
}

func send(given command) (gives, error) {
	if given.has("key") && given.text("key") == "" {
		return nil, errors.New("an empty key is none in Go")
	}
	options := cryo.SendOptions{Key: given.text("key"), Receipt: uint64(given.number("receipt"))}
	if options == (cryo.SendOptions{}) {
		return nil, sessionOf(given.text("on")).Send(given.message())
	}
	return nil, sessionOf(given.text("on")).SendWith(given.message(), options)
}

func broadcast(given command) (gives, error) {
	var except *cryo.Session
	if given.has("except") {
		except = sessionOf(given.text("except"))
	}
	_, err := programOf(given).server.Broadcast(given.message(), except)
	return nil, err
}

func burst(given command) (gives, error) {
	var sessions []*cryo.Session
	for _, name := range given["on"].([]any) {
		sessions = append(sessions, sessionOf(name.(string)))
	}
	count, threads := given.number("count"), given.number("threads")
	failures := make(chan error, threads)
	var group sync.WaitGroup
	for thread := 0; thread < threads; thread++ {
		group.Add(1)
		go func(first int) {
			defer group.Done()
			for number := first; number < first+count; number++ {
				if err := sessions[number%len(sessions)].SendText(fmt.Sprintf("%s %d", given.text("text"), number)); err != nil {
					failures <- err
					return
				}
			}
		}(thread * count)
	}
	group.Wait()
	close(failures)
	return nil, <-failures
}

func closeOne(given command) (gives, error) {
	code := cryo.CloseGraceful
	if given.has("code") {
		code = cryo.CloseCode(given.number("code"))
	}
	if of, is := known.get(given.text("on")).(*program); is && of.client != nil {
		return nil, of.client.CloseWith(code, given.text("reason"))
	}
	return nil, sessionOf(given.text("on")).CloseWith(code, given.text("reason"))
}

func wait(given command) (gives, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if of := programOf(given); of.server != nil {
		return nil, of.server.Wait(ctx)
	}
	return nil, programOf(given).client.Wait(ctx)
}

func free(given command) (gives, error) {
	if of := programOf(given); of.server != nil {
		return nil, of.server.Close()
	}
	return nil, programOf(given).client.Close()
}

func accept(given command) (gives, error) {
	ticket := auth(given)
	claims, _ := given["claims"].(map[string]any)
	for name, text := range claims {
		if err := ticket.SetClaim(name, text.(string)); err != nil {
			return nil, err
		}
	}
	if given.has("expiry_ms") {
		if err := ticket.SetExpiry(given.milliseconds("expiry_ms")); err != nil {
			return nil, err
		}
	}
	return nil, ticket.Accept()
}

func addExtension(given command) (gives, error) {
	extension := known.get(given.text("extension")).(*cryo.Extension)
	if of := programOf(given); of.server != nil {
		return nil, of.server.AddExtension(extension)
	}
	return nil, programOf(given).client.AddExtension(extension)
}

func removeExtension(given command) (gives, error) {
	name := known.get(given.text("extension")).(*cryo.Extension).Name
	if of := programOf(given); of.server != nil {
		return nil, of.server.RemoveExtension(name)
	}
	return nil, programOf(given).client.RemoveExtension(name)
}
