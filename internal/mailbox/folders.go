package mailbox

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// open returns the session of the passes, connected, with the folders looked after and the mailbox selected.
func (m *Mailbox) open(ctx context.Context) (*session, error) {
	if m.s != nil && !m.s.dead {
		return m.s, nil
	}
	m.s = nil
	s, err := m.connect(ctx)
	if err != nil {
		return nil, err
	}
	if err := m.prepare(ctx, s); err != nil {
		s.cut()
		return nil, err
	}
	m.s = s
	if s.box != m.oddBox { // what was known belongs to other UIDs
		m.oddBox, m.odd, m.next = s.box, map[uint32]int{}, 0
	}
	m.o.Step("mailbox: selected")
	return s, nil
}

// prepare finds or makes the folders and selects the mailbox. A folder that cannot be made is remembered and
// stands in the way of filing alone.
func (m *Mailbox) prepare(ctx context.Context, s *session) error {
	if err := s.learnNames(ctx, m.o.Folders); err != nil {
		return err
	}
	m.folders = map[string]error{}
	for _, key := range slices.Sorted(maps.Keys(m.o.Folders)) {
		err := s.ensure(ctx, s.names[key])
		switch {
		case err == nil:
		case s.dead:
			return err
		default:
			m.folders[key] = fmt.Errorf("%w: %s: %w: make it by hand, or give imap.folders.%s another name", ErrFolder, m.o.Folders[key], err, key)
		}
	}
	return m.enter(ctx, s, false)
}

// enter selects or examines the mailbox itself.
func (m *Mailbox) enter(ctx context.Context, s *session, readOnly bool) error {
	err := s.sel(ctx, m.o.Mailbox, readOnly)
	if refused(err) {
		return fmt.Errorf("%w: check imap.mailbox", err)
	}
	return err
}

// sel selects a mailbox, or examines it, which changes nothing.
func (s *session) sel(ctx context.Context, name string, readOnly bool) error {
	return s.do(ctx, "select "+name, func(c *imapclient.Client) error {
		data, err := c.Select(name, &imap.SelectOptions{ReadOnly: readOnly}).Wait()
		if err != nil {
			return err
		}
		s.box = Box{Name: name, UIDValidity: data.UIDValidity}
		s.uidNext = uint32(data.UIDNext)
		s.messages = int(data.NumMessages)
		return nil
	})
}

// learnNames asks for the server's delimiter and, where it says so, the prefix that personal folders must have,
// and puts the configured names into the server's form.
func (s *session) learnNames(ctx context.Context, folders map[string]string) error {
	s.delim, s.prefix = "/", ""
	err := s.do(ctx, "list", func(c *imapclient.Client) error {
		root, err := c.List("", "", nil).Collect()
		if err != nil {
			return err
		}
		if len(root) > 0 && root[0].Delim != 0 {
			s.delim = string(root[0].Delim)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if s.caps.Has(imap.CapNamespace) {
		err := s.do(ctx, "namespace", func(c *imapclient.Client) error {
			ns, err := c.Namespace().Wait()
			if err == nil && len(ns.Personal) > 0 {
				s.prefix = ns.Personal[0].Prefix
			}
			return err
		})
		if s.dead {
			return err
		}
	}
	s.names = make(map[string]string, len(folders))
	for key, name := range folders {
		s.names[key] = s.serverName(name)
	}
	return nil
}

// serverName puts a configured name into the server's form: "/" is between levels, whatever the server has there.
func (s *session) serverName(name string) string {
	name = strings.ReplaceAll(name, "/", s.delim)
	if !strings.HasPrefix(name, s.prefix) {
		name = s.prefix + name
	}
	return name
}

// exists asks for one folder; one that only holds others cannot take messages.
func (s *session) exists(ctx context.Context, name string) (bool, error) {
	found := false
	err := s.do(ctx, "list", func(c *imapclient.Client) error {
		list, err := c.List("", name, nil).Collect()
		for _, f := range list {
			if f.Mailbox == name && !slices.Contains(f.Attrs, imap.MailboxAttrNonExistent) && !slices.Contains(f.Attrs, imap.MailboxAttrNoSelect) {
				found = true
			}
		}
		return err
	})
	return found, err
}

// ensure makes a folder and the levels above it when they are missing. It looks before it makes, because the
// codes that servers answer with differ (libraries.md 1.1, 15).
func (s *session) ensure(ctx context.Context, name string) error {
	there, err := s.exists(ctx, name)
	if err != nil || there {
		return err
	}
	var made error
	for i := 0; i < len(name); {
		next := strings.Index(name[i:], s.delim)
		level := name
		if next >= 0 {
			level, i = name[:i+next], i+next+len(s.delim)
		} else {
			i = len(name)
		}
		if level == "" || strings.EqualFold(level, "INBOX") {
			continue
		}
		if made = s.create(ctx, level); s.dead {
			return made
		}
	}
	if made == nil {
		return nil
	}
	// somebody else may have made it meanwhile
	if there, err = s.exists(ctx, name); err != nil || there {
		return err
	}
	return made
}

func (s *session) create(ctx context.Context, name string) error {
	if there, err := s.exists(ctx, name); err != nil || there {
		return err
	}
	err := s.do(ctx, "create", func(c *imapclient.Client) error { return c.Create(name, nil).Wait() })
	if err != nil {
		return err
	}
	// so that mail programs show it; not every server knows subscriptions
	err = s.do(ctx, "subscribe", func(c *imapclient.Client) error { return c.Subscribe(name).Wait() })
	if s.dead {
		return err
	}
	return nil
}

// sentNames are what the Sent folder is called where the server does not mark it.
var sentNames = []string{"Sent", "Sent Items", "Sent Messages", "Verzonden", "Verzonden items"}

// sent finds the Sent folder: by its mark, else by its name.
func (s *session) sent(ctx context.Context) (string, error) {
	var list []*imap.ListData
	err := s.do(ctx, "list", func(c *imapclient.Client) error {
		var opts *imap.ListOptions
		if s.caps.Has(imap.CapSpecialUse) {
			opts = &imap.ListOptions{SelectSpecialUse: true}
		}
		var err error
		list, err = c.List("", "*", opts).Collect()
		return err
	})
	if err != nil {
		return "", err
	}
	for _, f := range list {
		if slices.Contains(f.Attrs, imap.MailboxAttrSent) {
			return f.Mailbox, nil
		}
	}
	for _, name := range sentNames {
		there, err := s.exists(ctx, name)
		if err != nil {
			return "", err
		} else if there {
			return name, nil
		}
	}
	return "", fmt.Errorf("%w: the server marks no folder as Sent: set imap.folders.sent", ErrFolder)
}

// folderProblem is what stands in the way of filing into a folder, or nil.
func (m *Mailbox) folderProblem(key string) error {
	if _, ok := m.o.Folders[key]; !ok {
		return fmt.Errorf("%w: imap.folders.%s is not set", ErrFolder, key)
	}
	return m.folders[key]
}

// isGone says whether an answer means that the folder is not there.
func isGone(err error) bool {
	c := code(err)
	return c == imap.ResponseCodeTryCreate || c == imap.ResponseCodeNonExistent
}
