package recap

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/layout"
	"pendamping/flows/lpj"
	"pendamping/store"
)

// recapping reads what a recap tells of.
type recapping struct {
	tx       store.Tx
	mentor   store.Person
	zone     *time.Location
	from, to time.Time // the month at the mentor's place, its end left out
	known    map[store.ID]store.Recipient
	Recap
}

// Read reads a mentor's month, and tells the zone that it is a month in: that of the first of the groups.
func Read(
	ctx context.Context, tx store.Tx, mentor store.Person, month string, zone *time.Location,
) (Recap, *time.Location, error) {
	standings, err := tx.Standings(ctx, mentor.ID)
	if err != nil {
		return Recap{}, nil, err
	}
	if len(standings) > 0 {
		zone = dialog.Placed(standings[0].Recipient.Zone, zone)
	}
	if zone == nil {
		zone = time.UTC
	}
	from, err := time.ParseInLocation("2006-01", month, zone)
	if err != nil {
		return Recap{}, nil, store.ErrNotFound
	}
	r := recapping{
		tx: tx, mentor: mentor, zone: zone, from: from, to: from.AddDate(0, 1, 0),
		known: map[store.ID]store.Recipient{},
	}
	r.Month, r.Mentor, r.Code, r.Organisation = month, mentor.Name, mentor.Code, mentor.Organisation
	r.Until = tx.Now().In(zone)
	if r.Until.After(r.to) {
		r.Until = r.to.Add(-time.Second)
	}
	for _, s := range standings {
		r.known[s.ID] = s.Recipient
	}
	for _, read := range []func(context.Context) error{
		r.visits, r.groups(standings), r.open(standings), r.letters, r.pictures,
	} {
		if err := read(ctx); err != nil {
			return Recap{}, nil, err
		}
	}
	return r.Recap, zone, nil
}

// of is a visit with what it says of its recipient; one that is gone from the mentor is read.
func (r *recapping) of(ctx context.Context, v store.Visit) (Visit, error) {
	of, known := r.known[v.Recipient]
	if !known {
		var err error
		if of, err = r.tx.Recipient(ctx, v.Recipient); err != nil {
			return Visit{}, err
		}
		r.known[v.Recipient] = of
	}
	v.Start = v.Start.In(dialog.Placed(of.Zone, r.zone))
	return Visit{Visit: v, Group: of.Name, Village: of.Village, Regency: of.Regency}, nil
}

// visits reads the visits of the month.
func (r *recapping) visits(ctx context.Context) error {
	list, err := r.tx.VisitsBy(ctx, r.mentor.ID, r.from, r.to)
	if err != nil {
		return err
	}
	r.Roles = map[string]string{}
	for _, v := range list {
		of, err := r.of(ctx, v)
		if err != nil {
			return err
		}
		r.Visits = append(r.Visits, of)
		for _, code := range v.Acts {
			r.Roles[code] = roleOfAct(code)
		}
	}
	return nil
}

// roleOfAct is the role that an activity belongs to: the part of its code before the dot.
func roleOfAct(code string) string {
	role, _, _ := strings.Cut(code, ".")
	return role
}

// groups reads how the mentor's groups stand, their businesses and what was begun for them.
func (r *recapping) groups(standings []store.Standing) func(context.Context) error {
	return func(ctx context.Context) error {
		for _, s := range standings {
			g := Group{Standing: s}
			var err error
			if g.Progress, err = lpj.HowFar(ctx, r.tx, s.Recipient); err != nil {
				return err
			}
			g.From = g.Progress
			for _, v := range r.Visits {
				if v.Recipient == s.ID && v.State == store.VisitHeld {
					g.From = v.Progress
					break
				}
			}
			months, err := r.tx.Snapshots(ctx, s.ID)
			if err != nil {
				return err
			}
			for _, m := range months { // newest first
				switch {
				case m.Month == r.Month:
					g.Now = m
				case m.Month < r.Month && g.Before.Month == "":
					g.Before = m
				}
			}
			r.Groups = append(r.Groups, g)
			if err := r.initiatives(ctx, s.Recipient); err != nil {
				return err
			}
		}
		if len(standings) == 0 {
			return nil
		}
		program, err := r.tx.Program(ctx, standings[0].Program)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		r.Program = program.Rules.Name
		return err
	}
}

// initiatives reads what the mentor began, or brought to an end, in the month.
func (r *recapping) initiatives(ctx context.Context, of store.Recipient) error {
	list, err := r.tx.Initiatives(ctx, of.ID)
	if err != nil {
		return err
	}
	for _, i := range slices.Backward(list) { // oldest first
		if i.By == r.mentor.ID && (r.within(i.At) || r.within(i.Closed)) {
			r.Initiatives = append(r.Initiatives, Initiative{Initiative: i, Group: of.Name})
		}
	}
	return nil
}

func (r *recapping) within(t time.Time) bool { return !t.Before(r.from) && t.Before(r.to) }

// open reads the visits of earlier months whose follow-up is not done.
func (r *recapping) open(standings []store.Standing) func(context.Context) error {
	return func(ctx context.Context) error {
		for _, s := range standings {
			for _, o := range s.FollowUps {
				v, err := r.tx.Visit(ctx, o.ID)
				if err != nil {
					return err
				}
				if v.By != r.mentor.ID || !v.Start.Before(r.from) {
					continue
				}
				of, err := r.of(ctx, v)
				if err != nil {
					return err
				}
				r.Open = append(r.Open, of)
			}
		}
		slices.SortStableFunc(r.Open, func(a, b Visit) int { return a.Start.Compare(b.Start) })
		return nil
	}
}

// letters counts what the mentor wrote to groups.
func (r *recapping) letters(ctx context.Context) error {
	list, err := r.tx.Posted(ctx, r.mentor.ID, r.from)
	if err != nil {
		return err
	}
	groups := map[store.ID]bool{}
	for _, l := range list {
		if !r.within(l.At) || l.State == store.Withdrawn || l.State == store.Queued {
			continue
		}
		r.Letters.Sent++
		groups[l.Recipient] = true
		switch {
		case l.Answered:
			r.Letters.Answered++
		case l.State == store.Unreachable || l.State == store.Failed:
			r.Letters.Unreached++
		}
	}
	r.Letters.Groups = len(groups)
	return nil
}

// mostPictures is how many pictures a recap prints: ten pages, and a file that a phone can still open.
const mostPictures = 40

// pictures chooses what to print: the first picture of each visit, then the second, as far as there is room; shown in
// the order of the visits.
func (r *recapping) pictures(ctx context.Context) error {
	var all [][]layout.Picture
	most, count := 0, 0
	for i, v := range r.Visits {
		files, err := r.tx.FilesOfVisit(ctx, v.ID)
		if err != nil {
			return err
		}
		var own []layout.Picture
		for _, f := range files {
			if f.Kind != "photo" {
				continue
			}
			own = append(own, layout.Picture{SHA256: f.SHA256, Name: pictureName(f), Caption: r.caption(v, f)})
		}
		r.Visits[i].Pictures = len(own)
		all, most, count = append(all, own), max(most, len(own)), count+len(own)
	}
	left, take := mostPictures, make([]int, len(all))
	for nth := range most {
		for i, own := range all {
			if nth < len(own) && left > 0 {
				take[i], left = take[i]+1, left-1
			}
		}
	}
	for i, own := range all {
		r.Pictures = append(r.Pictures, own[:take[i]]...)
	}
	r.Unprinted = count - len(r.Pictures)
	return nil
}

// pictureName is what a picture is called where it can't be shown.
func pictureName(f store.File) string {
	if f.Name != "" {
		return f.Name
	}
	return "#" + strconv.FormatInt(int64(f.ID), 10)
}

func (r *recapping) caption(v Visit, f store.File) store.Text {
	return store.Say("recap.picture.caption", "Group", v.Group, "At", v.Start.Format(time.RFC3339), "Place", v.Place,
		"Words", f.Words)
}
