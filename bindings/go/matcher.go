package hostfit

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"runtime"
	"sync"
	"unicode/utf8"

	"github.com/tetratelabs/wazero"
)

// Matcher compiles requirements, loads facts and gives verdicts. It is for concurrent use.
type Matcher struct {
	pool *pool
	// own is the matcher's own runtime, nil if it is the embedder's.
	own     wazero.Runtime
	closing sync.Mutex
}

// New compiles the core and makes a first instance of it. Close it when it isn't needed any more.
//
// It returns ErrMisuse for an option's value, ErrLoad for a module that isn't hostfit's.
func New(ctx context.Context, options ...Option) (*Matcher, error) {
	s := defaultSettings()
	for _, option := range options {
		if err := option(&s); err != nil {
			return nil, err
		}
	}
	m := &Matcher{}
	engine := s.runtime
	if engine == nil {
		config := wazero.NewRuntimeConfig()
		if s.cache != nil {
			config = config.WithCompilationCache(s.cache)
		}
		engine = wazero.NewRuntimeWithConfig(ctx, config)
		m.own = engine
	}
	module, err := engine.CompileModule(ctx, s.wasm)
	if err != nil {
		m.closeRuntime(ctx)
		return nil, notHostfit(err)
	}
	m.pool = newPool(engine, module, s.instances, s.limits)
	in, err := m.pool.take(ctx)
	if err != nil {
		_ = m.Close(ctx)
		return nil, err
	}
	m.pool.give(ctx, in)
	return m, nil
}

// Close waits for calls under way, and ends every instance. What is called later gets CodeClosed. If the context is done
// first, calls are still under way: close again.
func (m *Matcher) Close(ctx context.Context) error {
	m.closing.Lock()
	defer m.closing.Unlock()
	if err := m.pool.close(ctx); err != nil {
		return err
	}
	m.pool.fleets.close(ctx)
	if err := m.pool.module.Close(ctx); err != nil {
		return err
	}
	m.closeRuntime(ctx)
	return nil
}

func (m *Matcher) closeRuntime(ctx context.Context) {
	if m.own != nil {
		_ = m.own.Close(ctx)
	}
}

// Compile compiles an ordered list of documents into one set of requirements: what all of them require is required.
//
// It returns ErrInput, ErrUnsupportedVersion or ErrLimit for what the core refuses, with the place.
func (m *Matcher) Compile(ctx context.Context, documents ...Document) (*Requirements, error) {
	input, err := bundle(documents)
	if err != nil {
		return nil, err
	}
	o, err := m.load(ctx, requirementsKind, input)
	if err != nil {
		return nil, err
	}
	return closeUnreachable(&Requirements{o}, o), nil
}

// Facts loads a host's facts: a Host document, or Node Feature Discovery's NodeFeature object, as JSON.
//
// It returns ErrInput, ErrUnsupportedVersion or ErrLimit for what the core refuses, with the place.
func (m *Matcher) Facts(ctx context.Context, facts []byte) (*Host, error) {
	o, err := m.load(ctx, hostKind, append([]byte(nil), facts...))
	if err != nil {
		return nil, err
	}
	return closeUnreachable(&Host{o}, o), nil
}

// Policy loads an administrator's policy, as JSON.
//
// It returns ErrInput, ErrUnsupportedVersion or ErrLimit for what the core refuses, with the place.
func (m *Matcher) Policy(ctx context.Context, policy []byte) (*Policy, error) {
	o, err := m.load(ctx, policyKind, append([]byte(nil), policy...))
	if err != nil {
		return nil, err
	}
	return closeUnreachable(&Policy{o}, o), nil
}

// load has an instance judge an input, which is kept for the others.
func (m *Matcher) load(ctx context.Context, kind kind, input []byte) (*object, error) {
	in, err := m.pool.take(ctx)
	if err != nil {
		return nil, err
	}
	defer m.pool.give(ctx, in)
	o := &object{matcher: m, kind: kind, input: input, handles: make([]handle, len(m.pool.lives))}
	if _, err := in.handle(ctx, o); err != nil {
		return nil, err
	}
	return o, nil
}

// check tells whether an object is one of this matcher's.
func (m *Matcher) check(o *object) error {
	if o == nil {
		return misuse(CodeBadInput, "nil where requirements or a host were expected", "pass what Compile and Facts returned")
	}
	if o.matcher != m {
		return misuse(CodeWrongMatcher, "this belongs to another matcher", "use things with the matcher that made them")
	}
	return nil
}

func (r *Requirements) inner() *object {
	if r == nil {
		return nil
	}
	return r.object
}

func (h *Host) inner() *object {
	if h == nil {
		return nil
	}
	return h.object
}

// Decide gives the verdict alone, without reasons, candidate or policy: the fast path.
func (m *Matcher) Decide(ctx context.Context, requirements *Requirements, host *Host) (Value, error) {
	r, h := requirements.inner(), host.inner()
	if err := m.check(r); err != nil {
		return "", err
	}
	if err := m.check(h); err != nil {
		return "", err
	}
	in, err := m.pool.take(ctx)
	if err != nil {
		return "", err
	}
	defer m.pool.give(ctx, in)
	first, err := in.handle(ctx, r)
	if err != nil {
		return "", err
	}
	second, err := in.handle(ctx, h)
	if err != nil {
		return "", err
	}
	// INVARIANT: who holds an instance has its handles until it is given back, whoever closes them; but what stands for them
	// must not be collected before they are had.
	runtime.KeepAlive(requirements)
	runtime.KeepAlive(host)
	value, err := in.asked(ctx, in.decide, first, second)
	if err != nil {
		return "", err
	}
	return values[value], nil
}

// slice is how many hosts one call of the core is asked about: the context is looked at in between.
const slice = 1024

// DecideMany decides for many hosts, in few calls of the core.
func (m *Matcher) DecideMany(ctx context.Context, requirements *Requirements, hosts []*Host) ([]Value, error) {
	r := requirements.inner()
	if err := m.check(r); err != nil {
		return nil, err
	}
	for _, host := range hosts {
		if err := m.check(host.inner()); err != nil {
			return nil, err
		}
	}
	in, err := m.pool.take(ctx)
	if err != nil {
		return nil, err
	}
	defer m.pool.give(ctx, in)
	first, err := in.handle(ctx, r)
	if err != nil {
		return nil, err
	}
	runtime.KeepAlive(requirements)
	out := make([]Value, 0, len(hosts))
	numbers := make([]byte, 0, 4*min(slice, len(hosts)))
	for len(hosts) > 0 {
		now := hosts[:min(slice, len(hosts))]
		hosts = hosts[len(now):]
		numbers = numbers[:0]
		for _, host := range now {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			number, err := in.handle(ctx, host.object)
			if err != nil {
				return nil, err
			}
			numbers = binary.LittleEndian.AppendUint32(numbers, uint32(number))
		}
		if _, err := in.write(ctx, numbers); err != nil {
			return nil, err
		}
		if _, err := in.asked(ctx, in.decideMany, first, uint64(len(now))); err != nil {
			return nil, err
		}
		planes := in.answer()
		for i := range now {
			lower := planes[i>>3] >> (i & 7) & 1
			upper := planes[len(planes)/2+i>>3] >> (i & 7) & 1
			out = append(out, values[lower+upper])
		}
	}
	return out, nil
}

// Question is what may take part in an evaluation beside a document and a host.
type Question struct {
	// Candidate's platform and annotations take part, if it is not nil.
	Candidate *Candidate
	Policy    *Policy
}

// Evaluate gives the verdict with its reasons.
func (m *Matcher) Evaluate(ctx context.Context, requirements *Requirements, host *Host, question Question) (*Verdict, error) {
	answer, err := m.EvaluateJSON(ctx, requirements, host, question)
	if err != nil {
		return nil, err
	}
	verdict := &Verdict{JSON: answer}
	if err := json.Unmarshal(answer, verdict); err != nil {
		return nil, notHostfit(err)
	}
	return verdict, nil
}

// EvaluateJSON is Evaluate for who hands the answer on: the bytes as the core wrote them.
func (m *Matcher) EvaluateJSON(ctx context.Context, requirements *Requirements, host *Host, question Question) ([]byte, error) {
	var input []byte
	if question.Candidate != nil {
		asked, err := question.Candidate.forEvaluation()
		if err != nil {
			return nil, err
		}
		input = asked
	}
	r, h := requirements.inner(), host.inner()
	for _, o := range []*object{r, h} {
		if err := m.check(o); err != nil {
			return nil, err
		}
	}
	in, err := m.pool.take(ctx)
	if err != nil {
		return nil, err
	}
	defer m.pool.give(ctx, in)
	first, err := in.handle(ctx, r)
	if err != nil {
		return nil, err
	}
	second, err := in.handle(ctx, h)
	if err != nil {
		return nil, err
	}
	runtime.KeepAlive(requirements)
	runtime.KeepAlive(host)
	policy, err := m.policyIn(ctx, in, question.Policy)
	if err != nil {
		return nil, err
	}
	var length uint64
	if input != nil {
		if length, err = in.write(ctx, input); err != nil {
			return nil, err
		}
	}
	if _, err := in.asked(ctx, in.evaluate, first, second, policy, length); err != nil {
		return nil, err
	}
	return in.answer(), nil
}

// policyIn is a policy's handle, 0 for nil.
func (m *Matcher) policyIn(ctx context.Context, in *instance, policy *Policy) (uint64, error) {
	if policy == nil {
		return 0, nil
	}
	if err := m.check(policy.object); err != nil {
		return 0, err
	}
	number, err := in.handle(ctx, policy.object)
	runtime.KeepAlive(policy)
	return number, err
}

// exact is text that JSON says as it is: encoding/json would put U+FFFD where it isn't UTF-8.
func exact(texts ...string) error {
	for _, text := range texts {
		if !utf8.ValidString(text) {
			return misuse(CodeNotJSON, "a text is not UTF-8: JSON can't say it exactly", "mend it, or leave it out")
		}
	}
	return nil
}
