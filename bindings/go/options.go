package hostfit

import (
	"fmt"
	"math"
	"runtime"

	"github.com/tetratelabs/wazero"
)

// Option changes how a matcher is made.
type Option func(*settings) error

type settings struct {
	wasm      []byte
	runtime   wazero.Runtime
	cache     wazero.CompilationCache
	instances int
	limits    limits
}

func defaultSettings() settings {
	return settings{wasm: wasm, instances: runtime.GOMAXPROCS(0)}
}

// WithInstances bounds the instances, which are as many as calls that run at one time; GOMAXPROCS by default. Each has
// what it was asked about in a memory of its own.
func WithInstances(most int) Option {
	return func(s *settings) error {
		if most < 1 || most > 1<<16 {
			return badLimit("instances", most, 1<<16)
		}
		s.instances = most
		return nil
	}
}

// WithMemory sets the ceiling of an instance's memory in bytes (1 GiB by default).
func WithMemory(bytes int) Option {
	return func(s *settings) error { return setLimit(&s.limits.memory, "memory", bytes) }
}

// WithWork sets the work budget of one call of the core in units of about a nanosecond (2,000,000,000 by default).
func WithWork(units int) Option {
	return func(s *settings) error { return setLimit(&s.limits.work, "work", units) }
}

// WithRuntime uses a wazero runtime of the embedder's, with its settings and its limits; Close leaves it open.
func WithRuntime(runtime wazero.Runtime) Option {
	return func(s *settings) error {
		s.runtime = runtime
		return nil
	}
}

// WithCompilationCache keeps the compiled core (wazero.NewCompilationCacheWithDir): the next process starts sooner.
func WithCompilationCache(cache wazero.CompilationCache) Option {
	return func(s *settings) error {
		s.cache = cache
		return nil
	}
}

// WithWasm uses another build of the core.
func WithWasm(wasm []byte) Option {
	return func(s *settings) error {
		s.wasm = wasm
		return nil
	}
}

func setLimit(to *int32, name string, value int) error {
	if value < 1 || value > math.MaxInt32 {
		return badLimit(name, value, math.MaxInt32)
	}
	*to = int32(value)
	return nil
}

func badLimit(name string, value, most int) error {
	return misuse(CodeBadLimit, fmt.Sprintf("%s can't be %d", name, value), fmt.Sprintf("use 1 to %d", most))
}
