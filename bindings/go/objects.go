package hostfit

import (
	"runtime"
	"sync/atomic"
)

// kind is what an object is to the core.
type kind uint8

const (
	requirementsKind kind = iota
	hostKind
	policyKind
)

// object is what was compiled or loaded: its bytes, and its handles in the instances that have it.
type object struct {
	matcher *Matcher
	kind    kind
	input   []byte
	closed  atomic.Bool
	// handles are by the instances' numbers. INVARIANT: handles[i] is read and written only by who holds instance i.
	handles []handle
}

// handle is a handle of the core, of one life of an instance.
type handle struct {
	life   uint32
	number int32
}

// close is safe to call more than once, and while others use the object: they get their answers or CodeClosed.
func (o *object) close() {
	if o.closed.CompareAndSwap(false, true) {
		o.matcher.pool.forget(o)
	}
}

// Requirements are compiled requirements documents. They are for concurrent use.
type Requirements struct{ object *object }

// Close gives back what they hold in every instance; unreachable ones are closed by the garbage collector.
func (r *Requirements) Close() { r.object.close() }

// Host is a host's facts inside the core. It is for concurrent use.
type Host struct{ object *object }

// Close gives back what it holds in every instance; unreachable ones are closed by the garbage collector.
func (h *Host) Close() { h.object.close() }

// Policy is an administrator's policy inside the core. It is for concurrent use.
type Policy struct{ object *object }

// Close gives back what it holds in every instance; unreachable ones are closed by the garbage collector.
func (p *Policy) Close() { p.object.close() }

// closeUnreachable closes an object once nobody can reach what stands for it any more.
func closeUnreachable[T any](owner *T, o *object) *T {
	runtime.AddCleanup(owner, (*object).close, o)
	return owner
}
