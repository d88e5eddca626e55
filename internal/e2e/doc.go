// Package e2e tests the real binary against real mail servers: a message in, a
// complaint in the register and three letters out, while the process is killed,
// the servers restart, refuse and hang up, the disk is full and the input is
// hostile. It holds tests alone; the servers come from package peers.
package e2e
