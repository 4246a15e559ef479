package cryo

import (
	"context"
	"sync"
)

// Server lets clients in, and tells of their sessions. Make it with NewServer. It is an io.Closer.
type Server struct {
	handle uint64
	pump   *pump
	ending ending
}

// ending is what servers and clients have in common: they run once, and end once.
type ending struct {
	mutex   sync.Mutex
	started bool
	ended   chan struct{} // closed when the library says that it has stopped
	freed   sync.Once
}

// NewServer makes a server that is not started yet. ErrInvalid: options that do not fit together; the text says which.
func NewServer(handlers Handlers, options ...ServerOption) (*Server, error) {
	if handlers.Validate == nil && handlers.Authorize == nil {
		return nil, &Error{ErrInvalid, "a server needs Validate or Authorize"}
	}
	made, err := newServerOptions(options)
	if err != nil {
		return nil, err
	}
	defer cryo_server_options_free(made)
	pump, err := newPump(handlers)
	if err != nil {
		return nil, err
	}
	server := &Server{pump: pump, ending: ending{ended: make(chan struct{})}}
	events, err := pump.events()
	if err == nil {
		defer cryo_events_free(events)
		err = cryo_server_options_set_events(made, events)
	}
	if err == nil {
		err = setQueueCapacity(pump.queue, options)
	}
	if err == nil {
		server.handle, err = cryo_server_new(made)
	}
	if err != nil {
		cryo_queue_free(pump.queue)
		return nil, err
	}
	return server, nil
}

// Start binds and listens. When it returns nil, clients can connect. ErrState (started before), ErrAddress, ErrAddressInUse,
// ErrPermission, ErrTLS…, ErrSystem, ErrUnsupported. A server that could not be started can be tried again.
func (server *Server) Start() error {
	return server.ending.start(server.pump, func() error { return cryo_server_start(server.handle) },
		func() error { return cryo_server_wait(server.handle, -1) })
}

func (ending *ending) start(pump *pump, start, wait func() error) error {
	ending.mutex.Lock()
	defer ending.mutex.Unlock()
	if err := start(); err != nil {
		return err
	}
	ending.started = true
	go pump.run()
	go func() {
		_ = wait()
		close(ending.ended)
		pump.end()
	}()
	return nil
}

// Run starts the server and waits until ctx is done, which stops it, or it has stopped; then it closes. nil: it ran.
func (server *Server) Run(ctx context.Context) error {
	defer server.Close()
	if err := server.Start(); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return server.Stop()
	case <-server.pump.done:
		return nil
	}
}

// Wait waits until the server has stopped and its last handler has returned, or ctx is done, and answers its error then.
// ErrState: it was not started, or a handler asks.
func (server *Server) Wait(ctx context.Context) error {
	return server.ending.wait(ctx, server.pump)
}

func (ending *ending) wait(ctx context.Context, pump *pump) error {
	ending.mutex.Lock()
	started := ending.started
	ending.mutex.Unlock()
	if !started {
		return &Error{ErrState, "it was not started"}
	}
	if pump.isCurrent() {
		return &Error{ErrState, "a handler cannot wait for the end: it is called before that"}
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-pump.done:
		return nil
	}
}

// Stop begins to stop and returns at once: no new clients; every session closes with 4000 `Server shutdown.`, after what was sent
// before. Stopping twice is no error. ErrState: it was not started.
func (server *Server) Stop() error {
	return cryo_server_stop(server.handle)
}

// Close stops, waits for the last handler, and frees. Called by a handler it returns at once, and the rest happens afterwards. A second call
// does nothing. The error is always nil.
func (server *Server) Close() error {
	server.ending.close(server.pump, func() { _ = cryo_server_stop(server.handle) }, func() { cryo_server_free(server.handle) })
	return nil
}

func (ending *ending) close(pump *pump, stop, free func()) {
	ending.mutex.Lock()
	started := ending.started
	ending.mutex.Unlock()
	if !started {
		ending.freed.Do(func() {
			free()
			cryo_queue_free(pump.queue)
		})
		return
	}
	stop()
	end := func() {
		<-pump.done
		ending.freed.Do(free)
	}
	if pump.isCurrent() {
		go end()
	} else {
		end()
	}
}
