package deliver

import (
	"fmt"
	"strings"
	"testing"

	"klachtd/internal/complaint"
	"klachtd/internal/store"
)

// script is a server that follows the rules of SMTP by the letter, one connection
// at a time. It refuses the second letter at a step.
type script struct {
	pipelining bool
	refuseAt   string // MAIL or RCPT
	code       int
	dataAnyway bool // lets DATA begin though there is no recipient (RFC 2920, 3.1)

	data, valid bool
	n           int // letters begun
}

func (s *script) answer(line string) string {
	if s.data {
		if line != "." {
			return ""
		}
		s.data = false
		if !s.valid {
			return "554 no valid recipients"
		}
		return "250 taken"
	}
	verb, rest, _ := strings.Cut(line, " ")
	refused := func() string { s.valid = false; return fmt.Sprintf("%d so it is", s.code) }
	switch verb {
	case "EHLO":
		if s.pipelining {
			return "250-hallo\r\n250-8BITMIME\r\n250 PIPELINING"
		}
		return "250 hallo"
	case "MAIL":
		s.n++
		s.valid = true
		if s.refuseAt == "MAIL" && s.n == 2 {
			return refused()
		}
	case "RCPT":
		if s.refuseAt == "RCPT" && strings.Contains(rest, "cursist2@") {
			return refused()
		}
	case "DATA":
		if !s.valid && !s.dataAnyway {
			return "503 no valid recipients"
		}
		s.data = true
		return "354 go on"
	case "RSET":
		s.valid = false
	case "QUIT":
		return "221 bye"
	}
	return "250 ok"
}

// A refusal ends one letter; the dialogue stays in step, with and without
// pipelining (RFC 2920), whatever the server makes of the DATA behind it.
func TestRefusalInTheDialogue(t *testing.T) {
	for _, pipelining := range []bool{false, true} {
		for _, dataAnyway := range []bool{false, true} {
			for _, refuseAt := range []string{"MAIL", "RCPT"} {
				for _, code := range []int{450, 550} {
					if refuseAt == "MAIL" && code == 550 {
						continue // about us: TestSenderRefused
					}
					name := fmt.Sprintf("pipelining %v, %d at %s, DATA anyway %v", pipelining, code, refuseAt, dataAnyway)
					t.Run(name, func(t *testing.T) {
						s := &script{pipelining: pipelining, refuseAt: refuseAt, code: code, dataAnyway: dataAnyway}
						where, heard := listening(t, "220 hallo", s.answer)
						o := newOffice(t)
						o.add(3)
						o.pass(o.worker(Options{Server: where}), 2)
						l := o.letter(2)
						want := store.Due
						if code == 550 {
							want = store.FailedFor
						}
						if l.State != want || !strings.Contains(l.Outcome, fmt.Sprint(code)) || code == 550 && l.Failure != complaint.Refused {
							t.Errorf("the refused one: %+v", l)
						}
						if n := strings.Count(heard(), "EHLO"); n != 1 {
							t.Errorf("%d connections, want 1", n)
						}
						if n := strings.Count(heard(), "Message-ID: <brief2"); n != 0 {
							t.Errorf("the text of the refused letter was sent")
						}
						if got := o.states(); got[store.Sent] != 2 {
							t.Errorf("%v", got)
						}
					})
				}
			}
		}
	}
}
