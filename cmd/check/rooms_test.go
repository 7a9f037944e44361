package main_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// arrows say which of our rooms a room may import. What is not listed is forbidden. Tests may use any room.
var arrows = map[string][]string{
	"bot": {"bot/files", "bot/health", "bot/ratelimit", "bot/telegram", "flows", "flows/broadcast", "flows/dialog",
		"flows/documents", "flows/form", "flows/handover", "flows/receipt", "locales", "store"},
	"bot/faketelegram": {},
	"bot/files":        {"bot/health", "bot/telegram", "flows/receipt", "store"},
	"bot/health":       {},
	"bot/ratelimit":    {"store"},
	"bot/telegram":     {"flows/form", "locales", "store"},
	"flows":            {"flows/*", "store"},
	"flows/join": {"flows/broadcast", "flows/dialog", "flows/form", "flows/handover", "flows/invite",
		"flows/privacy", "flows/receipt", "store"},
	"flows/review": {"flows/approval", "flows/budget", "flows/dialog", "flows/form", "flows/handover",
		"flows/lpj", "flows/receipt", "flows/visit", "store"},
	"flows/recap": {"flows/dialog", "flows/form", "flows/layout", "flows/lpj", "store"},
	"flows/visit": {
		"flows/dialog", "flows/form", "flows/lpj", "flows/parse", "flows/receipt", "flows/when", "store",
	},
	"flows/cash": {"flows/budget", "flows/dialog", "flows/form", "flows/lpj", "flows/parse", "store"},
	"flows/lpj": {
		"flows/approval", "flows/budget", "flows/dialog", "flows/documents", "flows/form", "flows/invite",
		"flows/layout", "flows/parse", "flows/receipt", "flows/remind", "flows/report", "store",
	},
	"flows/progress": {"flows/dialog", "flows/form", "flows/layout", "flows/remind", "store"},
	"flows/remind":   {"flows/dialog", "flows/form", "flows/when", "store"},
	"flows/nudge":    {"flows/dialog", "flows/form", "flows/letter", "flows/when", "store"},
	"flows/complaint": {
		"flows/change", "flows/dialog", "flows/form", "flows/handover", "flows/privacy", "store",
	},
	"flows/privacy": {"flows/change", "flows/dialog", "flows/form", "flows/invite", "flows/layout", "store"},
	"flows/handover": {
		"flows/broadcast", "flows/change", "flows/dialog", "flows/form", "flows/invite", "flows/when", "store",
	},
	"flows/objection": {
		"flows/approval", "flows/change", "flows/dialog", "flows/form", "flows/invite", "flows/when", "store",
	},
	"flows/change": {"flows/dialog", "flows/form", "flows/invite", "store"},
	"flows/broadcast": {
		"flows/dialog", "flows/form", "flows/layout", "flows/letter", "flows/parse", "flows/when", "store",
	},
	"flows/receipt": {"flows/approval", "flows/budget", "flows/dialog", "flows/form", "flows/look",
		"flows/parse", "flows/picture", "flows/sandbox", "store"},
	"flows/budget":          {"flows/approval", "flows/dialog", "flows/form", "flows/parse", "store"},
	"flows/approval":        {"flows/dialog", "flows/form", "store"},
	"flows/invite":          {"flows/dialog", "flows/form", "store"},
	"flows/manners":         {"flows/dialog"},
	"flows/text":            {},
	"flows/letter":          {"flows/dialog", "flows/form", "flows/when", "store"},
	"flows/when":            {"flows/dialog", "flows/form", "flows/parse", "store"},
	"flows/documents":       {"flows/dialog", "flows/layout", "store"},
	"flows/dialog":          {"flows/form", "flows/parse", "store"},
	"flows/form":            {"store"},
	"flows/parse":           {"store"},
	"flows/look":            {"flows/picture", "flows/sandbox"},
	"flows/look/sample":     {"store"},
	"flows/layout":          {"flows/picture", "flows/sandbox", "locales", "store"},
	"flows/report":          {"flows/layout", "flows/picture", "store"},
	"flows/trail":           {"flows/layout", "store"},
	"flows/picture":         {"flows/sandbox"},
	"flows/picture/bomb":    {},
	"flows/sandbox":         {},
	"locales":               {},
	"store":                 {},
	"store/postgres":        {"store"},
	"store/redis":           {"store"},
	"store/media":           {"store"},
	"store/embedded":        {},
	"store/embedded/testdb": {"store/embedded"},
	"cmd/internal/settings": {},
	"cmd/internal/records":  {"cmd/internal/settings", "store/media", "store/postgres"},
	"cmd/internal/roster": {
		"cmd/internal/roster/table", "flows/dialog", "flows/invite", "flows/parse", "flows/report",
		"flows/sandbox", "flows/text", "store",
	},
	"cmd/internal/roster/table": {"flows/text"},
	"cmd/internal/audit": {
		"cmd/internal/records", "cmd/internal/settings", "flows", "flows/dialog", "flows/documents",
		"flows/layout", "flows/look", "flows/receipt", "flows/report", "flows/sandbox", "locales", "store",
		"store/media", "store/postgres",
	},
	"cmd/internal/privacy": {"cmd/internal/records", "cmd/internal/settings", "flows/dialog", "locales", "store",
		"store/media", "store/postgres"},
	"cmd/internal/serve": {
		"bot", "bot/telegram", "cmd/internal/records", "cmd/internal/settings", "flows", "flows/documents",
		"flows/layout", "flows/look", "flows/receipt", "flows/sandbox", "locales", "store", "store/media",
		"store/postgres", "store/redis",
	},
	"cmd/internal/doctor": {"bot", "bot/telegram", "cmd/internal/records", "cmd/internal/settings",
		"flows/sandbox", "store/media", "store/postgres", "store/redis"},
	"cmd/internal/officetest": {"*"}, // only tests import it
	"cmd/pendamping": {
		"bot/telegram", "cmd/internal/audit", "cmd/internal/doctor", "cmd/internal/privacy",
		"cmd/internal/records", "cmd/internal/roster", "cmd/internal/serve", "cmd/internal/settings",
		"flows/join", "flows/layout", "flows/look", "flows/sandbox",
	},
	"cmd/demo": {
		"bot/faketelegram", "cmd/demo/phones", "cmd/internal/records", "cmd/internal/roster",
		"cmd/internal/serve", "cmd/internal/settings", "flows/join", "flows/layout", "flows/look",
		"flows/look/sample", "flows/sandbox", "store", "store/embedded",
	},
	"cmd/demo/phones": {"bot/faketelegram", "flows/look/sample"},
	"cmd/check":       {"store/embedded", "store/embedded/testdb"},
}

// doors are the rooms that may import a dependency; everybody else goes through them, tests too.
var doors = map[string][]string{
	// the fake is held to a client that we did not write
	"github.com/go-telegram-bot-api/": {"bot/telegram", "bot/faketelegram"},
	"github.com/jackc/pgx/":           {"store/postgres", "store/embedded", "store/embedded/testdb"},
	"github.com/redis/go-redis/":      {"store/redis", "store/embedded", "store/embedded/testdb"},
	"github.com/nicksnyder/go-i18n/":  {"locales"},
	"codeberg.org/go-pdf/":            {"flows/layout"},
	"github.com/xuri/excelize/": {
		"flows/layout", "cmd/internal/roster", "cmd/internal/roster/table", "cmd/internal/audit",
	},
}

type room struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
}

func rooms(t *testing.T) []room {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,TestImports,XTestImports",
		"pendamping/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var list []room
	for d := json.NewDecoder(strings.NewReader(string(out))); d.More(); {
		var r room
		if err := d.Decode(&r); err != nil {
			t.Fatal(err)
		}
		list = append(list, r)
	}
	return list
}

// TestRooms holds the house's plan: which room imports which, and who opens which door.
func TestRooms(t *testing.T) {
	for _, r := range rooms(t) {
		name := strings.TrimPrefix(r.ImportPath, "pendamping/")
		allowed, known := arrows[name]
		if !known {
			t.Errorf("%s is a room that the plan does not know", name)
		}
		for _, i := range r.Imports {
			of, ours := strings.CutPrefix(i, "pendamping/")
			if ours && !slices.ContainsFunc(allowed, func(a string) bool {
				ok, _ := path.Match(a, of)
				return ok ||
					a == "*"
			}) {
				t.Errorf("%s imports %s", name, of)
			}
			if name == "store" && strings.Contains(i, ".") {
				t.Errorf("store imports %s; it knows the standard library only", i)
			}
		}
		for _, i := range slices.Concat(r.Imports, r.TestImports, r.XTestImports) {
			for door, rooms := range doors {
				if strings.HasPrefix(i, door) && !slices.Contains(rooms, name) {
					t.Errorf("%s opens the door of %s to %s", name, strings.Join(rooms, ", "), i)
				}
			}
		}
	}
}

// TestStill holds that the rooms which are tested without the race detector start no goroutine.
func TestStill(t *testing.T) {
	read := 0
	for _, room := range []string{"flows", "locales"} {
		err := filepath.WalkDir(filepath.Join("..", "..", room), func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return err
			}
			read++
			ast.Inspect(file, func(n ast.Node) bool {
				if _, starts := n.(*ast.GoStmt); starts {
					t.Errorf("%s starts a goroutine: test its room with the race detector", path)
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if read < 50 {
		t.Errorf("%d files were read", read)
	}
}
