package hostfit

// Platform is an OCI platform object (image-spec, a descriptor's platform). Its fields are those of image-spec's own type,
// so that one converts to the other: hostfit.Platform(descriptor.Platform).
type Platform struct {
	Architecture string   `json:"architecture"`
	OS           string   `json:"os"`
	OSVersion    string   `json:"os.version,omitempty"`
	OSFeatures   []string `json:"os.features,omitempty"`
	Variant      string   `json:"variant,omitempty"`
}
