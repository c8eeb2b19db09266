package hostfit

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// pool has the instances of one matcher: as many as there are calls at one time, up to a bound. Whoever takes one owns it
// until it is given back.
type pool struct {
	runtime wazero.Runtime
	module  wazero.CompiledModule
	limits  limits

	idle chan *instance
	// vacant are the numbers of instances that don't exist; whoever takes one may make it.
	vacant chan int
	done   chan struct{}
	// lives counts the instances that a number has had. INVARIANT: lives[i] belongs to whoever holds number i.
	lives  []uint32
	fleets fleets
	// ended counts the numbers that close has taken for good.
	ended     int
	forgotten []forgotten
}

// forgotten are closed objects that an instance may still have.
type forgotten struct {
	some    atomic.Bool
	mutex   sync.Mutex
	objects []*object
}

func newPool(runtime wazero.Runtime, module wazero.CompiledModule, size int, limits limits) *pool {
	p := &pool{
		runtime:   runtime,
		module:    module,
		limits:    limits,
		idle:      make(chan *instance, size),
		vacant:    make(chan int, size),
		done:      make(chan struct{}),
		lives:     make([]uint32, size),
		forgotten: make([]forgotten, size),
	}
	for number := range size {
		p.vacant <- number
	}
	return p
}

var errClosed = misuse(CodeClosed, "this matcher was closed", "make another with New")

// take gives an idle instance, a new one, or the first that is given back.
func (p *pool) take(ctx context.Context) (*instance, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case <-p.done:
		return nil, errClosed
	default:
	}
	// An idle one first: it has the objects already.
	select {
	case in := <-p.idle:
		return p.tidy(ctx, in)
	default:
	}
	select {
	case in := <-p.idle:
		return p.tidy(ctx, in)
	case number := <-p.vacant:
		return p.make(ctx, number)
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-p.done:
		return nil, errClosed
	}
}

func (p *pool) make(ctx context.Context, number int) (*instance, error) {
	p.lives[number]++
	module, err := instantiate(ctx, p.runtime, p.module)
	if err != nil {
		p.vacant <- number
		return nil, err
	}
	in, err := newInstance(ctx, module, number, p.lives[number], p.limits)
	if err != nil {
		_ = module.Close(context.WithoutCancel(ctx))
		p.vacant <- number
		return nil, err
	}
	return in, nil
}

// tidy frees what was closed since the instance was used last.
func (p *pool) tidy(ctx context.Context, in *instance) (*instance, error) {
	if err := p.forgotten[in.number].drop(ctx, in); err != nil {
		p.give(ctx, in)
		return nil, err
	}
	return in, nil
}

// drop frees in the instance what was closed.
func (f *forgotten) drop(ctx context.Context, in *instance) error {
	if !f.some.Load() {
		return nil
	}
	f.mutex.Lock()
	objects := f.objects
	f.objects = nil
	f.some.Store(false)
	f.mutex.Unlock()
	for _, o := range objects {
		if err := in.drop(ctx, o); err != nil {
			return err
		}
	}
	return nil
}

func (f *forgotten) add(o *object) {
	f.mutex.Lock()
	f.objects = append(f.objects, o)
	f.mutex.Unlock()
	f.some.Store(true)
}

// forget has every instance free a closed object when it is used next.
func (p *pool) forget(o *object) {
	for i := range p.forgotten {
		p.forgotten[i].add(o)
	}
	p.fleets.each(func(f *Fleet) { f.forgotten.add(o) })
}

// give takes an instance back. One that was lost makes room for another, which gets its objects from their bytes.
func (p *pool) give(ctx context.Context, in *instance) {
	if !in.lost {
		p.idle <- in
		return
	}
	_ = in.module.Close(context.WithoutCancel(ctx))
	p.vacant <- in.number
}

// instantiate makes an instance of a module. It has no name, so that there may be several; a limit of the call's context must
// not end what others will use.
func instantiate(ctx context.Context, runtime wazero.Runtime, module wazero.CompiledModule) (api.Module, error) {
	made, err := runtime.InstantiateModule(context.WithoutCancel(ctx), module, wazero.NewModuleConfig().WithName(""))
	if err != nil {
		return nil, notHostfit(err)
	}
	return made, nil
}

// close waits until every instance was given back, and ends them. Not for concurrent use; it goes on where it was cancelled.
func (p *pool) close(ctx context.Context) error {
	select {
	case <-p.done:
	default:
		close(p.done)
	}
	for ; p.ended < cap(p.idle); p.ended++ {
		select {
		case in := <-p.idle:
			_ = in.module.Close(context.WithoutCancel(ctx))
		case <-p.vacant:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
