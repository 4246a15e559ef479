package cryo

// #include "glue.h"
import "C"

import (
	"runtime/cgo"
)

//export goFinalized
func goFinalized(user C.uintptr_t) {
	cgo.Handle(user).Delete()
}

//export goLogged
func goLogged(level C.int32_t, message *C.char, user C.uintptr_t) {
	defer recovered("log", nil)
	cgo.Handle(user).Value().(func(LogLevel, string))(LogLevel(level), C.GoString(message))
}

//export goUnregistered
func goUnregistered(user C.uintptr_t) {
	defer recovered("OnUnregister", nil)
	if told := cgo.Handle(user).Value().(*Extension).OnUnregister; told != nil {
		told()
	}
}
