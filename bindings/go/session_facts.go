package cryo

// #include "glue.h"
import "C"

import (
	"errors"
	"runtime"
)

// PeerCertificate is what a client has shown, and the server has found good (WithTLSClientCAFile).
type PeerCertificate struct {
	// Subject is as in RFC 4514: "CN=alice,O=Example".
	Subject string
	// Names are the alternative ones: "DNS:a.example", "IP:192.0.2.7", …
	Names []string
	// Fingerprint is the SHA-256 of all of it, as 64 hexadecimal digits.
	Fingerprint string
}

// Parameter is one of a query.
type Parameter struct {
	Name, Value string
}

// ID is what the client chose.
func (session *Session) ID() ID {
	defer runtime.KeepAlive(session)
	id, _ := cryo_session_id(session.handle)
	return id
}

// IsOpen says whether messages can be sent.
func (session *Session) IsOpen() bool {
	defer runtime.KeepAlive(session)
	return cryo_session_is_open(session.handle) == 1
}

// IsSecure says whether CALE encrypts what it sends and receives; TLS is another matter.
func (session *Session) IsSecure() bool {
	defer runtime.KeepAlive(session)
	return cryo_session_is_secure(session.handle) == 1
}

// IsPeer says whether this server has opened it (Server.ConnectPeer).
func (session *Session) IsPeer() bool {
	defer runtime.KeepAlive(session)
	return cryo_session_is_peer(session.handle) == 1
}

// Token is the one that the session came in with; of a client the one of its options, "" with a token provider.
func (session *Session) Token() string {
	return session.text(cryo_session_token)
}

// RemoteAddress is where the peer is: "192.0.2.7:54321", "[2001:db8::1]:54321", "unix:".
func (session *Session) RemoteAddress() string {
	return session.text(cryo_session_remote_address)
}

// ProxyAddress is that of the proxy that has told the client's; "" where the client came by itself.
func (session *Session) ProxyAddress() string {
	return session.text(cryo_session_proxy_address)
}

// Path is that of the upgrade request.
func (session *Session) Path() string {
	return session.text(cryo_session_path)
}

func (session *Session) text(read func(uint64) (string, error)) string {
	defer runtime.KeepAlive(session)
	text, _ := read(session.handle)
	return text
}

// Parameter is the first one of that name in the query of the upgrade request, and whether there is one.
func (session *Session) Parameter(name string) (string, bool) {
	defer runtime.KeepAlive(session)
	text, err := cryo_session_parameter(session.handle, name)
	return text, err == nil
}

// Parameters are all of them but the token, in the order of the request.
func (session *Session) Parameters() []Parameter {
	defer runtime.KeepAlive(session)
	var all []Parameter
	name, value := newBuffer(), newBuffer()
	for {
		result := C.go_session_parameter_at(C.uint64_t(session.handle), C.size_t(len(all)), name.at(), name.capacity(), &name.length,
			value.at(), value.capacity(), &value.length) // cryo_session_parameter_at
		err := errorOf(result)
		if errors.Is(err, ErrBuffer) {
			name.grow()
			value.grow()
			continue
		}
		if err != nil {
			return all
		}
		all = append(all, Parameter{name.text(), value.text()})
	}
}

// Header is one of the upgrade request that WithSessionHeader names, and whether there is one.
func (session *Session) Header(name string) (string, bool) {
	defer runtime.KeepAlive(session)
	text, err := cryo_session_header(session.handle, name)
	return text, err == nil
}

// Claim is a text that Auth.SetClaim has set, and whether there is one.
func (session *Session) Claim(name string) (string, bool) {
	defer runtime.KeepAlive(session)
	text, err := cryo_session_claim(session.handle, name)
	return text, err == nil
}

// PeerCertificate is nil when the client has shown none.
func (session *Session) PeerCertificate() *PeerCertificate {
	defer runtime.KeepAlive(session)
	return certificate(session.handle, cryo_session_peer_certificate_subject, cryo_session_peer_certificate_name,
		cryo_session_peer_certificate_fingerprint)
}

func certificate(handle uint64, subject func(uint64) (string, error), name func(uint64, int) (string, error),
	fingerprint func(uint64) (string, error)) *PeerCertificate {
	var shown PeerCertificate
	var err error
	if shown.Subject, err = subject(handle); err != nil {
		return nil
	}
	shown.Fingerprint, _ = fingerprint(handle)
	for {
		text, err := name(handle, len(shown.Names))
		if err != nil {
			return &shown
		}
		shown.Names = append(shown.Names, text)
	}
}

// Stat is one figure of the session, as it stands now. ErrNotFound: no round trip was measured yet.
func (session *Session) Stat(stat Stat) (float64, error) {
	defer runtime.KeepAlive(session)
	return cryo_session_stat(session.handle, int32(stat))
}
