// Package main measures the Go binding by itself, as bench/measure/self-measuring.ts asks it to: DOCUMENT and HOSTS are files
// (one JSON object, and one a line); each line of the standard input is a mode and milliseconds, each of the output
// { "nanoseconds": of one evaluation }; the mode "row" is one document for a fleet of 10,000 hosts. With --first it gives one verdict and ends; a folder after it caches the compiled core.
package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"log"
	"os"
	"time"

	hostfit "github.com/hostfit/hostfit/bindings/go"
	"github.com/tetratelabs/wazero"
)

func main() {
	ctx := context.Background()
	if err := run(ctx, os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

// hostsOfFleet is how many hosts a row is about: those at hand, again and again.
const hostsOfFleet = 10_000

func fleetOf(ctx context.Context, matcher *hostfit.Matcher, lines []byte) (*hostfit.Fleet, error) {
	fleet, err := matcher.Fleet(ctx)
	if err != nil {
		return nil, err
	}
	for added := 0; added < hostsOfFleet; {
		for line := range bytes.Lines(lines) {
			if _, err := fleet.Add(ctx, line); err != nil {
				return nil, err
			}
			if added++; added == hostsOfFleet {
				break
			}
		}
	}
	return fleet, nil
}

func run(ctx context.Context, arguments []string) error {
	document, err := os.ReadFile(arguments[0])
	if err != nil {
		return err
	}
	lines, err := os.ReadFile(arguments[1])
	if err != nil {
		return err
	}
	var options []hostfit.Option
	first := len(arguments) > 2 && arguments[2] == "--first"
	if first && len(arguments) > 3 {
		cache, err := wazero.NewCompilationCacheWithDir(arguments[3])
		if err != nil {
			return err
		}
		defer cache.Close(ctx)
		options = append(options, hostfit.WithCompilationCache(cache))
	}
	matcher, err := hostfit.New(ctx, options...)
	if err != nil {
		return err
	}
	requirements, err := matcher.Compile(ctx, hostfit.Document{ID: "document", JSON: document})
	if err != nil {
		return err
	}
	var hosts []*hostfit.Host
	for line := range bytes.Lines(lines) {
		host, err := matcher.Facts(ctx, line)
		if err != nil {
			return err
		}
		if hosts = append(hosts, host); first {
			break
		}
	}
	if first {
		verdict, err := matcher.Evaluate(ctx, requirements, hosts[0], hostfit.Question{})
		if err != nil {
			return err
		}
		fmt.Println(verdict.Value)
		return nil
	}
	values, err := matcher.DecideMany(ctx, requirements, hosts)
	if err != nil {
		return err
	}
	fmt.Print(`{"answers":[`)
	for i, value := range values {
		if i > 0 {
			fmt.Print(",")
		}
		fmt.Printf("%q", value)
	}
	fmt.Println("]}")
	modes := map[string]func() error{
		"decide": func() error {
			for _, host := range hosts {
				if _, err := matcher.Decide(ctx, requirements, host); err != nil {
					return err
				}
			}
			return nil
		},
		"many": func() error {
			_, err := matcher.DecideMany(ctx, requirements, hosts)
			return err
		},
		"bytes": func() error {
			for _, host := range hosts {
				if _, err := matcher.EvaluateJSON(ctx, requirements, host, hostfit.Question{}); err != nil {
					return err
				}
			}
			return nil
		},
		"evaluate": func() error {
			for _, host := range hosts {
				if _, err := matcher.Evaluate(ctx, requirements, host, hostfit.Question{}); err != nil {
					return err
				}
			}
			return nil
		},
	}
	var fleet *hostfit.Fleet
	var row hostfit.Row
	// Of a row it is the whole that counts.
	operations := map[string]int{"row": 1}
	modes["row"] = func() error {
		if fleet == nil {
			var err error
			if fleet, err = fleetOf(ctx, matcher, lines); err != nil {
				return err
			}
		}
		return fleet.RowInto(ctx, &row, requirements, hostfit.RowQuestion{})
	}
	orders := bufio.NewScanner(os.Stdin)
	for orders.Scan() {
		var mode string
		var milliseconds int
		if _, err := fmt.Sscan(orders.Text(), &mode, &milliseconds); err != nil {
			return err
		}
		count := operations[mode]
		if count == 0 {
			count = len(hosts)
		}
		// What is made once is made before.
		if err := modes[mode](); err != nil {
			return err
		}
		rounds := 0
		begin := time.Now()
		for limit := time.Duration(milliseconds) * time.Millisecond; time.Since(begin) < limit; rounds++ {
			if err := modes[mode](); err != nil {
				return err
			}
		}
		fmt.Printf("{\"nanoseconds\":%f}\n", float64(time.Since(begin).Nanoseconds())/float64(rounds*count))
	}
	return orders.Err()
}
