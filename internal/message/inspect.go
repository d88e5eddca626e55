package message

import (
	"time"
)

// An Inspection is what `klachtd inspect --json` prints of a file (interface.md):
// every key always there, lists never null, From null when there is none.
type Inspection struct {
	File          string                `json:"file"`
	Error         *string               `json:"error"`
	MessageID     string                `json:"message_id"`
	Date          *string               `json:"date"`
	From          *InspectedAddress     `json:"from"`
	To            []InspectedAddress    `json:"to"`
	Cc            []InspectedAddress    `json:"cc"`
	ReplyTo       []InspectedAddress    `json:"reply_to"`
	Subject       string                `json:"subject"`
	InReplyTo     []string              `json:"in_reply_to"`
	References    []string              `json:"references"`
	AutoSubmitted bool                  `json:"auto_submitted"`
	Bounce        bool                  `json:"bounce"`
	BounceFor     string                `json:"bounce_for"`
	List          bool                  `json:"list"`
	Spam          bool                  `json:"spam"`
	Text          string                `json:"text"`
	NewText       string                `json:"new_text"`
	Attachments   []InspectedAttachment `json:"attachments"`
}

// An InspectedAddress is an Address as JSON.
type InspectedAddress struct {
	Name    string `json:"name"`
	Address string `json:"address"`
}

// An InspectedAttachment is an Attachment without its content.
type InspectedAttachment struct {
	Name        string `json:"name"`
	ContentType string `json:"content_type"`
	Size        int64  `json:"size"`
	Inline      bool   `json:"inline"`
	SHA256      string `json:"sha256"`
}

// Describe puts m into the words of `klachtd inspect --json`.
func Describe(file string, m Message) Inspection {
	i := Inspection{
		File: file, MessageID: m.MessageID,
		To: inspectAll(m.To), Cc: inspectAll(m.Cc), ReplyTo: inspectAll(m.ReplyTo),
		Subject: m.Subject, InReplyTo: list(m.InReplyTo), References: list(m.References),
		AutoSubmitted: m.AutoSubmitted, Bounce: m.Bounce, BounceFor: m.BounceFor, List: m.List, Spam: m.Spam,
		Text: m.Text, NewText: m.NewText,
		Attachments: make([]InspectedAttachment, 0, len(m.Attachments)),
	}
	if m.Problem != "" {
		i.Error = &m.Problem
	}
	if !m.Date.IsZero() {
		date := m.Date.Format(time.RFC3339)
		i.Date = &date
	}
	if len(m.From) > 0 {
		i.From = &inspectAll(m.From[:1])[0]
	}
	for _, a := range m.Attachments {
		i.Attachments = append(i.Attachments, InspectedAttachment{a.Name, a.ContentType, a.Size, a.Inline, a.SHA256})
	}
	return i
}

func inspectAll(list []Address) []InspectedAddress {
	all := make([]InspectedAddress, 0, len(list))
	for _, a := range list {
		all = append(all, InspectedAddress(a))
	}
	return all
}

// list makes the absent list an empty one.
func list(l []string) []string {
	if l == nil {
		return []string{}
	}
	return l
}
