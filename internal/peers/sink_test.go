package peers

import "testing"

// A test that ends before the sink got to serving does not wait for it.
func TestSinkStopsAtOnce(t *testing.T) {
	for range 200 {
		StartSink(t, SinkOptions{}).Stop()
	}
}
