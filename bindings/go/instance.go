package hostfit

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"

	"github.com/tetratelabs/wazero/api"
)

// The ABI that this binding speaks: another major is refused, and an older minor.
const (
	abiMajor = 1
	abiMinor = 0
)

// Settings of hf_set.
const (
	settingMemory = 0
	settingWork   = 1
)

// instance is one instance of the core. One call at a time.
type instance struct {
	// number is its place in the pool, life how many there were before it in that place.
	number int
	life   uint32
	module api.Module
	memory api.Memory
	result uint32
	lost   bool
	stack  [6]uint64
	// own are a fleet's handles: it isn't one of the pool's instances, which have theirs in the objects.
	own map[*object]*handle

	compile, facts, policy, free, input api.Function
	decide, decideMany, evaluate, rank  api.Function
}

// limits of an instance; 0 is the core's default.
type limits struct{ memory, work int32 }

// newInstance checks that the module is ours, seeds it and sets its limits.
func newInstance(ctx context.Context, module api.Module, number int, life uint32, limits limits) (*instance, error) {
	in := &instance{number: number, life: life, module: module, memory: module.Memory()}
	abi := module.ExportedFunction("hf_abi")
	if abi == nil || in.memory == nil || len(abi.Definition().ParamTypes()) != 0 || len(abi.Definition().ResultTypes()) != 1 {
		return nil, notHostfit(nil)
	}
	version, err := in.call(ctx, abi)
	if err != nil {
		return nil, notHostfit(err)
	}
	if major, minor := version>>16, version&0xffff; major != abiMajor || minor < abiMinor {
		return nil, &Error{
			Code:    CodeABIMismatch,
			Message: fmt.Sprintf("the module speaks ABI %d.%d, this binding %d.%d", major, minor, abiMajor, abiMinor),
			Help:    "use the binding and hostfit.wasm of one version",
			class:   ErrLoad,
		}
	}
	var result, seed, set api.Function
	for name, function := range map[string]*api.Function{
		"hf_result": &result, "hf_seed": &seed, "hf_set": &set, "hf_input": &in.input, "hf_free": &in.free,
		"hf_compile": &in.compile, "hf_facts": &in.facts, "hf_policy": &in.policy,
		"hf_decide": &in.decide, "hf_decide_many": &in.decideMany, "hf_evaluate": &in.evaluate, "hf_rank": &in.rank,
	} {
		if *function = module.ExportedFunction(name); *function == nil {
			return nil, notHostfit(fmt.Errorf("it doesn't export %s", name))
		}
	}
	address, err := in.call(ctx, result)
	if err != nil {
		return nil, err
	}
	in.result = uint32(address)
	var random [8]byte
	if _, err := rand.Read(random[:]); err != nil {
		return nil, err
	}
	if _, err := in.call(ctx, seed, uint64(binary.LittleEndian.Uint32(random[:4])), uint64(binary.LittleEndian.Uint32(random[4:]))); err != nil {
		return nil, err
	}
	for setting, value := range map[uint64]int32{settingMemory: limits.memory, settingWork: limits.work} {
		if value == 0 {
			continue
		}
		if _, err := in.asked(ctx, set, setting, uint64(value)); err != nil {
			return nil, err
		}
	}
	return in, nil
}

func notHostfit(cause error) *Error {
	return &Error{
		Code:    CodeNotHostfit,
		Message: "this is not hostfit's core",
		Help:    "pass hostfit.wasm, whole",
		class:   ErrLoad,
		cause:   cause,
	}
}

// call calls an export. After an error the instance is lost: the call may have been anywhere.
func (in *instance) call(ctx context.Context, function api.Function, arguments ...uint64) (int32, error) {
	copy(in.stack[:], arguments)
	if err := function.CallWithStack(ctx, in.stack[:]); err != nil {
		in.lost = true
		return 0, &Error{
			Code:    CodeInstanceLost,
			Message: "the runtime ended a call of the core",
			Help:    "ask again; a new instance answers",
			class:   ErrInstanceLost,
			cause:   err,
		}
	}
	return int32(uint32(in.stack[0])), nil
}

// asked is a call whose negative result is an error of the core.
func (in *instance) asked(ctx context.Context, function api.Function, arguments ...uint64) (int32, error) {
	value, err := in.call(ctx, function, arguments...)
	if err == nil && value < 0 {
		err = refusal(in.answer())
	}
	return value, err
}

// write copies bytes into the core as the next call's input.
func (in *instance) write(ctx context.Context, bytes []byte) (uint64, error) {
	address, err := in.asked(ctx, in.input, uint64(uint32(min(len(bytes), 1<<31-1))))
	if err != nil {
		return 0, err
	}
	in.memory.Write(uint32(address), bytes)
	return uint64(len(bytes)), nil
}

// answer copies the answer's bytes: the next call reuses them.
func (in *instance) answer() []byte {
	return append([]byte(nil), in.view()...)
}

// view is the answer where it is: to be read before the next call.
func (in *instance) view() []byte {
	address, _ := in.memory.ReadUint32Le(in.result + 4)
	length, _ := in.memory.ReadUint32Le(in.result + 8)
	view, _ := in.memory.Read(address, length)
	return view
}

// handle is the object's handle in this instance, which it comes into now if it wasn't here before.
func (in *instance) handle(ctx context.Context, o *object) (uint64, error) {
	if o.closed.Load() {
		return 0, misuse(CodeClosed, "this was closed", "compile or load it again")
	}
	place := in.place(o)
	if place.life == in.life {
		return uint64(place.number), nil
	}
	length, err := in.write(ctx, o.input)
	if err != nil {
		return 0, err
	}
	function := in.compile
	switch o.kind {
	case hostKind:
		function = in.facts
	case policyKind:
		function = in.policy
	}
	number, err := in.asked(ctx, function, length)
	if err != nil {
		return 0, err
	}
	*place = handle{life: in.life, number: number}
	return uint64(number), nil
}

// place is where this instance keeps its handle of an object.
func (in *instance) place(o *object) *handle {
	if in.own == nil {
		return &o.handles[in.number]
	}
	place := in.own[o]
	if place == nil {
		place = &handle{}
		in.own[o] = place
	}
	return place
}

// drop frees the object's handle in this instance, if it has one.
func (in *instance) drop(ctx context.Context, o *object) error {
	place := in.place(o)
	if place.life != in.life {
		return nil
	}
	number := place.number
	*place = handle{}
	delete(in.own, o)
	_, err := in.call(ctx, in.free, uint64(number))
	return err
}
