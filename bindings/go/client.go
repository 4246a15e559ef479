package cryo

import (
	"context"
)

// Client is a session from its other end. It connects, and connects again by itself when the connection is lost. Make it with NewClient.
// It is an io.Closer, and has the methods of its Session but for Close.
type Client struct {
	*Session
	handle uint64
	pump   *pump
	ending ending
}

// NewClient makes a client that is not started yet. The URL is "ws://host[:port][/path][?query]", wss:// for TLS, or
// "ws+unix:/run/cryo.sock"; the token comes by WithToken or WithTokenProvider. ErrInvalid: the text says what is wrong.
func NewClient(url string, handlers Handlers, options ...ClientOption) (*Client, error) {
	made, provider, err := newClientOptions(url, options)
	if err != nil {
		return nil, err
	}
	defer cryo_client_options_free(made)
	pump, err := newPump(handlers)
	if err != nil {
		return nil, err
	}
	client := &Client{pump: pump, ending: ending{ended: make(chan struct{})}}
	events, err := pump.events()
	if err == nil {
		defer cryo_events_free(events)
		err = cryo_client_options_set_events(made, events)
	}
	if err == nil {
		err = setQueueCapacity(pump.queue, options)
	}
	if err == nil {
		client.handle, err = cryo_client_new(made)
	}
	if err != nil {
		cryo_queue_free(pump.queue)
		return nil, err
	}
	own := cryo_client_session(client.handle)
	client.Session = pump.table.lent(own)
	if provider != nil {
		pump.table.provider[own] = provider
	}
	return client, nil
}

// Start begins to connect, and returns at once; the handlers tell the rest. ErrState (started before), ErrInvalid, ErrTLS…, ErrSystem.
func (client *Client) Start() error {
	return client.ending.start(client.pump, func() error { return cryo_client_start(client.handle) },
		func() error { return cryo_client_wait(client.handle, -1) })
}

// Run starts the client and waits until ctx is done, which closes it, or it has closed for good.
func (client *Client) Run(ctx context.Context) error {
	defer client.Close()
	if err := client.Start(); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
	case <-client.pump.done:
	}
	return nil
}

// Wait waits until the client has closed and its last handler has returned, or ctx is done, and answers its error then. ErrState: it was not
// started, or a handler asks.
func (client *Client) Wait(ctx context.Context) error {
	return client.ending.wait(ctx, client.pump)
}

// CloseWith closes it for good, connected or not, and returns at once; OnClosed follows. ErrState: not started. ErrClosed: closed or closing
// already.
func (client *Client) CloseWith(code CloseCode, reason string) error {
	return cryo_client_close(client.handle, int32(code), reason)
}

// Close closes with 4000, waits for the last handler, and frees. Called by a handler it returns at once, and the rest happens afterwards.
// A second call does nothing. The error is always nil.
func (client *Client) Close() error {
	client.ending.close(client.pump, func() { _ = cryo_client_close(client.handle, int32(CloseGraceful), "") },
		func() { cryo_client_free(client.handle) })
	return nil
}

// SetToken is another token, from the next attempt to connect on. ErrState: it has a token provider. ErrClosed: it has closed.
func (client *Client) SetToken(token string) error {
	return cryo_client_set_token(client.handle, token)
}

// AddExtension adds it behind those that are there, at any time. ErrExists: one of that name is there.
func (client *Client) AddExtension(extension *Extension) error {
	return client.pump.extensions.add(extension, client.handle, cryo_client_add_extension)
}

// RemoveExtension: messages that come to it from now on pass by; tickets that are out still count. ErrNotFound.
func (client *Client) RemoveExtension(name string) error {
	return cryo_client_remove_extension(client.handle, name)
}

// FindExtension is a copy of the one of that name, as it was added. ErrNotFound.
func (client *Client) FindExtension(name string) (*Extension, error) {
	return client.pump.extensions.find(name, client.handle, cryo_client_find_extension)
}
