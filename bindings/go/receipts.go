package cryo

import (
	"sync"
	"time"
)

// Numbers from here on are those of SendReceipt.
const firstOwnReceipt = 1 << 63

type receipts struct {
	mutex   sync.Mutex
	last    uint64
	waiting map[uint64]chan Receipt
}

func (receipts *receipts) next() (uint64, <-chan Receipt) {
	receipts.mutex.Lock()
	defer receipts.mutex.Unlock()
	if receipts.waiting == nil {
		receipts.waiting = map[uint64]chan Receipt{}
	}
	receipts.last++
	channel := make(chan Receipt, 1)
	receipts.waiting[firstOwnReceipt+receipts.last] = channel
	return firstOwnReceipt + receipts.last, channel
}

func (receipts *receipts) take(number uint64) chan Receipt {
	receipts.mutex.Lock()
	defer receipts.mutex.Unlock()
	channel := receipts.waiting[number]
	delete(receipts.waiting, number)
	return channel
}

// end tells those whose receipt will not come: there are none, unless the queue was taken away from under its sessions.
func (receipts *receipts) end() {
	receipts.mutex.Lock()
	defer receipts.mutex.Unlock()
	for number, channel := range receipts.waiting {
		channel <- Receipt{Number: number, Outcome: ReceiptClosed}
	}
	receipts.waiting = nil
}

func receiptOf(event record) Receipt {
	receipt := Receipt{Number: event.receipt(), Outcome: Outcome(event.code()), By: event.text()}
	if receipt.Outcome == ReceiptAcknowledged {
		receipt.RTT = time.Duration(event.value() * float64(time.Millisecond))
	}
	return receipt
}
