package cryo

// Message is a text or bytes.
type Message struct {
	Kind Kind
	Data []byte
	// ID is for Session.Ack, of what came in with WithManualAck; else 0.
	ID uint64
}

// TextMessage makes a text.
func TextMessage(text string) Message {
	return Message{Kind: UTF8, Data: []byte(text)}
}

// BinaryMessage makes one of bytes, which are not copied before it is sent.
func BinaryMessage(data []byte) Message {
	return Message{Kind: Binary, Data: data}
}

// IsText tells texts, which are valid UTF-8, from bytes.
func (message Message) IsText() bool {
	return message.Kind == UTF8
}

// Text is the content as a string.
func (message Message) Text() string {
	return string(message.Data)
}
