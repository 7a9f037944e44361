package privacy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"pendamping/cmd/internal/records"
	"pendamping/cmd/internal/settings"
	"pendamping/locales"
	"pendamping/store"
	"pendamping/store/postgres"
)

// Breach is what the command line says of a failure to protect personal data.
type Breach struct {
	Do     string // "" lists the register; "add", "notified" and "notice"
	Number string // of the breach, for notified and notice
	Found  string // when it was found, as 2026-11-30 08:00 in TZ_DEFAULT; "" is now
	What   string // what happened
	Data   string // which data
	Done   string // what was done about it; may be ""
	People int    // of how many
}

// foundAs is how the time of a breach is typed.
const foundAs = "2006-01-02 15:04"

// Breaches keeps the register that UU 27/2022 (article 46) asks for: it lists breaches with their 3 × 24 hours, enters
// one, prints the notice for those concerned, or notes that they were told, as b.Do says. What is missing in b, or
// contradicts itself, is an error of one line that says what to write.
func Breaches(ctx context.Context, s settings.Settings, b Breach, now time.Time, out io.Writer) error {
	zone, err := s.Location()
	if err != nil {
		return err
	}
	b.What, b.Data = strings.TrimSpace(b.What), strings.TrimSpace(b.Data)
	if !slices.Contains([]string{"", "add", "notice", "notified"}, b.Do) ||
		b.Do == "" && b.What+b.Data+b.Found != "" || b.Do == "add" && b.Number != "" {
		return errors.New("breach takes nothing to list the register, add, notice NUMBER or notified NUMBER: " +
			"run `pendamping help`")
	}
	return records.WithTx(ctx, s, now, func(tx *postgres.Tx) error {
		switch b.Do {
		case "":
			return b.list(ctx, tx, zone, out)
		case "add":
			return b.add(ctx, tx, zone, out)
		}
		return b.tell(ctx, tx, zone, out)
	})
}

// list prints the register.
func (b Breach) list(ctx context.Context, tx *postgres.Tx, zone *time.Location, out io.Writer) error {
	list, err := tx.Breaches(ctx)
	if err != nil {
		return err
	}
	for _, one := range list {
		fmt.Fprintln(out, breachLine(one, tx.Now(), zone))
	}
	if len(list) == 0 {
		fmt.Fprintln(out, "no breach was entered")
	}
	return nil
}

// add enters a breach.
func (b Breach) add(ctx context.Context, tx *postgres.Tx, zone *time.Location, out io.Writer) (err error) {
	now := tx.Now()
	one := store.Breach{Found: now, What: b.What, Data: b.Data, People: b.People, Done: b.Done}
	if b.What == "" || b.Data == "" || b.People < 1 {
		return errors.New("say what happened, which data and of how many people: " +
			`pendamping breach add --what "…" --data "nama, nomor WA" --people 12`)
	}
	if b.Found != "" {
		if one.Found, err = time.ParseInLocation(foundAs, b.Found, zone); err != nil || one.Found.After(now) {
			return errors.New("--found is no time that has been: write it like \"2026-11-30 08:00\"")
		}
	}
	if err := tx.AddBreach(ctx, "breach.added", &one); err != nil {
		return err
	}
	if err := records.Commit(ctx, tx); err != nil {
		return err
	}
	fmt.Fprintln(out, breachLine(one, now, zone))
	return nil
}

// tell prints the notice of a breach, or notes that those concerned were told.
func (b Breach) tell(ctx context.Context, tx *postgres.Tx, zone *time.Location, out io.Writer) error {
	now := tx.Now()
	id, err := strconv.ParseInt(b.Number, 10, 64)
	if err != nil {
		return fmt.Errorf("name a breach by its number: pendamping breach %s NUMBER", b.Do)
	}
	one, err := tx.Breach(ctx, store.ID(id))
	if errors.Is(err, store.ErrNotFound) {
		return errors.New("there is no such breach: `pendamping breach` lists them")
	}
	if err != nil {
		return err
	}
	switch b.Do {
	case "notice":
		words, err := locales.Load()
		if err != nil {
			return err
		}
		notice := store.Say("breach.notice",
			"What", one.What, "Data", one.Data, "Done", one.Done, "Found", one.Found.In(zone).Format(time.RFC3339))
		plain := strings.NewReplacer("<b>", "", "</b>", "")
		fmt.Fprintln(out, plain.Replace(words.Text(locales.Default, notice.ID, notice.Data)))
		return nil
	case "notified":
		if !one.Notified.IsZero() { // the first time is the proof that the 3 × 24 hours were kept
			return fmt.Errorf("that was noted already: %s", breachLine(one, now, zone))
		}
		one.Notified = now
		if err := tx.PutBreach(ctx, "breach.notified", &one); err != nil {
			return err
		}
		if err := records.Commit(ctx, tx); err != nil {
			return err
		}
		fmt.Fprintln(out, breachLine(one, now, zone))
		return nil
	}
	return nil
}

// breachLine returns a breach of the register in a line, with its clock.
func breachLine(b store.Breach, now time.Time, zone *time.Location) string {
	clock := "persons and authority to be told by " + b.Due().In(zone).Format(foundAs)
	switch {
	case !b.Notified.IsZero():
		clock = "told on " + b.Notified.In(zone).Format(foundAs)
	case now.After(b.Due()):
		clock = "OVERDUE: persons and authority were to be told by " + b.Due().In(zone).Format(foundAs)
	}
	return fmt.Sprintf("%d  found %s, %d persons, %s: %s; %s",
		b.ID, b.Found.In(zone).Format(foundAs), b.People, b.Data, b.What, clock)
}
