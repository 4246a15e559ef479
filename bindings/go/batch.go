package cryo

import (
	"unsafe"
)

// record is an event in a batch, as cryo.h lays it out: fixed-width fields at fixed offsets, in the processor's order. It is memory of the
// library's, until the batch is given back.
type record []byte

func u32(raw []byte, at int) uint32 {
	return *(*uint32)(unsafe.Pointer(&raw[at : at+4][0]))
}

func u64(raw []byte, at int) uint64 {
	return *(*uint64)(unsafe.Pointer(&raw[at : at+8][0]))
}

func (event record) size() int         { return int(u64(event, 0)) }
func (event record) kind() int         { return int(int32(u32(event, recordKind))) }
func (event record) session() uint64   { return u64(event, recordSession) }
func (event record) ticket() uint64    { return u64(event, recordTicket) }
func (event record) code() int32       { return int32(u32(event, recordCode)) }
func (event record) httpStatus() int   { return int(int32(u32(event, recordHTTPStatus))) }
func (event record) receipt() uint64   { return u64(event, recordReceipt) }
func (event record) messageKind() Kind { return Kind(u32(event, recordMessageKind)) }
func (event record) messageID() uint64 { return u64(event, recordMessageID) }
func (event record) value() float64    { return *(*float64)(unsafe.Pointer(&event[recordValue])) }
func (event record) lent() []byte      { return event.part(recordData, int(u64(event, recordDataLength))) }
func (event record) text() string {
	return string(event.part(recordText, int(u32(event, recordTextLength))))
}
func (event record) part(field, length int) []byte {
	if length == 0 {
		return nil
	}
	at := int(u32(event, field))
	return event[at : at+length]
}

// message copies.
func (event record) message() Message {
	data := event.lent()
	return Message{event.messageKind(), append(make([]byte, 0, len(data)), data...), event.messageID()}
}
