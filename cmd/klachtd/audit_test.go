package main

import (
	"database/sql"
	"encoding/json"
	"strings"
	"testing"
)

// security.md 31: a changed, a removed and a moved row are named by their number,
// and a trail that was cut is found with the head of an earlier digest.
func TestAuditVerify(t *testing.T) {
	o := newOffice(t)
	for _, number := range []string{"K2026-000009", "K2026-000014", "K2026-000023"} {
		o.dossier(number)
	}
	said := o.works("audit", "verify")
	if !strings.HasPrefix(said, "9 rows, each as it was written; head ") {
		t.Fatalf("said %q", said)
	}
	head := strings.Fields(said)[8]
	o.dossier("K2026-000038")
	if said := o.works("audit", "verify", "--head", strings.ToUpper(head)); !strings.Contains(said, "that of row 9\n") {
		t.Errorf("said %q", said)
	}
	for _, tt := range []struct {
		sql  string
		args []string
		want string
	}{
		{"UPDATE audit SET at = at - 1 WHERE n = 2", nil, "audit trail: row 2 is not as it was written"},
		{"UPDATE audit SET at = at + 1 WHERE n = 2; DELETE FROM audit WHERE n = 1", nil, "audit trail: row 1 is missing"},
		{"DELETE FROM audit WHERE n > 8 OR n = 1", []string{"--head", head}, "no row has the head"},
	} {
		o.tamper(tt.sql)
		o.fails(1, tt.want, append([]string{"audit", "verify"}, tt.args...)...)
	}
	o.fails(2, "hexadecimal", "audit", "verify", "--head", "xyz")
	o.fails(2, "hexadecimal", "audit", "verify", "--head", head+"00")
}

// tamper changes the file as somebody would who has nothing but that.
func (o *office) tamper(statements string) {
	o.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+o.cfg.Database.Path)
	if err != nil {
		o.t.Fatal(err)
	}
	if _, err := db.Exec(statements); err != nil {
		o.t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		o.t.Fatal(err)
	}
}

// The list names cases that are there by their number, and staff by their address.
func TestAuditList(t *testing.T) {
	o := newOffice(t)
	if got := o.works("audit"); got != "no rows\n" {
		t.Errorf("%q", got)
	}
	o.dossier("K2026-000009")
	o.dossier("K2026-000014")
	got := o.works("audit")
	if strings.Count(got, "registered") != 2 || !strings.Contains(got, "K2026-000014") || !strings.Contains(got, bas) || strings.Contains(got, jan) {
		t.Errorf("%s", got)
	}
	var rows []auditJSON
	if err := json.Unmarshal([]byte(o.works("audit", "list", "--json", "--case", "k2026-000014")), &rows); err != nil {
		t.Fatal(err)
	}
	if len(rows) != 3 || rows[0].N != 4 || *rows[0].Number != "K2026-000014" || *rows[0].Actor != bas || len(rows[0].Hash) != 32 {
		t.Errorf("%+v", rows)
	}
	o.fails(1, "there is no case K2026-000023", "audit", "--case", "K2026-000023")
	o.fails(2, "no case number", "audit", "--case", "K12")
}
