package store

import (
	"context"
	"database/sql"
	"errors"
)

// runner is what a transaction runs its statements on.
type runner interface {
	exec(query string, args ...any) (sql.Result, error)
	query(query string, args ...any) (*sql.Rows, error)
	row(query string, args ...any) *sql.Row
}

func (tx *Tx) exec(operation, query string, args ...any) error {
	_, err := tx.run.exec(query, args...)
	return fatal(operation, err)
}

// each calls f for each row; f scans it.
func (tx *Tx) each(operation, query string, args []any, f func(*sql.Rows) error) error {
	rows, err := tx.run.query(query, args...)
	if err != nil {
		return fatal(operation, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return fatal(operation, rows.Err())
}

// one scans the only row; false when there is none.
func (tx *Tx) one(operation, query string, args []any, into ...any) (bool, error) {
	err := tx.run.row(query, args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, fatal(operation, err)
}

// writer runs statements on the one writing connection and keeps them prepared.
// No context: the driver would start a goroutine a statement to watch it.
type writer struct{ db *DB }

func (w writer) stmt(query string) (*sql.Stmt, error) {
	if s, ok := w.db.stmts[query]; ok {
		return s, nil
	}
	s, err := w.db.conn.PrepareContext(context.Background(), query)
	if err == nil {
		w.db.stmts[query] = s
	}
	return s, err
}

func (w writer) exec(query string, args ...any) (sql.Result, error) {
	s, err := w.stmt(query)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(context.Background(), args...)
}

func (w writer) query(query string, args ...any) (*sql.Rows, error) {
	s, err := w.stmt(query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(context.Background(), args...)
}

func (w writer) row(query string, args ...any) *sql.Row {
	s, err := w.stmt(query)
	if err != nil {
		return w.db.conn.QueryRowContext(context.Background(), query, args...) // says the error
	}
	return s.QueryRowContext(context.Background(), args...)
}

// reader runs statements in a reading transaction.
type reader struct{ tx *sql.Tx }

func (r reader) exec(query string, args ...any) (sql.Result, error) {
	return r.tx.ExecContext(context.Background(), query, args...)
}

func (r reader) query(query string, args ...any) (*sql.Rows, error) {
	return r.tx.QueryContext(context.Background(), query, args...)
}

func (r reader) row(query string, args ...any) *sql.Row {
	return r.tx.QueryRowContext(context.Background(), query, args...)
}
