package postgres_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"pendamping/store"
)

// privacyClass is why a column may hold what it holds about people (UU 27/2022).
type privacyClass string

const (
	// marked audit:"personal": the trail knows it by a salted hash, so that it can be erased
	tagged privacyClass = "tagged"
	// what was said about money and visits, which the law wants kept; it may name people
	evidence privacyClass = "evidence"
	transit  privacyClass = "transit"  // on its way, and cleared when that is over: see bot.daily
	account  privacyClass = "account"  // a Telegram account or chat, without which nothing could be sent
	register privacyClass = "register" // a register of its own that names nobody
	coded    privacyClass = "coded"    // our own words, ids, hashes, places: nobody's data
)

// privacyClasses are the columns that could hold something about a person, by table. A column that is added must be
// sorted in here.
var privacyClasses = map[string]map[privacyClass]string{
	"accounts":        {account: "language"},
	"annexes":         {tagged: "note", evidence: "number place", coded: "kind"},
	"approvals":       {evidence: "review", coded: "book sponsors"},
	"audiences":       {coded: "name query"},
	"breaches":        {register: "what data done"},
	"broadcasts":      {evidence: "words english question options link why", coded: "audience files state urgent"},
	"chains":          {coded: "head"},
	"chapters":        {tagged: "text comment proposal", coded: "code"},
	"complaints":      {tagged: "words reply", coded: "province regency state topic"},
	"consents":        {coded: "notice source"},
	"data_requests":   {tagged: "words reply", coded: "kind part outcome reason province regency"},
	"decodes":         {coded: "job sha256"},
	"entries":         {evidence: "note", coded: "kind pos state"},
	"events":          {coded: "body hash kind"}, // personal values stand in the table personal
	"files":           {evidence: "name words file_id unique_id", coded: "album kind mime sha256"},
	"guesses":         {account: "account"}, // for a day
	"handovers":       {tagged: "reason answer", coded: "kind role state ticket"},
	"holds":           {coded: "kind"},
	"inbox":           {transit: "payload session reason", account: "chat"},
	"initiatives":     {evidence: "words result", coded: "kind"},
	"installation":    {coded: "media"},
	"invites":         {account: "account", coded: "claim code held token"},
	"legal_holds":     {register: "reason"},
	"letters":         {tagged: "words", coded: "template"},
	"looks":           {coded: "fine flaws"},
	"outbox":          {transit: "message reason", account: "chat", coded: "album class key language state"},
	"personal":        {tagged: "value", coded: "field kind salt"},
	"persons":         {tagged: "key name wa account", coded: "code organisation province regency role same sponsors"},
	"plan_lines":      {evidence: "item unit", coded: "pos"},
	"plans":           {evidence: "reason review", coded: "hands state"},
	"polls":           {coded: "chosen id"},
	"prints":          {coded: "shape"},
	"programs":        {coded: "code rules"},
	"progress_weeks":  {coded: "province regency"},
	"processes":       {coded: "mode"},
	"promises":        {coded: "kinds what"},
	"receipt_items":   {evidence: "item unit", coded: "pos"},
	"receipt_sources": {coded: "name"},
	"receipts":        {evidence: "seller reason review draft", coded: "flags hands kind payment sponsors state"},
	// a single recipient's is a person's name, and stands on the LPJ
	"recipients":  {evidence: "name", coded: "code province regency village wave zone"},
	"remarks":     {tagged: "words answer", coded: "kind"},
	"reports":     {evidence: "review result upload wrong", coded: "hands state"},
	"rooms":       {account: "chat"},
	"roots":       {coded: "body hash name"},
	"seals":       {tagged: "data", coded: "code hash"},
	"snapshots":   {coded: "month permits"},
	"unreachable": {account: "chat", coded: "reason"},
	"visits":      {evidence: "problem follow_up place reason spot words word", coded: "acts met mode state"},
}

// Every column that could hold something about a person is sorted by why it may, and those that are marked in the
// records' types are the ones that are sorted as such.
func TestPersonalColumns(t *testing.T) {
	_, conn := open(t)
	rows, err := conn.Query(t.Context(), `
		select c.table_name, c.column_name
		from information_schema.columns c
		join pg_tables t on t.schemaname = c.table_schema and t.tablename = c.table_name
		where c.table_schema = 'public' and c.table_name <> 'goose_db_version'
			and (c.data_type in ('text', 'character varying', 'json', 'jsonb', 'bytea', 'ARRAY') or c.column_name in ('account', 'chat'))
		order by 1, 2`)
	ok(t, err)
	type column struct{ table, name string }
	columns, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c column, err error) {
		return c,
			row.Scan(&c.table, &c.name)
	})
	ok(t, err)
	sorted := map[string]privacyClass{}
	for table, classes := range privacyClasses {
		for class, names := range classes {
			for _, name := range strings.Fields(names) {
				sorted[table+"."+name] = class
			}
		}
	}
	marked := 0
	for _, c := range columns {
		name := c.table + "." + c.name
		if sorted[name] == "" {
			t.Errorf(
				"%s could hold something about a person: sort it into privacyClasses, and mark its field audit:\"personal\" where it can be erased", name)
		}
		if sorted[name] == tagged && c.table != "personal" {
			marked++
		}
		delete(sorted, name)
	}
	for name := range sorted {
		t.Errorf("%s is sorted, and there is no such column", name)
	}
	fields := personalFields()
	if len(fields) != marked {
		t.Errorf("%d fields are marked audit:\"personal\" (%v), and %d columns are sorted as such", len(fields), fields,
			marked)
	}
}

// personalFields are the fields of all records that are marked as personal.
func personalFields() (list []string) {
	for _, record := range []any{
		store.Person{}, store.Consent{}, store.Invite{}, store.Complaint{}, store.DataRequest{}, store.Breach{},
		store.LegalHold{}, store.Recipient{},
		store.Program{}, store.Plan{}, store.Receipt{}, store.Entry{}, store.File{}, store.Remark{}, store.Approval{},
		store.Visit{}, store.Snapshot{},
		store.Initiative{}, store.Letter{}, store.Handover{}, store.Broadcast{}, store.Report{}, store.Chapter{},
		store.Annex{}, store.Seal{},
	} {
		of := reflect.TypeOf(record)
		for i := range of.NumField() {
			if f := of.Field(i); f.Tag.Get("audit") == "personal" {
				list = append(list, fmt.Sprint(of.Name(), ".", f.Name))
			}
		}
	}
	slices.Sort(list)
	return list
}
