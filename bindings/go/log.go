package cryo

// #include "glue.h"
import "C"

import (
	"log"
	"runtime/cgo"
	"runtime/debug"
)

// SetLog says where the library's log goes, for the whole process: lines of this level and below. Each is without its end. The function
// is called from any thread, one call at a time, and must not call SetLog. nil: to standard error, as it is at the start, with LogWarning.
func SetLog(level LogLevel, write func(level LogLevel, line string)) error {
	if write == nil {
		return errorOf(C.go_set_log(C.int32_t(level), 0)) // cryo_set_log
	}
	user := cgo.NewHandle(write)
	err := errorOf(C.go_set_log(C.int32_t(level), C.uintptr_t(user)))
	if err != nil {
		user.Delete()
	}
	return err
}

// recovered keeps a handler that panics from ending the process. To be deferred.
func recovered(where string, told func(where string, value any, stack []byte)) {
	value := recover()
	if value == nil {
		return
	}
	stack := debug.Stack()
	if told == nil {
		log.Printf("cryo: panic in %s: %v\n%s", where, value, stack)
		return
	}
	defer func() {
		if second := recover(); second != nil {
			log.Printf("cryo: panic in OnPanic: %v, after one in %s: %v\n%s", second, where, value, stack)
		}
	}()
	told(where, value, stack)
}
