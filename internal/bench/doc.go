// Package bench measures the whole daemon against the limits of the machine, for
// `make bench`: real Dovecot, an SMTP server that takes everything, the mails of
// an ordinary academy. It holds benchmarks alone; nothing here is asserted.
package bench
