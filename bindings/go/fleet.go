package hostfit

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// Fleet is many hosts inside the core, in interned columns: a document is evaluated for all of them in one call. Every
// answer is the one that Matcher.Evaluate gives for the pair.
//
// A host is known by its slot, a small number that stays until the host is removed; then it may be given to another.
//
// A fleet has one owner: of two calls at once the second is refused with CodeConcurrent. If the runtime ends a call in its
// middle the fleet is lost (ErrInstanceLost), and its owner makes another.
type Fleet struct {
	matcher   *Matcher
	in        *instance
	number    uint64
	busy      atomic.Bool
	closed    atomic.Bool
	forgotten forgotten

	put, remove, size, row, rows, evaluate api.Function

	// occupied are the slots that have a host, as bits; snapshot is what rows refer to, nil once hosts came or went.
	occupied []uint64
	snapshot []uint64
}

// FleetOption changes how a fleet is made.
type FleetOption func(*fleetSettings) error

type fleetSettings struct{ cache int32 }

// settingCache of hf_set, in modules with fleets.
const settingCache = 2

// Parts of a row.
const (
	partScores       = 1
	partUndetermined = 2
)

// rowsOfSlice is about how many bytes of rows one call gives: the context is looked at in between.
const rowsOfSlice = 1 << 20

// WithCache sets the ceiling in bytes of what is kept of tests that were evaluated (256 MiB by default). Less costs time,
// never an answer.
func WithCache(bytes int) FleetOption {
	return func(s *fleetSettings) error { return setLimit(&s.cache, "cache", bytes) }
}

// Fleet makes an empty fleet, in an instance of its own with the matcher's limits.
func (m *Matcher) Fleet(ctx context.Context, options ...FleetOption) (*Fleet, error) {
	var s fleetSettings
	for _, option := range options {
		if err := option(&s); err != nil {
			return nil, err
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	module, err := m.pool.fleets.instantiate(ctx, m.pool)
	if err != nil {
		return nil, err
	}
	f := &Fleet{matcher: m}
	if err := f.open(ctx, module, s); err != nil {
		_ = module.Close(context.WithoutCancel(ctx))
		return nil, err
	}
	if !m.pool.fleets.add(f) {
		_ = module.Close(context.WithoutCancel(ctx))
		return nil, errClosed
	}
	return f, nil
}

func (f *Fleet) open(ctx context.Context, module api.Module, s fleetSettings) error {
	in, err := newInstance(ctx, module, 0, 1, f.matcher.pool.limits)
	if err != nil {
		return err
	}
	in.own = map[*object]*handle{}
	f.in = in
	var fleet api.Function
	for name, function := range map[string]*api.Function{
		"hf_fleet": &fleet, "hf_fleet_put": &f.put, "hf_fleet_remove": &f.remove, "hf_fleet_size": &f.size,
		"hf_fleet_row": &f.row, "hf_fleet_rows": &f.rows, "hf_fleet_evaluate": &f.evaluate,
	} {
		if *function = module.ExportedFunction(name); *function == nil {
			return notHostfit(errors.New("it doesn't export " + name))
		}
	}
	if s.cache != 0 {
		if _, err := in.asked(ctx, module.ExportedFunction("hf_set"), settingCache, uint64(s.cache)); err != nil {
			return err
		}
	}
	number, err := in.asked(ctx, fleet)
	f.number = uint64(number)
	return err
}

// Close ends the fleet and its instance. Closing twice is no error.
func (f *Fleet) Close(ctx context.Context) error {
	if !f.busy.CompareAndSwap(false, true) {
		return errFleetBusy
	}
	defer f.give()
	if f.closed.Swap(true) {
		return nil
	}
	f.matcher.pool.fleets.remove(f)
	return f.in.module.Close(context.WithoutCancel(ctx))
}

var errFleetBusy = misuse(CodeConcurrent, "another call of this fleet is under way", "a fleet has one owner: call it from one goroutine at a time")

// take makes the caller the fleet's owner for one call.
func (f *Fleet) take(ctx context.Context) error {
	if !f.busy.CompareAndSwap(false, true) {
		return errFleetBusy
	}
	if err := f.ready(ctx); err != nil {
		f.give()
		return err
	}
	return nil
}

func (f *Fleet) ready(ctx context.Context) error {
	if f.closed.Load() {
		return misuse(CodeClosed, "this fleet was closed", "make another with Matcher.Fleet")
	}
	if f.in.lost {
		return &Error{
			Code:    CodeInstanceLost,
			Message: "the runtime ended a call of this fleet: what it held is lost",
			Help:    "make another fleet",
			class:   ErrInstanceLost,
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return f.forgotten.drop(ctx, f.in)
}

func (f *Fleet) give() { f.busy.Store(false) }

// Add takes a host in, from its facts as Matcher.Facts takes them: its slot. It returns ErrInput or ErrLimit.
func (f *Fleet) Add(ctx context.Context, facts []byte) (int, error) {
	return f.putInto(ctx, -1, facts)
}

// AddAll adds hosts in order; the context is looked at between them. After an error those that came before stay.
func (f *Fleet) AddAll(ctx context.Context, facts ...[]byte) ([]int, error) {
	slots := make([]int, 0, len(facts))
	for _, one := range facts {
		slot, err := f.Add(ctx, one)
		if err != nil {
			return slots, err
		}
		slots = append(slots, slot)
	}
	return slots, nil
}

// Update replaces the host in a slot; after an error it is as it was.
func (f *Fleet) Update(ctx context.Context, slot int, facts []byte) error {
	if !f.has(slot) {
		return noSuchSlot()
	}
	_, err := f.putInto(ctx, slot, facts)
	return err
}

func (f *Fleet) putInto(ctx context.Context, slot int, facts []byte) (int, error) {
	if err := f.take(ctx); err != nil {
		return 0, err
	}
	defer f.give()
	length, err := f.in.write(ctx, facts)
	if err != nil {
		return 0, err
	}
	given, err := f.in.asked(ctx, f.put, f.number, uint64(uint32(int32(slot))), 0, length)
	if err != nil {
		return 0, err
	}
	f.occupy(int(given), true)
	return int(given), nil
}

// Remove takes the host in a slot out.
func (f *Fleet) Remove(ctx context.Context, slot int) error {
	if err := f.take(ctx); err != nil {
		return err
	}
	defer f.give()
	if !f.has(slot) {
		return noSuchSlot()
	}
	if _, err := f.in.asked(ctx, f.remove, f.number, uint64(uint32(slot))); err != nil {
		return err
	}
	f.occupy(slot, false)
	return nil
}

// Size is the number of hosts, Slots the number that every slot is less than.
func (f *Fleet) Size(ctx context.Context) (int, error) { return f.sizeOf(ctx, 0) }

// Slots is the number that every host's slot is less than.
func (f *Fleet) Slots(ctx context.Context) (int, error) { return f.sizeOf(ctx, 1) }

func (f *Fleet) sizeOf(ctx context.Context, what uint64) (int, error) {
	if err := f.take(ctx); err != nil {
		return 0, err
	}
	defer f.give()
	size, err := f.in.asked(ctx, f.size, f.number, what)
	return int(size), err
}

func noSuchSlot() error {
	return misuse(CodeBadInput, "there is no host in this slot", "use what Add returned, until it is removed")
}

func (f *Fleet) has(slot int) bool {
	return slot >= 0 && slot>>6 < len(f.occupied) && f.occupied[slot>>6]>>(slot&63)&1 == 1
}

func (f *Fleet) occupy(slot int, there bool) {
	for slot>>6 >= len(f.occupied) {
		f.occupied = append(f.occupied, 0)
	}
	bit := uint64(1) << (slot & 63)
	if there != (f.occupied[slot>>6]&bit != 0) {
		f.snapshot = nil
	}
	if there {
		f.occupied[slot>>6] |= bit
	} else {
		f.occupied[slot>>6] &^= bit
	}
}

// RowQuestion is what may take part in a row beside a document, and what the row is to have.
type RowQuestion struct {
	// Candidate's platform and annotations take part, if it is not nil.
	Candidate *Candidate
	Policy    *Policy
	// Scores: whether the row has every host's score. ErrLimit where a score could leave 32 bits.
	Scores bool
	// Best is the most hosts that Row.Best gets.
	Best int
	// AllowUndetermined has undetermined hosts among them, after all compatible ones.
	AllowUndetermined bool
}

// Row evaluates a document for every host.
func (f *Fleet) Row(ctx context.Context, requirements *Requirements, question RowQuestion) (*Row, error) {
	row := &Row{}
	if err := f.RowInto(ctx, row, requirements, question); err != nil {
		return nil, err
	}
	return row, nil
}

// RowInto is Row with the memory of an earlier row.
func (f *Fleet) RowInto(ctx context.Context, row *Row, requirements *Requirements, question RowQuestion) error {
	input, err := question.input()
	if err != nil {
		return err
	}
	if err := f.matcher.check(requirements.inner()); err != nil {
		return err
	}
	if err := f.take(ctx); err != nil {
		return err
	}
	defer f.give()
	document, policy, length, err := f.prepare(ctx, requirements, question.Policy, input)
	if err != nil {
		return err
	}
	var parts uint64
	if question.Scores {
		parts |= partScores
	}
	if question.AllowUndetermined {
		parts |= partUndetermined
	}
	best := uint64(uint32(max(0, min(question.Best, 1<<20))))
	if _, err := f.in.asked(ctx, f.row, f.number, document, policy, length, parts, best); err != nil {
		return err
	}
	return row.read(f.in.view(), question.Scores, f.occupiedNow())
}

func (q *RowQuestion) input() ([]byte, error) {
	if q.Candidate == nil {
		return nil, nil
	}
	return q.Candidate.forEvaluation()
}

// prepare has everything that a question is about in the fleet's instance, the input last.
func (f *Fleet) prepare(ctx context.Context, requirements *Requirements, policy *Policy, input []byte) (document, rules, length uint64, err error) {
	if document, err = f.in.handle(ctx, requirements.object); err != nil {
		return
	}
	runtime.KeepAlive(requirements)
	if rules, err = f.matcher.policyIn(ctx, f.in, policy); err != nil {
		return
	}
	if input != nil {
		length, err = f.in.write(ctx, input)
	}
	return
}

func (f *Fleet) occupiedNow() []uint64 {
	if f.snapshot == nil {
		f.snapshot = append([]uint64{}, f.occupied...)
	}
	return f.snapshot
}

// Rows evaluates documents for every host, a row for each, in order. It works in slices of about a mebibyte, and looks at the
// context in between; row is valid during its call of each alone. What each returns ends the work.
func (f *Fleet) Rows(ctx context.Context, documents []*Requirements, each func(index int, row *Row) error) error {
	for _, document := range documents {
		if err := f.matcher.check(document.inner()); err != nil {
			return err
		}
	}
	if err := f.take(ctx); err != nil {
		return err
	}
	defer f.give()
	slots, err := f.in.asked(ctx, f.size, f.number, 1)
	if err != nil {
		return err
	}
	size := rowSize(int(slots))
	most := max(1, min(rowsOfSlice/size, 65_536))
	var row Row
	for begin := 0; begin < len(documents); begin += most {
		if err := ctx.Err(); err != nil {
			return err
		}
		now := documents[begin:min(begin+most, len(documents))]
		handles := make([]byte, 0, 4*len(now))
		for _, document := range now {
			handle, err := f.in.handle(ctx, document.object)
			if err != nil {
				return err
			}
			handles = binary.LittleEndian.AppendUint32(handles, uint32(handle))
		}
		runtime.KeepAlive(documents)
		if _, err := f.in.write(ctx, handles); err != nil {
			return err
		}
		if _, err := f.in.asked(ctx, f.rows, f.number, uint64(len(now))); err != nil {
			return err
		}
		answer := f.in.view()
		for i := range now {
			if err := row.read(answer[i*size:(i+1)*size], false, f.occupiedNow()); err != nil {
				return err
			}
			if err := each(begin+i, &row); err != nil {
				return err
			}
		}
	}
	return nil
}

// Explain gives the verdict of one cell with its reasons: as Matcher.Evaluate.
func (f *Fleet) Explain(ctx context.Context, slot int, requirements *Requirements, question Question) (*Verdict, error) {
	input, err := (&RowQuestion{Candidate: question.Candidate}).input()
	if err != nil {
		return nil, err
	}
	if err := f.matcher.check(requirements.inner()); err != nil {
		return nil, err
	}
	if err := f.take(ctx); err != nil {
		return nil, err
	}
	defer f.give()
	if !f.has(slot) {
		return nil, noSuchSlot()
	}
	document, policy, length, err := f.prepare(ctx, requirements, question.Policy, input)
	if err != nil {
		return nil, err
	}
	if _, err := f.in.asked(ctx, f.evaluate, f.number, uint64(uint32(slot)), document, policy, length); err != nil {
		return nil, err
	}
	verdict := &Verdict{JSON: f.in.answer()}
	if err := json.Unmarshal(verdict.JSON, verdict); err != nil {
		return nil, notHostfit(err)
	}
	return verdict, nil
}

// fleets are a matcher's fleets, and the module that they are instances of.
type fleets struct {
	mutex  sync.Mutex
	module wazero.CompiledModule
	all    map[*Fleet]struct{}
	closed bool
}

// instantiate compiles the module when it is first needed: most matchers have no fleet.
func (s *fleets) instantiate(ctx context.Context, p *pool) (api.Module, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.closed {
		return nil, errClosed
	}
	if s.module == nil {
		module, err := p.runtime.CompileModule(ctx, fleetWasm)
		if err != nil {
			return nil, notHostfit(err)
		}
		s.module = module
	}
	return instantiate(ctx, p.runtime, s.module)
}

func (s *fleets) add(f *Fleet) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.closed {
		return false
	}
	if s.all == nil {
		s.all = map[*Fleet]struct{}{}
	}
	s.all[f] = struct{}{}
	return true
}

func (s *fleets) remove(f *Fleet) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	delete(s.all, f)
}

func (s *fleets) each(call func(*Fleet)) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for f := range s.all {
		call(f)
	}
}

// close ends every fleet of a matcher that is closed.
func (s *fleets) close(ctx context.Context) {
	s.mutex.Lock()
	s.closed = true
	all := s.all
	s.all = nil
	module := s.module
	s.module = nil
	s.mutex.Unlock()
	for f := range all {
		f.closed.Store(true)
		_ = f.in.module.Close(context.WithoutCancel(ctx))
	}
	if module != nil {
		_ = module.Close(context.WithoutCancel(ctx))
	}
}
