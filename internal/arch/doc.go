// Package arch holds the plan of the house as a test: who may import whom, and
// which words of Go belong to which room. docs/architecture.md is the picture,
// plan in arch_test.go the same in Go.
package arch
