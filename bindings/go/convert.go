package cryo

// #include "glue.h"
import "C"

import (
	"math"
	"strings"
	"time"
	"unsafe"
)

// text is a C string, to be freed. One with a NUL in it would be cut short, and is refused.
func text(from string) (*C.char, error) {
	if strings.IndexByte(from, 0) >= 0 {
		return nil, &Error{ErrInvalid, "a text must not contain a NUL character"}
	}
	return C.CString(from), nil
}

func textOrNull(from string) (*C.char, error) {
	if from == "" {
		return nil, nil
	}
	return text(from)
}

func optionalText(from *string) (*C.char, error) {
	if from == nil {
		return nil, nil
	}
	return text(*from)
}

func free(given *C.char) {
	C.free(unsafe.Pointer(given))
}

func bytes(data []byte) *C.uint8_t {
	if len(data) == 0 {
		return nil
	}
	return (*C.uint8_t)(unsafe.Pointer(&data[0]))
}

func number(on bool) int32 {
	if on {
		return 1
	}
	return 0
}

// milliseconds rounds up, so that what is not nothing does not become it.
func milliseconds(duration time.Duration) (uint32, error) {
	ms := (duration + time.Millisecond - 1) / time.Millisecond
	if duration < 0 || int64(ms) > math.MaxUint32 {
		return 0, &Error{ErrInvalid, "a duration must be 0 to 4294967295 ms"}
	}
	return uint32(ms), nil
}

// expiry rounds down: a token is good for no longer than it says.
func expiry(after time.Duration) int64 {
	if after == Never {
		return math.MaxInt64
	}
	return int64(after / time.Millisecond)
}

// buffer is where the library writes a text, which may be longer than it was when it was asked for its length.
type buffer struct {
	data   []byte
	length C.size_t
}

func newBuffer() *buffer {
	return &buffer{data: make([]byte, 128)}
}

func (buffer *buffer) at() *C.char {
	return (*C.char)(unsafe.Pointer(&buffer.data[0]))
}

func (buffer *buffer) capacity() C.size_t {
	return C.size_t(len(buffer.data))
}

// filled says whether to call again, with the larger buffer that there is now.
func (buffer *buffer) filled(result C.go_result) (bool, error) {
	err := errorOf(result)
	if Status(result.status) == ErrBuffer {
		buffer.data = make([]byte, buffer.length+1)
		return true, nil
	}
	if err != nil {
		buffer.length = 0
	}
	return false, err
}

func (buffer *buffer) text() string {
	return string(buffer.data[:buffer.length])
}

// grow makes room for what did not fit, if it is this one that was too small.
func (buffer *buffer) grow() {
	if int(buffer.length) >= len(buffer.data) {
		buffer.data = make([]byte, buffer.length+1)
	}
}
