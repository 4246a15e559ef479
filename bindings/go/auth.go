package cryo

// #include "glue.h"
import "C"

import (
	"runtime/cgo"
	"sync"
	"time"
)

// Auth is the ticket of a client that asks to be let in. Accept, Replace, Reject or Refuse settles it, at once or later, from any
// goroutine, once: afterwards they answer ErrState, also when its time is over or the client has gone.
type Auth struct {
	// Token is what the client has shown.
	Token string

	handle uint64
	mutex  sync.Mutex
	values map[string]any
}

// Accept lets the client in.
func (auth *Auth) Accept() error {
	return auth.admit(cryo_auth_accept)
}

// Replace lets the client in, also in the place of a live session with the same id, whatever its token was. Say it only where both belong
// to the same user.
func (auth *Auth) Replace() error {
	return auth.admit(cryo_auth_replace)
}

func (auth *Auth) admit(settle func(uint64) error) error {
	auth.mutex.Lock()
	defer auth.mutex.Unlock()
	if auth.values != nil {
		user := cgo.NewHandle(auth.values)
		if err := errorOf(C.go_auth_set(C.uint64_t(auth.handle), valuesName, C.uintptr_t(user))); err != nil { // cryo_auth_set
			user.Delete()
			return err
		}
		auth.values = nil
	}
	return settle(auth.handle)
}

// Reject refuses with 401. The client sees the reason, one line; "": "The token was refused."
func (auth *Auth) Reject(reason string) error {
	return cryo_auth_reject(auth.handle, reason)
}

// Refuse refuses with a status from 400 to 599. The client sees the body, at most 4096 bytes. retryAfter becomes a Retry-After header, in
// seconds and rounded up; 0: none. ErrInvalid, ErrTooBig: the ticket stays unsettled.
func (auth *Auth) Refuse(httpStatus int, body string, retryAfter time.Duration) error {
	ms, err := milliseconds(retryAfter)
	if err != nil {
		return err
	}
	return cryo_auth_refuse(auth.handle, int32(httpStatus), body, ms)
}

// Set keeps a value with the session that this ticket opens, for Session.Value from OnSession on. Where a session goes on with a client
// that came back, it replaces that session's value of this key. Before the ticket is settled.
func (auth *Auth) Set(key string, value any) {
	auth.mutex.Lock()
	defer auth.mutex.Unlock()
	if auth.values == nil {
		auth.values = map[string]any{}
	}
	auth.values[key] = value
}

// SetClaim keeps a text that is known of the client, such as "user" or "tenant", for Session.Claim. The name has 1 to 255 bytes.
// ErrState: settled. ErrTooBig: names and values of one session have more than 16384 bytes.
func (auth *Auth) SetClaim(name, value string) error {
	return cryo_auth_set_claim(auth.handle, name, &value)
}

// UnsetClaim takes it back.
func (auth *Auth) UnsetClaim(name string) error {
	return cryo_auth_set_claim(auth.handle, name, nil)
}

// SetExpiry ends the session that this ticket opens after so long, as Session.SetExpiry. ErrState: settled.
func (auth *Auth) SetExpiry(after time.Duration) error {
	return cryo_auth_set_expiry_ms(auth.handle, expiry(after))
}

// RemoteAddress is where the client is, as of a Session. Like all that follow, "" once the ticket is settled.
func (auth *Auth) RemoteAddress() string {
	text, _ := cryo_auth_remote_address(auth.handle)
	return text
}

// ProxyAddress is that of the proxy that has told the client's; "" where the client came by itself.
func (auth *Auth) ProxyAddress() string {
	text, _ := cryo_auth_proxy_address(auth.handle)
	return text
}

// Path is that of the upgrade request.
func (auth *Auth) Path() string {
	text, _ := cryo_auth_path(auth.handle)
	return text
}

// Parameter is the first one of that name in the query, and whether there is one. The id that the client asks for is "x-cryo-sid", and is not
// checked yet.
func (auth *Auth) Parameter(name string) (string, bool) {
	text, err := cryo_auth_parameter(auth.handle, name)
	return text, err == nil
}

// Header is one of the upgrade request, by its name in any case, and whether there is one. Several of one name are joined.
func (auth *Auth) Header(name string) (string, bool) {
	text, err := cryo_auth_header(auth.handle, name)
	return text, err == nil
}

// PeerCertificate is nil when the client has shown none.
func (auth *Auth) PeerCertificate() *PeerCertificate {
	return certificate(auth.handle, cryo_auth_peer_certificate_subject, cryo_auth_peer_certificate_name,
		cryo_auth_peer_certificate_fingerprint)
}
