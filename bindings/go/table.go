package cryo

// #include "glue.h"
import "C"

import (
	"runtime"
	"runtime/cgo"
	"sync"
)

// table has the one object of each session, from its first event to its closed event. The object holds the session; once it is not in
// the table any more and nobody else has it, it lets go.
type table struct {
	mutex    sync.Mutex
	sessions map[uint64]*Session
	provider map[uint64]TokenProvider // of peers and clients
	owner    *pump
}

func (table *table) init(owner *pump) {
	table.owner = owner
	table.sessions = map[uint64]*Session{}
	table.provider = map[uint64]TokenProvider{}
}

// lent is the object of a session that an event tells of: live, for its closed event has not been told.
func (table *table) lent(handle uint64) *Session {
	table.mutex.Lock()
	defer table.mutex.Unlock()
	session := table.sessions[handle]
	if session == nil {
		session = table.object(cryo_session_retain(handle))
		table.sessions[handle] = session
	}
	return session
}

// given is the object for a handle that was retained for the caller. The session may have closed meanwhile, and its closed event been
// told: then nothing would ever take it out of the table again.
func (table *table) given(handle uint64) *Session {
	table.mutex.Lock()
	defer table.mutex.Unlock()
	if session := table.sessions[handle]; session != nil {
		cryo_session_release(handle)
		return session
	}
	session := table.object(handle)
	if cryo_session_is_open(handle) == 1 {
		table.sessions[handle] = session
	}
	return session
}

// opened is the object of a peer that `open` opens. Its first event, and its last, may come before that returns, and wait for this.
func (table *table) opened(open func() (uint64, error), provider TokenProvider) (*Session, error) {
	table.mutex.Lock()
	defer table.mutex.Unlock()
	handle, err := open()
	if err != nil {
		return nil, err
	}
	session := table.object(handle)
	table.sessions[handle] = session
	if provider != nil {
		table.provider[handle] = provider
	}
	return session, nil
}

func (table *table) object(retained uint64) *Session {
	session := &Session{handle: retained, owner: table.owner}
	runtime.SetFinalizer(session, func(session *Session) { cryo_session_release(session.handle) })
	return session
}

func (table *table) ended(handle uint64) *Session {
	session := table.lent(handle)
	table.mutex.Lock()
	defer table.mutex.Unlock()
	delete(table.sessions, handle)
	delete(table.provider, handle)
	return session
}

func (table *table) providerOf(handle uint64) TokenProvider {
	table.mutex.Lock()
	defer table.mutex.Unlock()
	return table.provider[handle]
}

const valuesKey = "cryo.go"

var valuesName = C.CString(valuesKey)

// keepValues copies what Auth.Set has said for this session: before its first event, and before it goes on with a client that came back.
func (session *Session) keepValues() {
	if user := C.go_session_get(C.uint64_t(session.handle), valuesName); user != 0 { // cryo_session_get
		for key, value := range cgo.Handle(user).Value().(map[string]any) {
			session.values.Store(key, value)
		}
	}
}
