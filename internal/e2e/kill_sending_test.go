package e2e

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"klachtd/internal/peers"
)

// TestKilledAtTheDotAgain: the process dies each time between the last dot of an
// acknowledgement and its answer. It goes out twice and not a third time; then it
// waits for a person (security.md 37).
func TestKilledAtTheDotAgain(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	const who = "jan@voorbeeld.example"
	var arrived atomic.Int64
	answer := make(chan struct{})
	defer close(answer)
	s.OnReply(func(m peers.Mail) error {
		if m.To[0] == who {
			if arrived.Add(1) > 2 {
				return nil
			}
			<-answer
		}
		return nil
	})
	d.Put("klachten", grievance(who, "Het lokaal was koud."), time.Now())
	for n := int64(1); n <= 2; n++ {
		k := a.run()
		until(t, "the acknowledgement", func() bool { return arrived.Load() == n })
		k.kill()
	}
	a.cycle()
	acks := to(s, who, acknowledged)
	want(t, "acknowledgements", len(acks), 2)
	a.sameBytes(acks, "acknowledgements")
	want(t, "tasks", len(to(s, handler, lost)), 1)
	want(t, "notices", len(to(s, handler, noticed)), 1)
	want(t, "copies", len(to(s, directeur, copied)), 1)
	if a.cases()[0].kept("acknowledge") {
		t.Error("a promise is kept by a letter that nobody answered for")
	}
}

// TestKilledWithLettersOnTheirWay: four connections stand between DATA and its
// answer when the process dies. Those four may go out once more, with the same
// bytes, and no other (security.md 37).
func TestKilledWithLettersOnTheirWay(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	const many = 14 // 42 letters are worth four connections
	for i := range many {
		d.Put("klachten", grievance(fmt.Sprintf("c%d@voorbeeld%d.example", i, i), fmt.Sprint("Klacht ", i)), time.Now())
	}
	var under atomic.Int64
	dead := make(chan struct{})
	s.OnMail(func(ctx context.Context, _ peers.Mail) error {
		under.Add(1)
		select {
		case <-dead:
		case <-ctx.Done():
		}
		return nil
	})
	k := a.run()
	until(t, "four letters on their way", func() bool { return under.Load() == 4 })
	k.kill()
	s.OnMail(nil)
	close(dead)
	s.Wait(4, patience) // they arrived, and nobody was told

	a.cycle()
	want(t, "cases", len(a.cases()), many)
	want(t, "letters", s.Count(), 3*many+4)
	byID := map[string][]peers.Mail{}
	for _, m := range s.Mails() {
		id := field(t, m.Raw, "Message-ID")
		byID[id] = append(byID[id], m)
	}
	want(t, "Message-IDs", len(byID), 3*many)
	for id, mails := range byID {
		a.sameBytes(mails, id)
	}
}
