package flows_test

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pendamping/flows"
	"pendamping/store"
)

// everybody are the roles, and a stranger's.
var everybody = []store.Role{
	store.Coordinator, store.Mentor, store.Chair, store.Secretary, store.Treasurer, store.Owner, store.Member, "",
	"tamu",
}

// conditions are the states of the records that deeds are done to, by the first word of the deed.
var conditions = map[string][]string{
	"nota":   {"unfinished", "submitted", "returned", "verified", "cancelled", "closed"},
	"plan":   {"", "proposed", "agreed", "declined"},
	"book":   {"", "open", "closed"},
	"report": {"", "drafted", "sent", "returned", "verified", "signed", "uploaded", "accepted", "refused"},
	"remark": {"open", "closed"},
	"visit":  {"", "planned", "held", "missed", "cancelled"},
	"growth": {"", "open", "closed"},
	"letter": {"", "open", "waits"},
	"hand":   {"", "asked", "done", "declined", "objected", "upheld", "restored"},
	"data":   {"open", "closed"},
	"person": {"open", "closed"},
	"cast":   {"", "asked", "declined", "running", "paused", "cancelled", "done"},
}

// all are the states of every kind of record.
func all() []string {
	var list []string
	for _, of := range conditions {
		list = append(list, of...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// TestMay prints who may do what, in which state of it, to their own work and to others': "any" is both, "other" only
// what they had no hand in, "clear" only what neither they nor a sponsor of theirs had a hand in, "own" only what they
// did, "-" neither; and why one person can't complete a fraud with it.
func TestMay(t *testing.T) {
	var out bytes.Buffer
	for _, d := range flows.Deeds() {
		kind, _, _ := strings.Cut(d, ".")
		fmt.Fprintf(&out, "%-14s", d)
		for _, s := range conditions[kind] {
			fmt.Fprintf(&out, "%-11s", map[bool]string{true: "none yet"}[s == ""]+s)
		}
		out.WriteString("\n")
		if why := flows.Why(d); why == "" {
			t.Errorf("nothing says why one person can't complete a fraud with %s", d)
		} else {
			fmt.Fprintf(&out, "  %s\n", why)
		}
		for _, role := range everybody[:7] {
			fmt.Fprintf(&out, "  %-12s", role)
			for _, s := range conditions[kind] {
				own, other := flows.May(role, d, s, true), flows.May(role, d, s, false)
				word := map[[2]bool]string{
					{true, true}: "any", {true, false}: "own", {false, true}: "other",
				}[[2]bool{own, other}]
				if word == "other" && !flows.MayTied(role, d, s) {
					word = "clear"
				}
				fmt.Fprintf(&out, "%-11s", word+strings.Repeat("-", map[bool]int{true: 1}[word == ""]))
			}
			out.WriteString("\n")
		}
	}
	got := tidy(out.String())
	const golden = "testdata/may.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("somebody may something else (-want +got):\n%s", diff)
	}
}

// tidy takes away the spaces at the ends of lines.
func tidy(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

// Whatever the table says: duties are separate, members read, strangers do nothing, and for everything there is
// somebody.
func TestMayKeepsDutiesApart(t *testing.T) {
	judging := []string{"nota.verify", "nota.return", "nota.object", "plan.decide", "book.check", "visit.confirm",
		"hand.decide", "hand.do", "hand.agree", "report.decide", "report.reopen"}
	recording := []string{"nota.finish", "nota.change", "nota.void", "plan.propose", "plan.withdraw", "book.sign",
		"book.approve", "visit.log", "visit.change",
		"visit.solve", "growth.record", "book.enter", "report.write", "report.advise", "report.send", "report.upload",
		"report.result", "report.page", "report.extend"}
	members := []string{"nota.see", "nota.object", "hand.agree", "hand.object", "remark.answer", "letter.see",
		"letter.answer", "report.see"}
	for _, d := range flows.Deeds() {
		somebody := false
		for _, s := range all() {
			for _, role := range everybody {
				own, other := flows.May(role, d, s, true), flows.May(role, d, s, false)
				somebody = somebody || own || other
				if own && slices.Contains(judging, d) {
					t.Errorf("%s may %s what they entered themselves (%q)", role, d, s)
				}
				if (own || other) && role == store.Member && !slices.Contains(members, d) {
					t.Errorf("a member may %s (%q)", d, s)
				}
				if (own || other) && (role == "" || role == "tamu") {
					t.Errorf("a stranger may %s (%q)", d, s)
				}
				if (own || other) && role == store.Coordinator && slices.Contains(recording, d) {
					t.Errorf("a coordinator may %s (%q)", d, s)
				}
				if (own || other) && slices.Contains([]store.Role{
					store.Chair, store.Secretary, store.Treasurer, store.Owner,
				}, role) &&
					slices.Contains(judging, d) && d != "nota.object" && d != "visit.confirm" && d != "hand.agree" {
					t.Errorf("%s, of the group, may %s (%q)", role, d, s)
				}
				if slices.Contains(judging, d) && d != "nota.object" && flows.MayTied(role, d, s) {
					t.Errorf("%s may %s what their sponsor entered (%q)", role, d, s)
				}
				for _, too := range everybody[:7] { // the same account in another role had the hand in it
					if slices.Contains(judging, d) && flows.MayAs(role, too, d, s) {
						t.Errorf("%s may %s what the same account entered as %s (%q)", role, d, too, s)
					}
				}
			}
		}
		if !somebody {
			t.Errorf("nobody may %s", d)
		}
	}
	for _, d := range slices.Concat(judging, recording, members) {
		if !slices.Contains(flows.Deeds(), d) {
			t.Errorf("there is no deed %s", d)
		}
	}
}
