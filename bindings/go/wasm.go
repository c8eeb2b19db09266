package hostfit

import _ "embed"

// wasm is hostfit's core. The build copies it here; docs/decisions/0018-go.md says how it comes into the module.
//
//go:embed hostfit.wasm
var wasm []byte

// fleetWasm is the superset of it that has fleets.
//
//go:embed hostfit-fleet.wasm
var fleetWasm []byte
