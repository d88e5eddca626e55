// Package peers starts real mail servers for tests and benchmarks: Dovecot,
// Postfix, Cyrus, Exim, and an SMTP server of our own that takes everything in
// (Sink). Each listens on loopback alone, on high ports, and lives in a temporary
// folder; no service of the system is touched. A server ends with its test, and
// also when the test's process dies. What is not there skips the test, loudly.
//
// Nothing that is shipped imports this package.
package peers
