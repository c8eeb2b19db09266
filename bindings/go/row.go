package hostfit

import (
	"encoding/binary"
	"errors"
	"iter"
	"math/bits"
)

// Row is one document's verdicts for every host of a fleet, as the fleet was when it was asked.
type Row struct {
	// Hosts of each verdict.
	Compatible, Undetermined, Incompatible int
	// Scores are by slot, 0 where there is no host; nil if they were not asked for.
	Scores []int32
	// Best are the hosts to prefer: compatible before undetermined, then by score, then by slot.
	Best []RankedHost

	slots        int
	lower, upper []byte
	occupied     []uint64
}

// RankedHost is one of the best.
type RankedHost struct {
	Slot  int
	Value Value
	Score int32
}

// rowHeader is the length of slots, compatible, undetermined, incompatible and best.
const rowHeader = 20

// rowSize is how many bytes a row without parts has.
func rowSize(slots int) int { return rowHeader + 8*((slots+31)/32) }

// Value is the verdict for the host in a slot; false where there was no host.
func (r *Row) Value(slot int) (Value, bool) {
	if slot < 0 || slot >= r.slots || slot>>6 >= len(r.occupied) || r.occupied[slot>>6]>>(slot&63)&1 == 0 {
		return "", false
	}
	return values[r.lower[slot>>3]>>(slot&7)&1+r.upper[slot>>3]>>(slot&7)&1], true
}

// Slots are the hosts of a verdict, in ascending order.
func (r *Row) Slots(value Value) iter.Seq[int] {
	return func(yield func(int) bool) {
		for at := 0; at*8 < r.slots; at++ {
			var word byte
			switch value {
			case Compatible:
				word = r.lower[at]
			case Undetermined:
				word = r.upper[at] &^ r.lower[at]
			case Incompatible:
				word = ^r.upper[at] & r.occupiedByte(at)
			}
			for word != 0 {
				if !yield(at<<3 + bits.TrailingZeros8(word)) {
					return
				}
				word &= word - 1
			}
		}
	}
}

func (r *Row) occupiedByte(at int) byte {
	if at>>3 >= len(r.occupied) {
		return 0
	}
	return byte(r.occupied[at>>3] >> (at & 7 * 8))
}

var errShortRow = errors.New("a row is shorter than it says")

// read takes a row apart (docs/abi.md, "Fleets"); it uses the row's own memory again.
func (r *Row) read(answer []byte, scores bool, occupied []uint64) error {
	if len(answer) < rowHeader {
		return notHostfit(errShortRow)
	}
	word := func(at int) int { return int(binary.LittleEndian.Uint32(answer[at:])) }
	r.slots, r.Compatible, r.Undetermined, r.Incompatible = word(0), word(4), word(8), word(12)
	best := word(16)
	plane := 4 * ((r.slots + 31) / 32)
	size := rowHeader + 2*plane + 12*best
	if scores {
		size += 4 * r.slots
	}
	if len(answer) < size {
		return notHostfit(errShortRow)
	}
	r.occupied = occupied
	r.lower = append(r.lower[:0], answer[rowHeader:rowHeader+plane]...)
	r.upper = append(r.upper[:0], answer[rowHeader+plane:rowHeader+2*plane]...)
	at := rowHeader + 2*plane
	r.Scores = r.Scores[:0]
	if scores {
		for i := range r.slots {
			r.Scores = append(r.Scores, int32(binary.LittleEndian.Uint32(answer[at+4*i:])))
		}
		at += 4 * r.slots
	} else {
		r.Scores = nil
	}
	r.Best = r.Best[:0]
	for i := range best {
		ranked := at + 12*i
		r.Best = append(r.Best, RankedHost{Slot: word(ranked), Value: values[word(ranked+4)], Score: int32(word(ranked + 8))})
	}
	return nil
}
