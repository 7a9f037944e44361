package roster_test

import (
	"os"
	"strings"
	"testing"

	"pendamping/cmd/internal/officetest"
	"pendamping/cmd/internal/roster"
)

func TestPlans(t *testing.T) {
	o := openOffice(t)
	o.Run(roster.Files{Roster: o.Roster(officetest.MentorRow, officetest.ChairRow)})
	out := o.Run(roster.Files{Plans: "testdata/rab-twice.csv"})
	o.Want("report", out, `note: rab-twice.csv line 4: pos "JASA" is not in the rules of KM-01
rab-twice.csv: plans 1 added or revised, 0 unchanged
`)
	g := o.Group("KM-01")
	plan := officetest.Must(o.Look().Plan(t.Context(), g.ID))(o)
	if plan.Edition != 1 || plan.Reason != "impor" || len(plan.Lines) != 3 || plan.Lines[1].Volume != 2500 {
		t.Errorf("plan: %+v", plan)
	}
	o.Run(roster.Files{
		Plans: o.File("rab.csv", "kode,uraian,pos,volume,satuan,harga_satuan\nkm-01,Oven,ALAT,2,unit,100\n"),
	})
	plan = officetest.Must(o.Look().Plan(t.Context(), g.ID))(o)
	if plan.Edition != 2 || len(plan.Lines) != 1 || plan.Lines[0].Volume != 2000 {
		t.Errorf("second plan: %+v", plan)
	}
}

func TestPrograms(t *testing.T) {
	o := openOffice(t)
	o.Run(roster.Files{Roster: o.Roster(officetest.MentorRow, officetest.ChairRow)})
	out := o.Run(roster.Files{Program: "testdata/program-good.toml"})
	o.Want("report", out, "programme TKM-2024 version 2 added\n")
	other := "ketua,KM-02,Ani,Mawar,,,,,,,PD-1,,,,"
	o.Run(roster.Files{Roster: o.Roster(officetest.MentorRow, officetest.ChairRow, other)})
	o.Want("pinned before", officetest.Must(o.Look().Program(t.Context(), o.Group("KM-01").Program))(o).Code,
		roster.DefaultProgram)
	o.Want("pinned now", officetest.Must(o.Look().Program(t.Context(), o.Group("KM-02").Program))(o).Code, "TKM-2024")
	text := officetest.Must(os.ReadFile("testdata/program-good.toml"))(o)
	_, err := o.Try(roster.Files{
		Program: o.File("p.toml", strings.Replace(string(text), "period = 45", "period = 50", 1)),
	})
	if err == nil || !strings.Contains(err.Error(), "a version never changes: give it version 3") {
		t.Errorf("error: %v", err)
	}
}
