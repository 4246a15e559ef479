package cryo

// #include "glue.h"
import "C"

import (
	"time"
)

// Port is the one that it listens on; 0 before Start, and for a Unix-domain socket.
func (server *Server) Port() int {
	return int(cryo_server_port(server.handle))
}

// Transport is what carries its connections, whatever the options left to the library.
func (server *Server) Transport() Transport {
	return Transport(cryo_server_transport(server.handle))
}

// DrainOptions are for Drain.
type DrainOptions struct {
	// Deadline is when the last sessions are closed, Batch how often some are: evenly spread. Batch 0: none before the deadline.
	Deadline, Batch time.Duration
	// Code and Reason of these closes. Code 0: CloseGraceful `Server shutdown.`
	Code   CloseCode
	Reason string
	// Retry is when clients may come back, an hour at most. 0: nothing is said.
	Retry time.Duration
}

// Drain stops gently, and returns at once: from now on nobody is let in, the sessions are closed one after the other, and then the server
// stops. Called again, the new times count. ErrState: it was not started.
func (server *Server) Drain(options DrainOptions) error {
	var times [3]uint32
	for at, each := range []time.Duration{options.Deadline, options.Batch, options.Retry} {
		ms, err := milliseconds(each)
		if err != nil {
			return err
		}
		times[at] = ms
	}
	code, reason := options.Code, options.Reason
	if code == 0 {
		code, reason = CloseGraceful, "Server shutdown."
	}
	return cryo_server_drain_with(server.handle, times[0], times[1], int32(code), reason, times[2])
}

// SessionCount is how many sessions are live: announced and not closed.
func (server *Server) SessionCount() int {
	return cryo_server_session_count(server.handle)
}

// Sessions are the live ones.
func (server *Server) Sessions() []*Session {
	handles := make([]C.uint64_t, cryo_server_session_count(server.handle)+16)
	for {
		var count C.size_t
		if errorOf(C.go_server_sessions(C.uint64_t(server.handle), &handles[0], C.size_t(len(handles)), &count)) != nil { // cryo_server_sessions
			return nil
		}
		all, fits := handles, int(count) <= len(handles)
		if fits {
			all = handles[:count]
		}
		sessions := make([]*Session, len(all))
		for at, handle := range all {
			sessions[at] = server.pump.table.given(uint64(handle))
		}
		if fits {
			return sessions
		}
		handles = make([]C.uint64_t, int(count)+16)
	}
}

// Find is the live session with this id. ErrNotFound.
func (server *Server) Find(id ID) (*Session, error) {
	found, err := cryo_server_find_session(server.handle, id[:])
	if err != nil {
		return nil, err
	}
	return server.pump.table.given(found), nil
}

// Broadcast sends to every live session but except (nil: to all), and returns to how many; where that is not known at once, how many
// were live. ErrTotalFull: nobody gets it. ErrClosed: the server does not run.
func (server *Server) Broadcast(message Message, except *Session) (int, error) {
	var but uint64
	if except != nil {
		but = except.handle
	}
	return cryo_server_broadcast(server.handle, int32(message.Kind), message.Data, but)
}

// Stat is one figure of all threads together, as it stands now. of picks one kind where there are several (an HTTP status, a DropReason, an
// Outcome); 0: all. ErrInvalid: there is no such figure.
func (server *Server) Stat(stat ServerStat, of int) (float64, error) {
	return cryo_server_stat(server.handle, int32(stat), int32(of))
}

// Metrics are all figures in the text format of Prometheus.
func (server *Server) Metrics() (string, error) {
	return cryo_server_metrics(server.handle)
}

// SetTLS exchanges what the server shows by TLS: new connections get what these options have of it. Without options: what it had, with all
// files read again, as after a renewal. When it fails the server goes on with what it had: ErrState, ErrClosed, ErrInvalid,
// ErrPermission, ErrTLS….
func (server *Server) SetTLS(options ...ServerOption) error {
	if len(options) == 0 {
		return cryo_server_set_tls(server.handle, 0)
	}
	made, err := newServerOptions(options)
	if err != nil {
		return err
	}
	defer cryo_server_options_free(made)
	return cryo_server_set_tls(server.handle, made)
}

// SetTLSTicketKeys exchanges the keys of session tickets, as of WithTLSTicketKeys. nil: keys of its own. ErrState, ErrClosed.
func (server *Server) SetTLSTicketKeys(keys []byte) error {
	return cryo_server_set_tls_ticket_keys(server.handle, keys)
}

// ConnectPeer opens a session from this server to another one. It comes back after a loss as a client does, and tells this server's
// handlers. ErrInvalid: no URL, no token, options that do not fit together. ErrState: the server was not started, or a session has
// the id. ErrClosed: the server stops. Further ErrTLS…, ErrSystem.
func (server *Server) ConnectPeer(url string, options ...ClientOption) (*Session, error) {
	made, provider, err := newClientOptions(url, options)
	if err != nil {
		return nil, err
	}
	defer cryo_client_options_free(made)
	return server.pump.table.opened(func() (uint64, error) { return cryo_server_connect_peer(server.handle, made) }, provider)
}

// AddExtension adds it behind those that are there, at any time. ErrExists: one of that name is there.
func (server *Server) AddExtension(extension *Extension) error {
	return server.pump.extensions.add(extension, server.handle, cryo_server_add_extension)
}

// RemoveExtension: messages that come to it from now on pass by; tickets that are out still count. ErrNotFound.
func (server *Server) RemoveExtension(name string) error {
	return cryo_server_remove_extension(server.handle, name)
}

// FindExtension is a copy of the one of that name, as it was added. ErrNotFound.
func (server *Server) FindExtension(name string) (*Extension, error) {
	return server.pump.extensions.find(name, server.handle, cryo_server_find_extension)
}
