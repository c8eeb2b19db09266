package hostfit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
)

func newFleet(t testing.TB, m *Matcher, options ...FleetOption) *Fleet {
	t.Helper()
	f, err := m.Fleet(t.Context(), options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return f
}

const scored = `{"apiVersion":"hostfit/v1.0","kind":"Requirements","requires":{"cpu.cpuid":["AVX2"]},
	"prefers":[{"weight":7,"when":{"cpu.cpuid":["FMA3"]}}]}`

// Facts by i: fits with and without the preference, doesn't fit, isn't known.
func factsOf(i int) []byte {
	return [][]byte{factsWith("AVX2"), factsWith("AVX2", "FMA3"), factsWith(), []byte(`{"kind":"Host"}`)}[i%4]
}

func TestAFleetAnswersAsTheMatcherDoes(t *testing.T) {
	ctx := t.Context()
	m := newMatcher(t)
	r := must(m.Compile(ctx, Document{ID: "d", JSON: []byte(scored)}))
	for _, count := range []int{0, 1, 31, 32, 33, 64, 65, 200} {
		f := newFleet(t, m)
		for i := range count {
			if slot := must(f.Add(ctx, factsOf(i))); slot != i {
				t.Fatalf("host %d has slot %d", i, slot)
			}
		}
		row := must(f.Row(ctx, r, RowQuestion{Scores: true, Best: 3}))
		counts := map[Value]int{}
		for i := range count {
			host := must(m.Facts(ctx, factsOf(i)))
			want := must(m.Evaluate(ctx, r, host, Question{}))
			got, there := row.Value(i)
			if got != want.Value || !there || int64(row.Scores[i]) != want.Score {
				t.Errorf("%d hosts, %d: %s %v %d, want %s %d", count, i, got, there, row.Scores[i], want.Value, want.Score)
			}
			if explained := must(f.Explain(ctx, i, r, Question{})); string(explained.JSON) != string(want.JSON) {
				t.Errorf("%s\n%s", explained.JSON, want.JSON)
			}
			counts[got]++
			host.Close()
		}
		for _, value := range values {
			if listed := len(slices.Collect(row.Slots(value))); listed != counts[value] {
				t.Errorf("%d hosts: %d listed of %s, want %d", count, listed, value, counts[value])
			}
		}
		if row.Compatible != counts[Compatible] || row.Undetermined != counts[Undetermined] || row.Incompatible != counts[Incompatible] {
			t.Errorf("%d hosts: %+v, want %v", count, row, counts)
		}
		for _, best := range row.Best {
			if value, _ := row.Value(best.Slot); best.Value != Compatible || value != Compatible || best.Score != row.Scores[best.Slot] {
				t.Errorf("%+v", best)
			}
		}
		if _, there := row.Value(count); there {
			t.Error("a host in a slot past the last")
		}
	}
}

func TestAFleetsVectors(t *testing.T) {
	ctx := t.Context()
	m := newMatcher(t)
	f := newFleet(t, m)
	asked := 0
	for _, v := range readVectors(t) {
		if v.Candidates != nil {
			continue
		}
		want, err := ask(ctx, m, v)
		if err != nil {
			continue
		}
		slot := must(f.Add(ctx, v.Facts.bytes()))
		r := must(m.Compile(ctx, documentsOf(v.Documents)...))
		question := Question{}
		if v.Policy != nil {
			question.Policy = must(m.Policy(ctx, v.Policy.bytes()))
		}
		if v.Candidate != nil {
			question.Candidate = &Candidate{Platform: v.Candidate.Platform, Annotations: v.Candidate.Annotations}
		}
		verdict := must(f.Explain(ctx, slot, r, question))
		if string(verdict.JSON) != string(want) {
			t.Errorf("%s: %s\n%s", v.Name, verdict.JSON, want)
		}
		row := must(f.Row(ctx, r, RowQuestion{Candidate: question.Candidate, Policy: question.Policy}))
		if value, there := row.Value(slot); !there || value != verdict.Value {
			t.Errorf("%s: %s in its row", v.Name, value)
		}
		r.Close()
		if err := f.Remove(ctx, slot); err != nil {
			t.Fatal(err)
		}
		asked++
	}
	if asked < 1000 {
		t.Errorf("only %d vectors", asked)
	}
}

func TestHostsComeAndGo(t *testing.T) {
	ctx := t.Context()
	m := newMatcher(t)
	r := must(m.Compile(ctx, Document{JSON: []byte(needsAVX2)}))
	f := newFleet(t, m, WithCache(1<<20))
	slots := must(f.AddAll(ctx, factsOf(0), factsOf(2), factsOf(3)))
	before := must(f.Row(ctx, r, RowQuestion{}))
	if err := f.Remove(ctx, slots[0]); err != nil {
		t.Fatal(err)
	}
	if err := f.Update(ctx, slots[1], factsOf(1)); err != nil {
		t.Fatal(err)
	}
	after := must(f.Row(ctx, r, RowQuestion{}))
	if value, there := before.Value(slots[0]); !there || value != Compatible {
		t.Error("an earlier row has changed")
	}
	if _, there := after.Value(slots[0]); there {
		t.Error("a removed host is there")
	}
	if value, _ := after.Value(slots[1]); value != Compatible {
		t.Error(value)
	}
	if size, most := must(f.Size(ctx)), must(f.Slots(ctx)); size != 2 || most < 3 {
		t.Errorf("%d hosts below %d", size, most)
	}
	_, err := f.Add(ctx, []byte(`{"kind":"Host","features":7}`))
	wantCode(t, err, ErrInput, "wrong-type")
	if again := must(f.Add(ctx, factsOf(0))); again != slots[0] {
		t.Errorf("a free slot isn't given again: %d", again)
	}
}

func TestRowsInSlices(t *testing.T) {
	ctx := t.Context()
	m := newMatcher(t)
	f := newFleet(t, m)
	for i := range 2000 {
		must(f.Add(ctx, factsOf(i)))
	}
	var documents []*Requirements
	for i := range 8 {
		flag := []string{"AVX2", "FMA3"}[i%2]
		documents = append(documents, must(m.Compile(ctx, Document{JSON: []byte(strings.Replace(needsAVX2, "AVX2", flag, 1))})))
	}
	many := slices.Repeat(documents, 600)
	seen := 0
	err := f.Rows(ctx, many, func(index int, row *Row) error {
		if index != seen || row.Compatible != []int{1000, 500}[index%2] {
			return fmt.Errorf("row %d: %+v", index, row)
		}
		seen++
		return nil
	})
	if err != nil || seen != len(many) {
		t.Error(seen, err)
	}
	stopped := errors.New("enough")
	if err := f.Rows(ctx, many, func(int, *Row) error { return stopped }); !errors.Is(err, stopped) {
		t.Error(err)
	}
	half := &cancelAfter{ctx, 2}
	seen = 0
	if err := f.Rows(half, many, func(int, *Row) error { seen++; return nil }); !errors.Is(err, context.Canceled) || seen == 0 || seen == len(many) {
		t.Errorf("%d of %d rows, %v", seen, len(many), err)
	}
}

func TestMisuseOfAFleet(t *testing.T) {
	ctx := t.Context()
	m, other := newMatcher(t), newMatcher(t)
	r := must(m.Compile(ctx, Document{JSON: []byte(needsAVX2)}))
	f := newFleet(t, m)
	slot := must(f.Add(ctx, factsOf(0)))
	closed := must(m.Fleet(ctx))
	for range 2 {
		if err := closed.Close(ctx); err != nil {
			t.Error(err)
		}
	}
	gone := must(m.Compile(ctx, Document{JSON: []byte(needsAVX2)}))
	must(f.Row(ctx, gone, RowQuestion{}))
	gone.Close()
	cases := []struct {
		name, code string
		call       func() error
	}{
		{"two at once", CodeConcurrent, func() error {
			return f.Rows(ctx, []*Requirements{r}, func(int, *Row) error { _, err := f.Size(ctx); return err })
		}},
		{"after Close", CodeClosed, func() error { _, err := closed.Add(ctx, factsOf(0)); return err }},
		{"closed requirements", CodeClosed, func() error { _, err := f.Row(ctx, gone, RowQuestion{}); return err }},
		{"another's requirements", CodeWrongMatcher, func() error {
			_, err := f.Row(ctx, must(other.Compile(ctx, Document{JSON: []byte(needsAVX2)})), RowQuestion{})
			return err
		}},
		{"no requirements", CodeBadInput, func() error { _, err := f.Row(ctx, nil, RowQuestion{}); return err }},
		{"no such slot", CodeBadInput, func() error { return f.Remove(ctx, slot+1) }},
		{"a slot below 0", CodeBadInput, func() error { return f.Update(ctx, -1, factsOf(0)) }},
		{"no such cell", CodeBadInput, func() error { _, err := f.Explain(ctx, 99, r, Question{}); return err }},
		{"no cache", CodeBadLimit, func() error { _, err := m.Fleet(ctx, WithCache(0)); return err }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { wantCode(t, c.call(), ErrMisuse, c.code) })
	}
	if row := must(f.Row(ctx, r, RowQuestion{})); row.Compatible != 1 {
		t.Errorf("%+v", row)
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := f.Row(cancelled, r, RowQuestion{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestAFleetEndsWithItsMatcher(t *testing.T) {
	ctx := t.Context()
	m := must(New(ctx))
	f := must(m.Fleet(ctx))
	if err := m.Close(ctx); err != nil {
		t.Fatal(err)
	}
	_, err := f.Add(ctx, factsOf(0))
	wantCode(t, err, ErrMisuse, CodeClosed)
	_, err = m.Fleet(ctx)
	wantCode(t, err, ErrMisuse, CodeClosed)
	if err := f.Close(ctx); err != nil {
		t.Error(err)
	}
}

func TestAKilledFleetIsTold(t *testing.T) {
	background := context.Background()
	engine := wazero.NewRuntimeWithConfig(background, wazero.NewRuntimeConfig().WithCloseOnContextDone(true))
	defer engine.Close(background)
	m := newMatcher(t, WithRuntime(engine))
	f := newFleet(t, m)
	r := must(m.Compile(background, Document{JSON: []byte(needsAVX2)}))
	slot := must(f.Add(background, factsOf(0)))
	cancelled, cancel := context.WithCancel(background)
	cancel()
	_, err := f.in.asked(cancelled, f.size, f.number, 0)
	wantCode(t, err, ErrInstanceLost, CodeInstanceLost)
	_, err = f.Explain(background, slot, r, Question{})
	wantCode(t, err, ErrInstanceLost, CodeInstanceLost)
	again := newFleet(t, m)
	must(again.Add(background, factsOf(0)))
	if row := must(again.Row(background, r, RowQuestion{})); row.Compatible != 1 {
		t.Errorf("%+v", row)
	}
}

// A row for 10,000 hosts, with its tests evaluated before.
func BenchmarkRow(b *testing.B) {
	ctx := b.Context()
	m := newMatcher(b)
	f := newFleet(b, m)
	for i := range 10_000 {
		must(f.Add(ctx, factsOf(i)))
	}
	r := must(m.Compile(ctx, Document{JSON: []byte(needsAVX2)}))
	var row Row
	b.ReportAllocs()
	for b.Loop() {
		if err := f.RowInto(ctx, &row, r, RowQuestion{}); err != nil {
			b.Fatal(err)
		}
	}
}
