package flows_test

import (
	"strings"
	"testing"
	"time"

	"pendamping/flows"
	"pendamping/store"
)

// The rules of tasks and reminders, each by how a group stands on a day of 2026. Its mentor is 7.
func TestRules(t *testing.T) {
	at := func(day string) time.Time {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	open := func(days ...string) (list []store.Open) {
		for i, d := range days {
			list = append(list, store.Open{ID: store.ID(i + 1), At: at(d)})
		}
		return list
	}
	lpj := func(state store.ReportState, since string, hands ...store.ID) func(*store.Standing) {
		return func(s *store.Standing) {
			s.Left, s.Report, s.Step = 0, store.Report{ID: 5, State: state, At: at(since), Hands: hands}, at(since)
		}
	}
	for _, c := range []struct {
		name, disbursed, today string
		is                     func(*store.Standing)
		due, tasks             string
	}{
		{"nothing yet", "2026-11-10", "2026-11-12", nil, "", ""},
		{"no nota in a week", "2026-11-10", "2026-11-17", func(s *store.Standing) { s.Counted = 0 }, "empty", ""},
		{"the money went back", "2026-11-10", "2026-11-30", func(s *store.Standing) { s.Counted, s.Left = 0, 0 }, "",
			""},
		{"the period ends", "2026-11-10", "2026-11-26", nil, "money", ""},
		{"money of December: the period ends with the LPJ's deadline", "2026-12-10", "2026-12-18",
			func(s *store.Standing) { s.Left = 0 }, "lpj",
			"lpj 2026-12-17 2026-12-31"},
		{"the LPJ is late", "2026-11-10", "2027-01-02", func(s *store.Standing) { s.Left = 0 }, "lpj",
			"late 2027-01-01 2027-01-07"},
		{"sent", "2026-11-10", "2026-11-26", lpj(store.ReportSent, "2026-11-25", 3), "",
			"report 2026-11-25 2026-11-28"},
		{"sent by the mentor", "2026-11-10", "2026-11-26", lpj(store.ReportSent, "2026-11-25", 3, 7), "", ""},
		{"returned", "2026-11-10", "2026-11-26", lpj(store.ReportReturned, "2026-11-24"), "mend",
			"mend 2026-11-26 2026-12-02"},
		{"verified", "2026-11-10", "2026-11-26", lpj(store.ReportVerified, "2026-11-24"), "sign",
			"sign 2026-11-26 2026-12-02"},
		{"signed", "2026-11-10", "2026-11-25", lpj(store.ReportSigned, "2026-11-24"), "upload", ""},
		{"uploaded", "2026-11-10", "2026-12-08", lpj(store.ReportUploaded, "2026-11-24"), "result",
			"result 2026-12-08 2026-12-21"},
		{"accepted", "2026-11-10", "2027-02-01", lpj(store.ReportAccepted, "2026-11-24"), "", ""},
		{"a follow-up", "2026-11-10", "2026-11-18", func(s *store.Standing) { s.FollowUps = open("2026-11-20") }, "",
			"follow 2026-11-18 2026-11-20"},
		{"a plan", "2026-11-10", "2026-11-18", func(s *store.Standing) { s.Planned = open("2026-11-19") }, "",
			"planned 2026-11-19 2026-11-19"},
		{"nobody said a word", "2026-11-10", "2026-11-20", func(s *store.Standing) {
			s.Unsaid,
				s.Heard = open("2026-10-01", "2026-11-16"), true
		}, "",
			"unsaid 2026-11-19 2026-11-25"},
		{"nobody can", "2026-11-10", "2026-11-20", func(s *store.Standing) { s.Unsaid = open("2026-11-16") }, "", ""},
	} {
		day := store.Day(c.today)
		s := store.Standing{Received: 20_000_000, Left: 10_000_000, Counted: 3, LastVisit: at(c.today)}
		s.ID, s.Mentor, s.Disbursed = 1, 7, store.Day(c.disbursed)
		if c.is != nil {
			c.is(&s)
		}
		if got := strings.Join(flows.Due(s, store.DefaultRules(), day), ", "); got != c.due {
			t.Errorf("%s: %q is due, not %q", c.name, got, c.due)
		}
		if got := strings.Join(flows.Tasks(s, store.DefaultRules(), day), ", "); got != c.tasks {
			t.Errorf("%s: the tasks are %q, not %q", c.name, got, c.tasks)
		}
	}
}
