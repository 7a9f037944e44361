package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pendamping/cmd/internal/officetest"
	"pendamping/store/embedded/testdb"
)

// Where Telegram does not answer, invitations have codes only, and the operator hears it, and what links would cost.
func TestInvitesWithoutLinks(t *testing.T) {
	dir := t.TempDir()
	roster, list := filepath.Join(dir, "roster.csv"), filepath.Join(dir, "undangan.csv")
	text := "peran,kode,nama,kelompok,provinsi,kabupaten,desa,tahap,dana,tanggal_cair,pendamping,telegram_id,persetujuan\n" +
		"koordinator,K-1,Dewi,,Jawa Tengah,Sukoharjo,,,,,,,\n"
	if err := os.WriteFile(roster, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "import", roster, "--invites", list)
	cmd.Env = append(os.Environ(), asMain+"=1", "TELEGRAM_TOKEN=1:secret", "TELEGRAM_API_URL=http://127.0.0.1:1",
		"DATABASE_URL="+testdb.Database(t, officetest.Migrate), "REDIS_URL="+testdb.Redis(t))
	var said bytes.Buffer
	cmd.Stderr = &said
	if out, err := cmd.Output(); err != nil || !strings.Contains(string(out), "1 invitations written") {
		t.Fatalf("%v: %s%s", err, out, said.String())
	}
	if written, err := os.ReadFile(list); err != nil || !strings.Contains(string(written), "koordinator,K-1,Dewi,,") {
		t.Errorf("%v: %s", err, written)
	}
	for _, want := range []string{"without links, because Telegram did not answer (", "codes are enough", "--renew"} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("it does not say %q: %s", want, said.String())
		}
	}
	if strings.Count(said.String(), "\n") != 1 || strings.Contains(said.String(), "secret") {
		t.Errorf("it is not one line without the token: %s", said.String())
	}
}
