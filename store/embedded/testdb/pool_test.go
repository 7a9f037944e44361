package testdb_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"

	"pendamping/store/embedded/testdb"
)

// opened is what a pool keeps open in these tests.
type opened struct {
	*pgx.Conn
	forgotten int
}

func (o *opened) Close() { _ = o.Conn.Close(context.Background()) }

func newPool(t *testing.T) *testdb.Pool[*opened] {
	p := &testdb.Pool[*opened]{
		Migrate: func(ctx context.Context, url string) error {
			conn, err := pgx.Connect(ctx, url)
			if err != nil {
				return err
			}
			defer conn.Close(ctx)
			_, err = conn.Exec(ctx, `
				create sequence numbers; select nextval('numbers');
				create table people (id bigint generated always as identity primary key, name text unique);
				create table letters (id bigint primary key, writer bigint not null references people);
				create function refuse() returns trigger language plpgsql as $$ begin raise exception 'letters stay'; end $$;
				create trigger stay before delete on letters for each row execute function refuse();
				insert into people (name) values ('Sri'), (E'Bu\tRina'); insert into letters values (1, 1)`)
			return err
		},
		Open: func(ctx context.Context, url string) (*opened, error) {
			conn, err := pgx.Connect(ctx, url)
			return &opened{Conn: conn}, err
		},
		Forget: func(o *opened) { o.forgotten++ },
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// content is all that a database of the pool has, and what its sequences give next.
func content(t *testing.T, conn *pgx.Conn) (words string) {
	t.Helper()
	err := conn.QueryRow(t.Context(), `
		select concat_ws(' ', (select json_agg(p) from people p), (select json_agg(l) from letters l),
			nextval('numbers'), nextval('people_id_seq'))`).Scan(&words)
	if err != nil {
		t.Fatal(err)
	}
	return words
}

func TestPoolLendsWhatTheTemplateHas(t *testing.T) {
	p := newPool(t)
	var first, again *opened
	var want, got string
	t.Run("first", func(t *testing.T) {
		first, _ = p.Take(t)
		want = content(t, first.Conn)
		for _, sql := range []string{
			`insert into people (name) values ('Joko')`, `insert into letters values (2, 4)`,
			`update people set name = 'Sri Rahayu' where id = 1`,
			`set session_replication_role = replica`, `delete from letters where id = 1`,
			`reset session_replication_role`,
		} {
			if _, err := first.Exec(t.Context(), sql); err != nil {
				t.Fatal(err)
			}
		}
	})
	t.Run("again", func(t *testing.T) {
		again, _ = p.Take(t)
		got = content(t, again.Conn)
	})
	if again != first || first.forgotten == 0 {
		t.Error("what was open is not lent again, or was not told to forget")
	}
	if got != want {
		t.Errorf("the second test finds %s, want %s", got, want)
	}
}

func TestPoolDropsWhatItCannotRestore(t *testing.T) {
	for name, harm := range map[string]string{
		"an altered table":  `alter table people add column age int`,
		"a right":           `grant select on people to public`,
		"another trigger":   `alter table letters disable trigger stay`,
		"a transaction":     `begin; delete from people where id = 2`,
		"a lock":            `select pg_advisory_lock(1)`,
		"a setting":         `do $$ begin execute 'alter database ' || current_database() || ' set work_mem = 1024'; end $$`,
		"a truncated table": `truncate letters`,
	} {
		t.Run(name, func(t *testing.T) {
			p := newPool(t)
			var urls [2]string
			for i := range urls {
				t.Run(fmt.Sprint(i), func(t *testing.T) {
					var o *opened
					if o, urls[i] = p.Take(t); i > 0 {
						return
					}
					if _, err := o.Exec(t.Context(), harm); err != nil {
						t.Fatal(err)
					}
				})
			}
			if urls[0] == urls[1] {
				t.Error("the database is lent again")
			}
			if conn, err := pgx.Connect(t.Context(), urls[0]); err == nil {
				conn.Close(t.Context())
				t.Error("the database is still there")
			}
		})
	}
}
