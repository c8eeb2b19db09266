// NFD's own rule engine, timed in Go, driven by lines on stdin.
//
//	bench-nfd DOCUMENT HOSTS     DOCUMENT: image compatibility as JSON; HOSTS: one spec.features a line
//
// Prints {"answers": [...]} at once, then for each line "MODE MILLISECONDS" the nanoseconds of one evaluation. MODE is "hot" (the first
// host again and again) or "rotate" (all hosts in turn), and "-fast" after it where evaluation may stop at the first failure.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	compat "sigs.k8s.io/node-feature-discovery/api/image-compatibility/v1alpha1"
	nfd "sigs.k8s.io/node-feature-discovery/api/nfd/v1alpha1"
	"sigs.k8s.io/node-feature-discovery/pkg/apis/nfd/nodefeaturerule"
)

func main() {
	if len(os.Args) != 3 {
		fail(fmt.Errorf("usage: bench-nfd DOCUMENT HOSTS"))
	}
	document := readDocument(os.Args[1])
	hosts := readHosts(os.Args[2])
	answers := make([]bool, len(hosts))
	for i, host := range hosts {
		answers[i] = matches(document, host, false)
		if matches(document, host, true) != answers[i] {
			fail(fmt.Errorf("host %d: failing fast gives another answer", i))
		}
	}
	print(map[string]any{"answers": answers})
	commands := bufio.NewScanner(os.Stdin)
	for commands.Scan() {
		var mode string
		var milliseconds int
		if _, err := fmt.Sscan(commands.Text(), &mode, &milliseconds); err != nil {
			fail(err)
		}
		chosen := hosts
		if strings.HasPrefix(mode, "hot") {
			chosen = hosts[:1]
		}
		print(map[string]any{"nanoseconds": measure(document, chosen, strings.HasSuffix(mode, "-fast"), milliseconds)})
	}
}

// matches says whether a set of the document holds, evaluated as NFD's node validator does.
func matches(document *compat.Spec, features *nfd.Features, failFast bool) bool {
	result := len(document.Compatibilties) == 0
	for i := range document.Compatibilties {
		set := &document.Compatibilties[i]
		holds := true
		for r := range set.Rules {
			output, err := nodefeaturerule.ExecuteGroupRule(&set.Rules[r], features, failFast)
			if err != nil {
				fail(err)
			}
			holds = holds && output.MatchStatus.IsMatch
			if failFast && !holds {
				break
			}
			features.InsertAttributeFeatures(nfd.RuleBackrefDomain, nfd.RuleBackrefFeature, output.Vars)
		}
		result = result || holds
	}
	return result
}

// measure gives the mean nanoseconds of one evaluation over that many milliseconds.
func measure(document *compat.Spec, hosts []*nfd.Features, failFast bool, milliseconds int) float64 {
	calls := 0
	begin := time.Now()
	for time.Since(begin) < time.Duration(milliseconds)*time.Millisecond {
		for range 16 {
			matches(document, hosts[calls%len(hosts)], failFast)
			calls++
		}
	}
	return float64(time.Since(begin).Nanoseconds()) / float64(calls)
}

func readDocument(path string) *compat.Spec {
	text, err := os.ReadFile(path)
	if err != nil {
		fail(err)
	}
	document := &compat.Spec{}
	if err := json.Unmarshal(text, document); err != nil {
		fail(err)
	}
	return document
}

func readHosts(path string) []*nfd.Features {
	file, err := os.Open(path)
	if err != nil {
		fail(err)
	}
	defer file.Close()
	var hosts []*nfd.Features
	decoder := json.NewDecoder(file)
	for decoder.More() {
		host := nfd.NewFeatures()
		if err := decoder.Decode(host); err != nil {
			fail(err)
		}
		hosts = append(hosts, host)
	}
	return hosts
}

func print(value any) {
	if err := json.NewEncoder(os.Stdout).Encode(value); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "bench-nfd:", err)
	os.Exit(1)
}
