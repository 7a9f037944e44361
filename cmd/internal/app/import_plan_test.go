package app_test

import (
	"os"
	"strings"
	"testing"

	"pendamping/cmd/internal/app"
)

func TestPlans(t *testing.T) {
	o := openOffice(t)
	o.run(app.Files{Roster: o.roster(mentorRow, chairRow)})
	out := o.run(app.Files{Plans: "testdata/rab-twice.csv"})
	o.want("report", out, `note: rab-twice.csv line 4: pos "JASA" is not in the rules of KM-01
rab-twice.csv: plans 1 added or revised, 0 unchanged
`)
	g := o.group("KM-01")
	plan := must(o.look().Plan(t.Context(), g.ID))(o)
	if plan.Edition != 1 || plan.Reason != "impor" || len(plan.Lines) != 3 || plan.Lines[1].Volume != 2500 {
		t.Errorf("plan: %+v", plan)
	}
	o.run(app.Files{Plans: o.file("rab.csv", "kode,uraian,pos,volume,satuan,harga_satuan\nkm-01,Oven,ALAT,2,unit,100\n")})
	plan = must(o.look().Plan(t.Context(), g.ID))(o)
	if plan.Edition != 2 || len(plan.Lines) != 1 || plan.Lines[0].Volume != 2000 {
		t.Errorf("second plan: %+v", plan)
	}
}

func TestPrograms(t *testing.T) {
	o := openOffice(t)
	o.run(app.Files{Roster: o.roster(mentorRow, chairRow)})
	out := o.run(app.Files{Program: "testdata/program-good.toml"})
	o.want("report", out, "programme TKM-2024 version 2 added\n")
	other := "ketua,KM-02,Ani,Mawar,,,,,,,PD-1,,,,"
	o.run(app.Files{Roster: o.roster(mentorRow, chairRow, other)})
	o.want("pinned before", must(o.look().Program(t.Context(), o.group("KM-01").Program))(o).Code, app.DefaultProgram)
	o.want("pinned now", must(o.look().Program(t.Context(), o.group("KM-02").Program))(o).Code, "TKM-2024")
	text := must(os.ReadFile("testdata/program-good.toml"))(o)
	_, err := o.try(app.Files{Program: o.file("p.toml", strings.Replace(string(text), "period = 45", "period = 50", 1))})
	if err == nil || !strings.Contains(err.Error(), "a version never changes: give it version 3") {
		t.Errorf("error: %v", err)
	}
}
