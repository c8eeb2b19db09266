module github.com/hostfit/hostfit/bench/bindings/go

go 1.25.0

require (
	github.com/hostfit/hostfit/bindings/go v0.0.0
	github.com/tetratelabs/wazero v1.12.0
)

require golang.org/x/sys v0.44.0 // indirect

replace github.com/hostfit/hostfit/bindings/go => ../../../bindings/go
