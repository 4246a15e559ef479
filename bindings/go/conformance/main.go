// Does what bindings/conformance tells it, over this package. See bindings/conformance/README.md.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"

	"cryo"
)

var writing sync.Mutex

func write(line map[string]any) {
	text, err := json.Marshal(line)
	if err != nil {
		panic(err)
	}
	writing.Lock()
	defer writing.Unlock()
	os.Stdout.Write(append(text, '\n'))
}

func tell(event, on string, fields map[string]any) {
	line := map[string]any{"event": event, "on": on}
	for name, field := range fields {
		line[name] = field
	}
	write(line)
}

func main() {
	write(map[string]any{"driver": "go", "library": cryo.LibraryVersion(), "features": []string{"threads", "collect", "throw"}})
	lines := bufio.NewReader(os.Stdin)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		given := command{}
		if err := json.Unmarshal(line, &given); err != nil {
			panic(err)
		}
		switch given.text("do") {
		case "exit":
			os.Exit(given.number("code"))
		case "throw":
			panic("nothing catches this")
		}
		write(answer(given))
	}
}

func answer(given command) (told map[string]any) {
	told = map[string]any{"id": given["id"]}
	defer func() {
		if fault := recover(); fault != nil {
			told["fault"] = fmt.Sprint(fault)
		}
	}()
	do, known := commands[given.text("do")]
	if !known {
		panic("there is no " + given.text("do"))
	}
	gives, err := do(given)
	var failed *cryo.Error
	if errors.As(err, &failed) {
		told["error"], told["text"] = failed.Status.Error(), failed.Text
	} else if err != nil {
		told["fault"] = err.Error()
	}
	for name, value := range gives {
		told[name] = value
	}
	return told
}

// names are of objects, sessions and tickets.
type names struct {
	mutex   sync.Mutex
	objects map[string]any
	counts  map[string]int
	tickets map[string]any
}

var known = names{objects: map[string]any{}, counts: map[string]int{}, tickets: map[string]any{}}

func (names *names) put(name string, object any) {
	names.mutex.Lock()
	defer names.mutex.Unlock()
	names.objects[name] = object
}

func (names *names) get(name string) any {
	names.mutex.Lock()
	defer names.mutex.Unlock()
	object := names.objects[name]
	if object == nil {
		panic("there is no " + name)
	}
	return object
}

func (names *names) newSession(owner string, session *cryo.Session) string {
	names.mutex.Lock()
	defer names.mutex.Unlock()
	names.counts[owner]++
	name := fmt.Sprintf("%s.%d", owner, names.counts[owner])
	session.Set("name", name)
	names.objects[name] = session
	return name
}

func (names *names) newTicket(ticket any) string {
	names.mutex.Lock()
	defer names.mutex.Unlock()
	name := fmt.Sprintf("t%d", len(names.tickets)+1)
	names.tickets[name] = ticket
	return name
}

func (names *names) ticket(given command) any {
	names.mutex.Lock()
	defer names.mutex.Unlock()
	return names.tickets[given.text("ticket")]
}

func sessionOf(name string) *cryo.Session {
	switch object := known.get(name).(type) {
	case *program:
		return object.client.Session
	case *cryo.Session:
		return object
	}
	panic(name + " is no session")
}
