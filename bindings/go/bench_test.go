package hostfit

import "testing"

// One evaluation with everything compiled; bench/cases/bindings.ts compares it with the other bindings.
func BenchmarkDecide(b *testing.B) {
	ctx := b.Context()
	m := newMatcher(b)
	r := must(m.Compile(ctx, Document{JSON: []byte(needsAVX2)}))
	host := must(m.Facts(ctx, factsWith("AVX2")))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Decide(ctx, r, host); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecideParallel(b *testing.B) {
	ctx := b.Context()
	m := newMatcher(b)
	r := must(m.Compile(ctx, Document{JSON: []byte(needsAVX2)}))
	host := must(m.Facts(ctx, factsWith("AVX2")))
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := m.Decide(ctx, r, host); err != nil {
				b.Error(err)
			}
		}
	})
}

func BenchmarkEvaluateJSON(b *testing.B) {
	ctx := b.Context()
	m := newMatcher(b)
	r := must(m.Compile(ctx, Document{JSON: []byte(needsAVX2)}))
	host := must(m.Facts(ctx, factsWith()))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.EvaluateJSON(ctx, r, host, Question{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		m := must(New(b.Context()))
		_ = m.Close(b.Context())
	}
}
