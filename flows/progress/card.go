package progress

import (
	"context"
	"strconv"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/remind"
	"pendamping/store"
)

// groupCard shows a coordinator how one group stands.
func groupCard(ctx context.Context, tx store.Tx, who dialog.Who, v view, part store.Area) (s form.Screen, err error) {
	f, err := tx.Field(ctx, part, store.ByGroup)
	if err != nil {
		return s, err
	}
	now, err := tx.StandingOf(ctx, v.of)
	if err != nil {
		return s, err
	}
	book := remind.Rulebook{Tx: tx, Zone: who.Zone}
	list, err := book.Stand(ctx, []store.Standing{now}, tx.Now())
	if err != nil {
		return s, err
	}
	p, zone := f.All, dialog.Placed(now.Zone, who.Zone)
	s.Body = []store.Text{
		sums("card", p, "Name", now.Name, "Code", now.Code, "Village", now.Village, "Regency", now.Regency),
	}
	if f.At.IsZero() {
		s.Body = append(s.Body, store.Say("progres.soon"))
	} else {
		s.Body = append(s.Body,
			sums("card.money", p, "Accounted", p.Accounted.String()),
			store.Say("progres.card.notas", "Checked", strconv.Itoa(p.Checked), "Submitted", dialog.Count(p.Submitted),
				"Returned", dialog.Count(p.Returned), "Unfinished", dialog.Count(p.Unfinished)),
			store.Say("progres.card.last", "Nota", lastDay(p.LastNota, zone), "Visit", lastDay(p.LastVisit, zone)),
			store.Say("progres.card.due", "Due", string(p.Due), "Late", dialog.Count(p.Late)),
		)
	}
	s.Body = append(s.Body, store.Say("progres.card.mentor", "Mentor", p.Mentor,
		"Tasks", strconv.Itoa(len(remind.Tasks(list)))))
	if !f.At.IsZero() {
		s.Body = append(s.Body, store.Say("progres.at", "At", f.At.In(zone).Format(time.RFC3339)))
	}
	if above, ok := up(who, v); ok {
		s.Buttons = [][]store.Button{{above}}
	}
	return s, nil
}
