package main

import (
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"cryo"
)

// command is one line of the driver's input.
type command map[string]any

func (given command) text(name string) string {
	text, _ := given[name].(string)
	return text
}

func (given command) number(name string) int {
	number, _ := given[name].(float64)
	return int(number)
}

func (given command) has(name string) bool {
	_, has := given[name]
	return has
}

func (given command) milliseconds(name string) time.Duration {
	return time.Duration(given.number(name)) * time.Millisecond
}

func (given command) message() cryo.Message {
	switch {
	case given.has("text"):
		return cryo.TextMessage(given.text("text"))
	case given.has("hex"):
		data, err := hex.DecodeString(given.text("hex"))
		if err != nil {
			panic(err)
		}
		return cryo.BinaryMessage(data)
	}
	data := make([]byte, given.number("size"))
	for at := range data {
		data[at] = byte(given.number("fill"))
	}
	return cryo.BinaryMessage(data)
}

func shown(message cryo.Message) map[string]any {
	if len(message.Data) > 1000 {
		sum := 0
		for _, each := range message.Data {
			sum += int(each)
		}
		return map[string]any{"size": len(message.Data), "sum": sum}
	}
	if message.IsText() {
		return map[string]any{"text": message.Text()}
	}
	return map[string]any{"hex": hex.EncodeToString(message.Data)}
}

// value is what an option was given.
type value []any

func (given value) number(at int) float64 {
	number, _ := given[at].(float64)
	return number
}

func (given value) text(at int) string {
	text, _ := given[at].(string)
	return text
}

func (given value) optional(at int) *string {
	if at >= len(given) {
		return nil
	}
	text := given.text(at)
	return &text
}

func (given value) milliseconds(at int) time.Duration {
	return time.Duration(given.number(at)) * time.Millisecond
}

func (given value) id(at int) cryo.ID {
	id, err := cryo.ParseID(given.text(at))
	if err != nil {
		panic(err)
	}
	return id
}

// optionsOf calls find for each option, and once for each value of those that are added one by one.
func optionsOf[Option any](given any, find func(given value, name string) (Option, int)) []Option {
	var options []Option
	named, _ := given.(map[string]any)
	for name, of := range named {
		list, isList := of.([]any)
		if !isList {
			list = []any{of}
		}
		option, count := find(list, name)
		if any(option) == nil {
			panic("there is no option " + name)
		}
		options = append(options, option)
		for count > 0 && len(list) > count {
			list = list[count:]
			option, _ = find(list, name)
			options = append(options, option)
		}
	}
	return options
}

// nameOf makes "timed_out" of "ReceiptTimedOut".
func nameOf(constant fmt.Stringer, prefix string) string {
	var name strings.Builder
	for at, each := range strings.TrimPrefix(constant.String(), prefix) {
		if at > 0 && each >= 'A' && each <= 'Z' {
			name.WriteByte('_')
		}
		name.WriteString(strings.ToLower(string(each)))
	}
	return name.String()
}
