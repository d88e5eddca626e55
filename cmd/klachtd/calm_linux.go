package main

import "syscall"

// drop takes the span's pages out of the process until one of them is needed, which
// does not bring two megabytes with it then, as some kernels do by themselves.
func (s span) drop() {
	for _, advice := range [...]uintptr{syscall.MADV_NOHUGEPAGE, syscall.MADV_DONTNEED} {
		_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, s.from, s.to-s.from, advice) // refused: it stays as it is
	}
}
