package main

import (
	"os"
	"syscall"
)

// A mapped file is read through its pages in the kernel's cache. Describe copies
// what it prints (strings are made of bytes), so nothing points into it afterwards.
type mapped struct{ raw []byte }

// mapFile maps the first size bytes of a file, if it can be.
func mapFile(f *os.File, size int64) (m mapped, ok bool) {
	raw, err := syscall.Mmap(int(f.Fd()), 0, int(size), syscall.PROT_READ, syscall.MAP_PRIVATE)
	return mapped{raw}, err == nil
}

// forget gives the pages back; what is looked at again comes from the cache.
func (m mapped) forget() { _ = syscall.Madvise(m.raw, syscall.MADV_DONTNEED) } // only advice

func (m mapped) close() { _ = syscall.Munmap(m.raw) } // the process ends soon
