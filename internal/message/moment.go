package message

import (
	"strings"
)

// What tells the dates of programs from those of people: a time of day in digits,
// a day and month in digits, a year.

// digits is the number that starts at i, and where it ends; n is the number of
// digits, and value means nothing when there are more than four.
func digits(s string, i int) (value, end, n int) {
	for end = i; end < len(s) && '0' <= s[end] && s[end] <= '9'; end++ {
		if n++; n <= 4 {
			value = value*10 + int(s[end]-'0')
		}
	}
	return value, end, n
}

// hasClock finds "10:11", "10.11" and "10h11", but not the start of "12.10.2026".
func hasClock(s string) bool {
	for i := 0; i < len(s); {
		hour, end, n := digits(s, i)
		if n == 0 {
			i++
			continue
		}
		after := i > 0 && strings.IndexByte(".-/:+", s[i-1]) >= 0
		i = end
		if n > 2 || hour > 24 || after || end+2 >= len(s) {
			continue
		}
		sep := s[end]
		if sep != ':' && sep != '.' && sep != 'h' {
			continue
		}
		minute, stop, m := digits(s, end+1)
		if m == 2 && minute < 60 && (sep == ':' || stop == len(s) || strings.IndexByte(".-/", s[stop]) < 0 || !isDigit(s, stop+1)) {
			return true
		}
	}
	return false
}

func isDigit(s string, i int) bool { return i < len(s) && '0' <= s[i] && s[i] <= '9' }

// hasDate finds "02-03-2026", "2/3/26", "2.3.2026" and "2026-03-02".
func hasDate(s string) bool {
	for i := 0; i < len(s); {
		first, end, n := digits(s, i)
		if n == 0 {
			i++
			continue
		}
		i = end
		if n == 3 || n > 4 || first == 0 || end+1 >= len(s) || strings.IndexByte("-/.", s[end]) < 0 {
			continue
		}
		second, stop, m := digits(s, end+1)
		if m == 0 || m > 2 || second == 0 || second > 31 || stop >= len(s) || s[stop] != s[end] {
			continue
		}
		_, _, k := digits(s, stop+1)
		if k == 2 || k == 4 || n == 4 && k == 1 {
			return true
		}
	}
	return false
}

// hasYear finds a year of this century or the last.
func hasYear(s string) bool {
	for i := 0; i < len(s); {
		year, end, n := digits(s, i)
		if n == 4 && year >= 1970 && year < 2100 {
			return true
		}
		i = max(end, i+1)
	}
	return false
}
