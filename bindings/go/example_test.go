package hostfit_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	hostfit "github.com/hostfit/hostfit/bindings/go"
)

var document = []byte(`{
	"apiVersion": "hostfit/v1.0",
	"kind": "Requirements",
	"name": "lammps-cuda",
	"requires": {
		"kernel.version": { "full": { "version": ">=5.14" } },
		"cpu.cpuid": ["AVX2"]
	}
}`)

var facts = []byte(`{
	"apiVersion": "hostfit/v1.0",
	"kind": "Host",
	"platforms": [{ "os": "linux", "architecture": "amd64", "variant": "v3" }],
	"features": {
		"flags": { "cpu.cpuid": { "elements": ["AVX2", "FMA3"] } },
		"attributes": { "kernel.version": { "elements": { "full": "4.18.0-305.el8" } } }
	}
}`)

func Example() {
	ctx := context.Background()
	matcher, err := hostfit.New(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer matcher.Close(ctx)

	requirements, err := matcher.Compile(ctx, hostfit.Document{ID: "index", JSON: document})
	if err != nil {
		log.Fatal(err)
	}
	host, err := matcher.Facts(ctx, facts)
	if err != nil {
		log.Fatal(err)
	}
	verdict, err := matcher.Evaluate(ctx, requirements, host, hostfit.Question{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(verdict.Value)
	for _, reason := range verdict.Reasons {
		fmt.Printf("%s %s: found %s, wanted %s\n", *reason.Feature, *reason.Name, reason.Found, reason.Wanted)
	}
	// Output:
	// incompatible
	// kernel.version full: found "4.18.0-305.el8", wanted {"version":">=5.14"}
}

func ExampleMatcher_Rank() {
	ctx := context.Background()
	matcher, err := hostfit.New(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer matcher.Close(ctx)

	host, err := matcher.Facts(ctx, facts)
	if err != nil {
		log.Fatal(err)
	}
	amd64 := &hostfit.Platform{OS: "linux", Architecture: "amd64"}
	v3 := &hostfit.Platform{OS: "linux", Architecture: "amd64", Variant: "v3"}
	arm64 := &hostfit.Platform{OS: "linux", Architecture: "arm64"}
	ranking, err := matcher.Rank(ctx, host, []hostfit.Candidate{
		{ID: "plain", Platform: amd64},
		{ID: "fast", Platform: v3},
		{ID: "other", Platform: arm64},
	}, hostfit.RankOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, candidate := range ranking.Candidates {
		fmt.Println(candidate.ID, candidate.Value, candidate.DecidedBy)
	}
	// Output:
	// fast compatible specificity
	// plain compatible specificity
	// other incompatible incompatible
}

func ExampleMatcher_DecideMany() {
	ctx := context.Background()
	matcher, err := hostfit.New(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer matcher.Close(ctx)

	requirements, err := matcher.Compile(ctx, hostfit.Document{JSON: document})
	if err != nil {
		log.Fatal(err)
	}
	host, err := matcher.Facts(ctx, facts)
	if err != nil {
		log.Fatal(err)
	}
	unseen, err := matcher.Facts(ctx, []byte(`{"kind":"Host"}`))
	if err != nil {
		log.Fatal(err)
	}
	values, err := matcher.DecideMany(ctx, requirements, []*hostfit.Host{host, unseen})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(values)
	// Output: [incompatible undetermined]
}

func ExampleMatcher_Fleet() {
	ctx := context.Background()
	matcher, err := hostfit.New(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer matcher.Close(ctx)

	fleet, err := matcher.Fleet(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer fleet.Close(ctx)
	if _, err := fleet.AddAll(ctx, facts, []byte(`{"kind":"Host"}`)); err != nil {
		log.Fatal(err)
	}
	requirements, err := matcher.Compile(ctx, hostfit.Document{JSON: document})
	if err != nil {
		log.Fatal(err)
	}
	row, err := fleet.Row(ctx, requirements, hostfit.RowQuestion{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(row.Compatible, row.Undetermined, row.Incompatible)
	for slot := range row.Slots(hostfit.Incompatible) {
		verdict, err := fleet.Explain(ctx, slot, requirements, hostfit.Question{})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(slot, verdict.Reasons[0].Pointer)
	}
	// Output:
	// 0 1 1
	// 0 /requires/kernel.version/full
}

func ExampleError() {
	ctx := context.Background()
	matcher, err := hostfit.New(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer matcher.Close(ctx)

	_, err = matcher.Compile(ctx, hostfit.Document{
		ID:   "index",
		JSON: []byte(`{"apiVersion":"hostfit/v1.0","kind":"Requirements","requires":{"cpu.cpuid":[]}}`),
	})
	var refused *hostfit.Error
	if errors.Is(err, hostfit.ErrInput) && errors.As(err, &refused) {
		fmt.Println(refused.Code, refused.Document, refused.Pointer)
	}
	// Output: empty index /requires/cpu.cpuid
}
