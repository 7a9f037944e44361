package roster_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pendamping/cmd/internal/officetest"
	"pendamping/cmd/internal/roster"
)

func TestInvites(t *testing.T) {
	o := openOffice(t)
	path := filepath.Join(o.Dir, "out.csv")
	in := roster.Files{
		Roster: o.Roster(officetest.MentorRow, officetest.ChairRow, officetest.BankerRow,
			"anggota,KM-01,=cmd(),,,,,,,,,,,,"),
		Invites: path, Bot: "@pendamping_bot",
	}
	out := o.Run(in)
	if !strings.Contains(out, "2 invitations written to "+path+", good until 2026-12-23") {
		t.Errorf("report: %s", out)
	}
	info := officetest.Must(os.Stat(path))(o)
	o.Want("mode", info.Mode().Perm(), os.FileMode(0o600))
	first := o.invites(path)
	if len(first) != 2 || first[0][0] != "ketua" || first[1][2] != "'=cmd()" {
		t.Fatalf("rows: %v", first)
	}
	o.Want("by whom and where", strings.Join(first[0][6:], "|"), "Melati Jaya|Bulakan|PD-1|")
	link := regexp.MustCompile(`^https://t\.me/pendamping_bot\?start=([A-Za-z0-9_-]{16,64})$`).FindStringSubmatch(
		first[0][3])
	if link == nil || !regexp.MustCompile(`^[2-9A-HJKMNP-TW-Z]{4}-[2-9A-HJKMNP-TW-Z]{4}$`).MatchString(first[0][4]) {
		t.Fatalf("row: %v", first[0])
	}
	chair := o.Person("ketua|km-01|sri wahyuni")
	for _, code := range []string{link[1], first[0][4]} {
		i := officetest.Must(o.Look().InviteByCode(t.Context(), code))(o)
		o.Want("invited", i.Person, chair.ID)
		o.Want("expires", i.Expires, officetest.Noon.AddDate(0, 0, 30))
	}

	// Who was invited and has not come stays invited, and the file with their codes is not replaced.
	if out := o.Run(roster.Files{Invites: path}); !strings.Contains(out, "no new invitations") ||
		!strings.Contains(out, "2 invitations of before stay good") {
		t.Errorf("report: %s", out)
	}
	o.Want("file", len(o.invites(path)), 2)
	o.Want("still open", officetest.Must(o.Look().InviteByCode(t.Context(), first[0][4]))(o).Revoked.IsZero(), true)
	late := "anggota,KM-01,Warti,,,,,,,,,,,"
	if _, err := o.Try(roster.Files{
		Roster: o.Roster(officetest.MentorRow, officetest.ChairRow, late), Invites: path,
	}); err == nil || !strings.Contains(err.Error(), "name another file") {
		t.Errorf("the file of open invitations was to be replaced: %v", err)
	}
	more := filepath.Join(o.Dir, "more.csv")
	out = o.Run(roster.Files{Roster: o.Roster(officetest.MentorRow, officetest.ChairRow, late), Invites: more})
	if !strings.Contains(out, "1 invitations written to "+more) ||
		!strings.Contains(out, "2 invitations of before stay good") {
		t.Errorf("report: %s", out)
	}
	o.Want("another", o.invites(more)[0][2], "Warti")

	o.Run(roster.Files{Invites: path, Renew: true}) // alone, without a bot's name: new codes, and the old ones end
	second := o.invites(path)
	o.Want("link", second[0][3], "")
	old := officetest.Must(o.Look().InviteByCode(t.Context(), first[0][4]))(o)
	o.Want("revoked", old.Revoked, officetest.Noon)
	o.Want("same code", second[0][4] == first[0][4], false)
	o.Run(roster.Files{Invites: path, Renew: true, InviteDays: -1})
	out = o.Run(roster.Files{Invites: filepath.Join(o.Dir, "late.csv")})
	if !strings.Contains(out, "3 invitations written") || !strings.Contains(out, "3 invitations ended") ||
		strings.Contains(out, "stay good") {
		t.Errorf("expired ones are made anew: %s", out)
	}
	if left, _ := filepath.Glob(o.Dir + "/.inv*"); len(left) > 0 {
		t.Errorf("files left: %v", left)
	}
}

// invites reads the file without its header.
func (o *office) invites(path string) [][]string {
	o.Helper()
	f := officetest.Must(os.Open(path))(o)
	defer f.Close()
	return officetest.Must(csv.NewReader(f).ReadAll())(o)[1:]
}
