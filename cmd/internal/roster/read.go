package roster

import (
	"fmt"
	"slices"
	"strings"

	"pendamping/cmd/internal/roster/table"
	"pendamping/flows/text"
	"pendamping/store"
)

// Roster is what a file says about people and their groups, already checked. What a cell leaves empty stays as it is
// known.
type Roster struct {
	File   string
	People []Person
	Groups []*Group // groups and single recipients, in the order of their first lines
}

// Person is what one row says of somebody.
type Person struct {
	Line    int          // of the file, from 1
	Person  store.Person // its Key by the row's id, else by role, code and name
	Name    string       // the key by role, code and name, whether or not the row has an id
	Group   *Group       // of a group's people and owners
	Consent store.Day    // given on paper
}

// Group is what the rows of one code say together.
type Group struct {
	Line      int // of the first
	Recipient store.Recipient
	Mentor    string // the mentor's code
	MentorAt  int    // the line that says so

	said map[string]int // the line that first said a column's value
}

// roles are the values of the column peran.
var roles = []store.Role{
	store.Coordinator, store.Mentor, store.Chair, store.Secretary, store.Treasurer, store.Member, store.Owner,
}

var rosterColumns = []table.Column{
	{Name: "peran", Required: true}, {Name: "kode", Required: true}, {Name: "nama", Required: true},
	{Name: "kelompok", Required: true}, {Name: "provinsi", Required: true}, {Name: "kabupaten", Required: true},
	{Name: "desa", Required: true}, {Name: "tahap", Required: true}, {Name: "dana", Required: true, Measure: true},
	{Name: "tanggal_cair", Required: true, Measure: true}, {Name: "pendamping", Required: true},
	{Name: "telegram_id", Measure: true}, {Name: "persetujuan", Measure: true},
	{Name: "id"}, {Name: "organisasi"}, {Name: "wa", Measure: true},
}

// reader goes through the rows and remembers what earlier ones said.
type reader struct {
	*table.Table
	roster   Roster
	problems table.Problems
	today    store.Day
	groups   map[string]*Group // by folded code
	keys     map[string]int    // lines by Person.Key
	names    map[string]named  // rows by role, code and name
	mentors  map[string]int    // lines of mentors by folded code
	accounts map[string]int    // lines by account, role and code
}

type named struct {
	line  int
	hasID bool
}

// Read reads and checks a roster, the bytes of a CSV or XLSX file whose name is file. Days of consent after today are
// refused. The problems leave nothing out: a bad row does not hide another. With any, the roster is not to be used.
func Read(file string, data []byte, today store.Day) (Roster, table.Problems) {
	t, bad := table.Read(file, data, rosterColumns)
	return rosterOf(t, bad, today)
}

// rosterOf checks the rows of a roster.
func rosterOf(t *table.Table, bad table.Problems, today store.Day) (Roster, table.Problems) {
	r := reader{
		Table: t, roster: Roster{File: t.File}, problems: bad, today: today,
		groups: map[string]*Group{}, keys: map[string]int{}, names: map[string]named{},
		mentors: map[string]int{}, accounts: map[string]int{},
	}
	for _, row := range t.Rows {
		r.read(row)
	}
	for _, g := range r.roster.Groups {
		if g.Recipient.Name == "" && g.Recipient.Single {
			i := slices.IndexFunc(r.roster.People, func(p Person) bool { return p.Group == g })
			g.Recipient.Name = r.roster.People[i].Person.Name
		}
	}
	return r.roster, r.problems
}

func (r *reader) fail(line int, format string, args ...any) {
	r.problems.Add(r.File, line, format, args...)
}

func (r *reader) read(row table.Row) {
	p := Person{Line: row.Line}
	role := strings.ToLower(r.Cell(row, "peran"))
	p.Person = store.Person{
		Role: store.Role(role), Code: r.Cell(row, "kode"), Name: r.Cell(row, "nama"),
		Organisation: r.Cell(row, "organisasi"),
	}
	known := slices.Contains(roles, p.Person.Role)
	switch {
	case role == "":
		r.fail(row.Line, "peran is empty")
	case !known:
		r.fail(row.Line, "peran %q is none of koordinator, pendamping, ketua, sekretaris, bendahara, anggota, penerima",
			role)
	}
	if p.Person.Code == "" {
		r.fail(row.Line, "kode is empty")
	}
	if p.Person.Name == "" {
		r.fail(row.Line, "nama is empty")
	}
	r.contacts(row, &p)
	if !known || p.Person.Code == "" {
		return
	}
	switch p.Person.Role {
	case store.Coordinator, store.Mentor:
		p.Person.Province, _ = province(r.Cell(row, "provinsi"))
		p.Person.Regency = r.Cell(row, "kabupaten")
	default:
		p.Group = r.group(row, p.Person)
	}
	p.Name = store.PersonKey("", p.Person.Role, p.Person.Code, p.Person.Name)
	p.Person.Key = store.PersonKey(r.Cell(row, "id"), p.Person.Role, p.Person.Code, p.Person.Name)
	r.once(row, p)
	r.roster.People = append(r.roster.People, p)
}

// contacts reads what is the person's own: account, consent, phone.
func (r *reader) contacts(row table.Row, p *Person) {
	var err error
	if s := r.Cell(row, "telegram_id"); s != "" {
		if p.Person.Account, err = account(s); err != nil {
			r.fail(row.Line, "telegram_id %v", err)
		}
	}
	if s := r.Cell(row, "wa"); s != "" {
		if p.Person.WA, err = phone(s); err != nil {
			r.fail(row.Line, "wa %v", err)
		}
	}
	if s := r.Cell(row, "persetujuan"); s != "" {
		if p.Consent, err = day(s); err != nil {
			r.fail(row.Line, "persetujuan %v", err)
		} else if p.Consent > r.today {
			r.fail(row.Line, "persetujuan %s is in the future", p.Consent)
		}
	}
}

// once refuses a row that says who an earlier row already is.
func (r *reader) once(row table.Row, p Person) {
	hasID := p.Person.Key != p.Name
	earlier, same := r.names[p.Name]
	switch line, taken := r.keys[p.Person.Key]; {
	case p.Person.Name == "" && !hasID:
	case taken && hasID:
		r.fail(row.Line, "the same id as line %d", line)
	case taken, same && !(hasID && earlier.hasID):
		r.fail(row.Line, "the same person as line %d", max(line, earlier.line))
	default:
		r.keys[p.Person.Key], r.names[p.Name] = row.Line, named{row.Line, hasID}
	}
	code := text.Fold(p.Person.Code)
	if p.Person.Role == store.Mentor {
		if line, taken := r.mentors[code]; taken {
			r.fail(row.Line, "kode %q is the pendamping of line %d", p.Person.Code, line)
		} else {
			r.mentors[code] = row.Line
		}
	}
	if p.Person.Account != 0 {
		as := fmt.Sprintf("%d %s %s", p.Person.Account, p.Person.Role, code)
		if line, taken := r.accounts[as]; taken {
			r.fail(row.Line, "the same telegram_id as line %d, in the same role and kode", line)
		} else {
			r.accounts[as] = row.Line
		}
	}
}
