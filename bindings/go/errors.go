package cryo

// #include "glue.h"
import "C"

import (
	"fmt"
)

// Error is what went wrong. errors.Is finds its status in it: errors.Is(err, cryo.ErrClosed).
type Error struct {
	Status Status
	Text   string // for people
}

func (err *Error) Error() string {
	if err.Text == "" {
		return err.Status.Error()
	}
	return err.Text + " (" + err.Status.Error() + ")"
}

// Unwrap is the status.
func (err *Error) Unwrap() error {
	return err.Status
}

// Error is the status's name in cryo.h.
func (status Status) Error() string {
	return cryo_status_name(status)
}

// errorOf takes what cryo_last_error has said in the same call.
func errorOf(result C.go_result) error {
	if result.status >= 0 {
		return nil
	}
	defer free(result.text)
	return &Error{Status(result.status), C.GoString(result.text)}
}

func unknown(kind string, value int32) string {
	return fmt.Sprintf("%s(%d)", kind, value)
}
