package store

import (
	"context"
	"embed"
	"fmt"
)

// migrations are run in the order of their numbers; the number of the last one
// that ran is the file's user_version. A landed one is never edited.
//
//go:embed migrations/*.sql
var migrations embed.FS

// Version is the schema that this program writes.
const Version = 7

// migrate brings an older file up to Version, each step in a transaction of its
// own, and refuses a newer file.
func (db *DB) migrate(ctx context.Context) error {
	have, err := db.schema(ctx)
	if err != nil {
		return err
	}
	if have > Version {
		return fmt.Errorf("%w: it has schema %d, this program knows %d; install the newer klachtd again", ErrNewer, have, Version)
	}
	for v := have + 1; v <= Version; v++ {
		script, err := migrations.ReadFile(fmt.Sprintf("migrations/%04d.sql", v))
		if err != nil {
			return fmt.Errorf("migrate to %d: %w", v, err)
		}
		sql := fmt.Sprintf("BEGIN IMMEDIATE;\n%s\nPRAGMA user_version=%d;\nCOMMIT;", script, v)
		if _, err := db.conn.ExecContext(ctx, sql); err != nil {
			_, _ = db.conn.ExecContext(ctx, "ROLLBACK") // fails when the script never began; the first error counts
			return fmt.Errorf("migrate to %d: %w", v, explain(err))
		}
	}
	return nil
}

func (db *DB) schema(ctx context.Context) (int, error) {
	var have int
	if err := db.conn.QueryRowContext(ctx, "PRAGMA user_version").Scan(&have); err != nil {
		return 0, fmt.Errorf("read schema version: %w", explain(err))
	}
	return have, nil
}
