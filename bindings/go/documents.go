package hostfit

import "encoding/binary"

// Dialect is the form of a requirements document.
type Dialect uint32

const (
	// Native is hostfit's own.
	Native Dialect = 0
	// NFD is Node Feature Discovery's image-compatibility v1alpha1, as JSON.
	NFD Dialect = 1
)

// Document is one of the ordered documents that requirements are compiled from.
type Document struct {
	// ID is named in every reason: "index", or a digest.
	ID      string
	Dialect Dialect
	// JSON is the document.
	JSON []byte
}

// bundle lays documents out as hf_compile reads them (docs/abi.md, "Bundle").
func bundle(documents []Document) ([]byte, error) {
	if len(documents) == 0 {
		return nil, misuse(CodeBadInput, "there is no document", "pass at least one")
	}
	size := 4 + 12*len(documents)
	for _, d := range documents {
		if d.Dialect > NFD {
			return nil, misuse(CodeBadInput, "a document of a dialect that doesn't exist", "use Native or NFD")
		}
		size += len(d.ID) + len(d.JSON)
	}
	out := make([]byte, 0, size)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(documents)))
	for _, d := range documents {
		out = binary.LittleEndian.AppendUint32(out, uint32(d.Dialect))
		out = binary.LittleEndian.AppendUint32(out, uint32(len(d.ID)))
		out = binary.LittleEndian.AppendUint32(out, uint32(len(d.JSON)))
	}
	for _, d := range documents {
		out = append(out, d.ID...)
		out = append(out, d.JSON...)
	}
	return out, nil
}
