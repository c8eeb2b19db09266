package hostfit

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tetratelabs/wazero"
)

const needsAVX2 = `{"apiVersion":"hostfit/v1.0","kind":"Requirements","requires":{"cpu.cpuid":["AVX2"]}}`

func factsWith(flags ...string) []byte {
	return fmt.Appendf(nil, `{"kind":"Host","features":{"flags":{"cpu.cpuid":{"elements":[%s]}}}}`, quoted(flags))
}

func quoted(texts []string) string {
	if len(texts) == 0 {
		return ""
	}
	return `"` + strings.Join(texts, `","`) + `"`
}

func newMatcher(t testing.TB, options ...Option) *Matcher {
	t.Helper()
	m, err := New(t.Context(), options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return m
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func wantCode(t *testing.T, err error, class error, code string) {
	t.Helper()
	var refused *Error
	if !errors.As(err, &refused) || !errors.Is(err, class) || refused.Code != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

func TestDecidesAsItEvaluates(t *testing.T) {
	ctx := t.Context()
	m := newMatcher(t)
	r := must(m.Compile(ctx, Document{JSON: []byte(needsAVX2)}))
	facts := [][]byte{factsWith("AVX2"), factsWith(), []byte(`{"kind":"Host"}`)}
	want := []Value{Compatible, Incompatible, Undetermined}
	hosts := make([]*Host, 0, 3*slice+2)
	for i := range cap(hosts) {
		hosts = append(hosts, must(m.Facts(ctx, facts[i%3])))
	}
	many := must(m.DecideMany(ctx, r, hosts))
	for i, host := range hosts {
		if many[i] != want[i%3] {
			t.Fatalf("host %d of many: %s", i, many[i])
		}
		if i < 3 {
			if got := must(m.Decide(ctx, r, host)); got != want[i] {
				t.Errorf("host %d: %s", i, got)
			}
			if got := must(m.Evaluate(ctx, r, host, Question{})); got.Value != want[i] {
				t.Errorf("host %d: %s", i, got.Value)
			}
		}
	}
	if none := must(m.DecideMany(ctx, r, nil)); len(none) != 0 {
		t.Errorf("no hosts: %v", none)
	}
}

func TestManyAtOnceHaveEachTheirAnswer(t *testing.T) {
	ctx := t.Context()
	m := newMatcher(t, WithInstances(4))
	flags := []string{"AVX", "AVX2", "FMA3", "SSE3"}
	var requirements []*Requirements
	var hosts []*Host
	for _, flag := range flags {
		document := strings.Replace(needsAVX2, "AVX2", flag, 1)
		requirements = append(requirements, must(m.Compile(ctx, Document{JSON: []byte(document)})))
		hosts = append(hosts, must(m.Facts(ctx, factsWith(flag))))
	}
	var all sync.WaitGroup
	for worker := range 16 {
		all.Go(func() {
			for i := range 500 {
				r, h := (worker+i)%4, (worker*7+i*3)%4
				want := Incompatible
				if r == h {
					want = Compatible
				}
				if got, err := m.Decide(ctx, requirements[r], hosts[h]); got != want || err != nil {
					t.Errorf("%s on a host with %s: %s, %v", flags[r], flags[h], got, err)
					return
				}
				if i%50 != 0 {
					continue
				}
				// What others make and close in the meantime disturbs nobody.
				own, err := m.Facts(ctx, factsWith(flags[r]))
				if err != nil {
					t.Error(err)
					return
				}
				if got, err := m.Evaluate(ctx, requirements[r], own, Question{}); err != nil || got.Value != Compatible {
					t.Errorf("%v, %v", got, err)
				}
				own.Close()
			}
		})
	}
	all.Wait()
}

func TestCancelledCalls(t *testing.T) {
	m := newMatcher(t, WithInstances(1))
	background := t.Context()
	r := must(m.Compile(background, Document{JSON: []byte(needsAVX2)}))
	host := must(m.Facts(background, factsWith("AVX2")))
	cancelled, cancel := context.WithCancel(background)
	cancel()
	calls := map[string]func(ctx context.Context) error{
		"Compile": func(ctx context.Context) error {
			_, err := m.Compile(ctx, Document{JSON: []byte(needsAVX2)})
			return err
		},
		"Facts":      func(ctx context.Context) error { _, err := m.Facts(ctx, factsWith()); return err },
		"Policy":     func(ctx context.Context) error { _, err := m.Policy(ctx, []byte("{}")); return err },
		"Decide":     func(ctx context.Context) error { _, err := m.Decide(ctx, r, host); return err },
		"DecideMany": func(ctx context.Context) error { _, err := m.DecideMany(ctx, r, []*Host{host}); return err },
		"Evaluate":   func(ctx context.Context) error { _, err := m.Evaluate(ctx, r, host, Question{}); return err },
		"Rank":       func(ctx context.Context) error { _, err := m.Rank(ctx, host, nil, RankOptions{}); return err },
	}
	for name, call := range calls {
		if err := call(cancelled); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// While the only instance is taken, a call waits for as long as its context lets it.
	in := must(m.pool.take(background))
	short, stop := context.WithTimeout(background, time.Millisecond)
	defer stop()
	for name, call := range calls {
		if err := call(short); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", name, err)
		}
	}
	m.pool.give(background, in)
	if got := must(m.Decide(background, r, host)); got != Compatible {
		t.Error(got)
	}
}

// cancelAfter is a context that is cancelled once it was asked so many times.
type cancelAfter struct {
	context.Context
	left int
}

func (c *cancelAfter) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

func TestCancelledBetweenSlices(t *testing.T) {
	m := newMatcher(t, WithInstances(1))
	r := must(m.Compile(t.Context(), Document{JSON: []byte(needsAVX2)}))
	host := must(m.Facts(t.Context(), factsWith("AVX2")))
	hosts := make([]*Host, 4*slice)
	for i := range hosts {
		hosts[i] = host
	}
	ctx := &cancelAfter{t.Context(), 2 * slice}
	if _, err := m.DecideMany(ctx, r, hosts); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if got := must(m.DecideMany(t.Context(), r, hosts)); len(got) != len(hosts) {
		t.Error(len(got))
	}
}

// An embedder's own runtime may end calls; what it killed is made anew, with everything that was compiled.
func TestAKilledInstanceIsRebuilt(t *testing.T) {
	background := context.Background()
	engine := wazero.NewRuntimeWithConfig(background, wazero.NewRuntimeConfig().WithCloseOnContextDone(true))
	defer engine.Close(background)
	m := newMatcher(t, WithRuntime(engine), WithInstances(1))
	r := must(m.Compile(background, Document{JSON: []byte(needsAVX2)}))
	host := must(m.Facts(background, factsWith("AVX2")))
	for round := range 3 {
		if got := must(m.Decide(background, r, host)); got != Compatible {
			t.Fatal(got)
		}
		// Cancelled after the binding has looked at the context: in the middle of a call.
		in := must(m.pool.take(background))
		cancelled, cancel := context.WithCancel(background)
		cancel()
		_, err := in.asked(cancelled, in.decide, uint64(r.object.handles[0].number), uint64(host.object.handles[0].number))
		wantCode(t, err, ErrInstanceLost, CodeInstanceLost)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("round %d: it isn't told why: %v", round, err)
		}
		m.pool.give(background, in)
	}
	if got := must(m.Evaluate(background, r, host, Question{})); got.Value != Compatible {
		t.Error(got.Value)
	}
	if m.pool.lives[0] != 4 {
		t.Errorf("%d lives", m.pool.lives[0])
	}
}

func TestErrorsHaveClassesAndPlaces(t *testing.T) {
	ctx := t.Context()
	m := newMatcher(t)
	_, err := m.Compile(ctx, Document{ID: "index", JSON: []byte(strings.Replace(needsAVX2, `["AVX2"]`, `[]`, 1))})
	wantCode(t, err, ErrInput, "empty")
	var refused *Error
	if errors.As(err, &refused) && (refused.Document != "index" || refused.Pointer != "/requires/cpu.cpuid" || refused.Help == "") {
		t.Errorf("%+v", refused)
	}
	_, err = m.Compile(ctx, Document{JSON: []byte(strings.Replace(needsAVX2, "v1.0", "v1.7", 1))})
	wantCode(t, err, ErrUnsupportedVersion, "unsupported-version")
	wantCode(t, err, ErrInput, "unsupported-version")
	_, err = m.Facts(ctx, []byte(strings.Repeat("[", 200)))
	wantCode(t, err, ErrLimit, "too-deep")
	if errors.Is(err, ErrInput) {
		t.Error("of two classes")
	}
}

func TestMisuse(t *testing.T) {
	ctx := t.Context()
	m, other := newMatcher(t), newMatcher(t)
	r := must(m.Compile(ctx, Document{JSON: []byte(needsAVX2)}))
	host := must(m.Facts(ctx, factsWith("AVX2")))
	closed := must(m.Facts(ctx, factsWith("AVX2")))
	closed.Close()
	closed.Close()
	cases := []struct {
		name string
		code string
		call func() error
	}{
		{"a closed host", CodeClosed, func() error { _, err := m.Decide(ctx, r, closed); return err }},
		{"another's host", CodeWrongMatcher, func() error { _, err := other.Decide(ctx, r, host); return err }},
		{"no host", CodeBadInput, func() error { _, err := m.Decide(ctx, r, nil); return err }},
		{"no requirements", CodeBadInput, func() error { _, err := m.Evaluate(ctx, nil, host, Question{}); return err }},
		{"the zero value", CodeBadInput, func() error { _, err := m.Decide(ctx, &Requirements{}, &Host{}); return err }},
		{"no document", CodeBadInput, func() error { _, err := m.Compile(ctx); return err }},
		{"a third dialect", CodeBadInput, func() error { _, err := m.Compile(ctx, Document{Dialect: 2}); return err }},
		{"text that is not UTF-8", CodeNotJSON, func() error {
			_, err := m.Rank(ctx, host, []Candidate{{ID: "\xff"}}, RankOptions{})
			return err
		}},
		{"an annotation that is not UTF-8", CodeNotJSON, func() error {
			question := Question{Candidate: &Candidate{Annotations: map[string]string{"a": "\xff"}}}
			_, err := m.Evaluate(ctx, r, host, question)
			return err
		}},
		{"no instances", CodeBadLimit, func() error { _, err := New(ctx, WithInstances(0)); return err }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { wantCode(t, c.call(), ErrMisuse, c.code) })
	}
}

func TestAClosedMatcher(t *testing.T) {
	ctx := t.Context()
	m := must(New(ctx))
	r := must(m.Compile(ctx, Document{JSON: []byte(needsAVX2)}))
	host := must(m.Facts(ctx, factsWith("AVX2")))
	in := must(m.pool.take(ctx))
	short, stop := context.WithTimeout(ctx, time.Millisecond)
	defer stop()
	if err := m.Close(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("it doesn't wait for a call under way: %v", err)
	}
	m.pool.give(ctx, in)
	for range 2 {
		if err := m.Close(ctx); err != nil {
			t.Error(err)
		}
	}
	_, err := m.Decide(ctx, r, host)
	wantCode(t, err, ErrMisuse, CodeClosed)
	_, err = m.Facts(ctx, factsWith())
	wantCode(t, err, ErrMisuse, CodeClosed)
	host.Close()
}

func TestTheMemoryCeilingLeavesAnInstanceUsable(t *testing.T) {
	ctx := t.Context()
	m := newMatcher(t, WithMemory(4<<20), WithInstances(1))
	big := make([]string, 200_000)
	for i := range big {
		big[i] = fmt.Sprintf("flag-%d", i)
	}
	_, err := m.Facts(ctx, factsWith(big...))
	wantCode(t, err, ErrLimit, "out-of-memory")
	r := must(m.Compile(ctx, Document{JSON: []byte(needsAVX2)}))
	if got := must(m.Decide(ctx, r, must(m.Facts(ctx, factsWith("AVX2"))))); got != Compatible {
		t.Error(got)
	}
}

// What is closed, or not reachable any more, is given back: 2,000 hosts of 64 KB don't fit into 16 MiB.
func TestWhatIsNotUsedIsGivenBack(t *testing.T) {
	ctx := t.Context()
	m := newMatcher(t, WithMemory(16<<20), WithInstances(1))
	flags := make([]string, 2000)
	for i := range flags {
		flags[i] = fmt.Sprintf("a-rather-long-name-of-a-flag-%d", i)
	}
	facts := factsWith(flags...)
	for i := range 2000 {
		host, err := m.Facts(ctx, facts)
		if err != nil {
			t.Fatalf("host %d: %v", i, err)
		}
		if i%2 == 0 {
			host.Close()
		} else if i%20 == 1 {
			host = nil
			_ = host
			runtime.GC()
			time.Sleep(time.Millisecond)
		}
	}
}
