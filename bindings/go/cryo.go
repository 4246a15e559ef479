// Package cryo has real-time WebSocket sessions: Cryo servers and clients, over libcryo.
//
// A Server lets in who has a good token, and tells of each Session and its messages by the functions in Handlers. A Client is one
// session from its other end, which connects again by itself when the connection is lost. All functions and methods may be called
// from any goroutine.
//
// What each option and call does in full is written in cryo.h; the comments here have its words where they were made from it.
package cryo

// #cgo pkg-config: cryo
// #include "glue.h"
import "C"

import (
	"fmt"
	"math"
	"time"
)

// Never is a duration that does not end, for SetExpiry.
const Never = time.Duration(math.MaxInt64)

// BuildInfo is what the library was built with and runs on, for bug reports.
func BuildInfo() string {
	return cryo_build_info()
}

// LibraryVersion is the version of the library that is loaded, "0.1.0" for example.
func LibraryVersion() string {
	return cryo_version_string()
}

// fits tells what to do where the library that the system has found is not the one that this package is for.
func fits() error {
	if found := cryo_abi_version(); found != abiVersion {
		return &Error{ErrUnsupported, fmt.Sprintf(
			"this package is for libcryo.so.%d, and the library that was loaded says %d: install Cryo %s, or set LD_LIBRARY_PATH to where it is",
			abiVersion, found, Version)}
	}
	return nil
}
