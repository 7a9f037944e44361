package audit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync"
	"time"

	"pendamping/flows/look"
	"pendamping/flows/receipt"
	"pendamping/flows/sandbox"
	"pendamping/store"
	"pendamping/store/media"
	"pendamping/store/postgres"
)

// looksAgain compares what was seen in pictures with what is seen now.
type looksAgain struct {
	db       *postgres.DB
	until    time.Time // what came before must have been looked at
	pictures *media.Dir
	inspect  func(context.Context, store.File, io.Reader, bool) (receipt.Seen, error)

	done     int
	gone     int                  // pictures whose bytes are kept no longer
	setAside int                  // pictures that were not opened
	opens    []store.ID           // of those, the ones that can be opened now
	damaged  int                  // pictures that are damaged, of which nothing was said when they came
	crowded  int                  // pictures whose marks as like others can't be missed, because too many resemble them
	unmarked map[[2]store.ID]bool // a picture, and another that it finds and isn't marked with
}

// verifyLooks looks at each picture anew that was looked at, and says of the first what was kept otherwise: flaws,
// prints, or which others it is like.
//
// Which of two pictures was compared with the other hangs on which was looked at first, and the comparison isn't the
// same both ways round. So a mark is missing when each of the two finds the other, and wrong when neither is like the
// other.
func verifyLooks(
	ctx context.Context, db *postgres.DB, pictures *media.Dir, box *sandbox.Box, now time.Time, out io.Writer,
) (whole bool, err error) {
	until, err := db.SeenUntil(ctx, now)
	if err != nil {
		return false, err
	}
	v := looksAgain{
		db: db, until: until, pictures: pictures, inspect: receipt.InspectIn(box), unmarked: map[[2]store.ID]bool{},
	}
	broken, err := v.run(ctx)
	if err != nil {
		return false, err
	}
	if broken != "" {
		fmt.Fprintf(out, "BROKEN: %s\n", broken)
		return false, nil
	}
	fmt.Fprintf(out, "%d pictures looked at again\n", v.done)
	if v.gone > 0 {
		fmt.Fprintf(out, "%d pictures can't be looked at again, because their bytes are kept no longer\n", v.gone)
	}
	if v.setAside > 0 {
		fmt.Fprintf(out, "%d pictures were set aside and not opened; of these, %d open now%s\n",
			v.setAside, len(v.opens), pictureList(v.opens))
	}
	if v.damaged > 0 {
		fmt.Fprintf(out, "%d pictures are damaged, and their look does not say so: "+
			"an earlier program kept none of damaged ones\n", v.damaged)
	}
	if v.crowded > 0 {
		fmt.Fprintf(out, "%d pictures resemble so many others that a missing mark would not be found\n", v.crowded)
	}
	return true, nil
}

// pictureList returns ids in a list, with a colon before the first.
func pictureList(ids []store.ID) (s string) {
	for i, id := range ids {
		if s += ", "; i == 0 {
			s = ": "
		}
		s += fmt.Sprint("picture ", id)
	}
	return s
}

// run returns the first break in a sentence.
func (v *looksAgain) run(ctx context.Context) (broken string, err error) {
	for after := store.ID(0); ; {
		list, err := v.db.KeptLooks(ctx, v.until, after, 100)
		if err != nil || len(list) == 0 {
			return "", err
		}
		seen, errs := v.all(ctx, list)
		for i, k := range list {
			what := k.Wrong
			switch {
			case what != "":
			case k.SHA256 == "":
				v.gone++
			case k.Unseen && errors.Is(errs[i], receipt.ErrLimit):
				v.setAside++
			case errs[i] != nil:
				return "", fmt.Errorf("picture %d can't be looked at again: %w", k.File, errs[i])
			default:
				if what, err = v.compare(ctx, k, seen[i]); err != nil {
					return "", err
				}
			}
			if what != "" {
				return fmt.Sprintf("picture %d: %s", k.File, what), nil
			}
		}
		after = list[len(list)-1].File
	}
}

// all looks at pictures, as many at a time as there are processors.
func (v *looksAgain) all(ctx context.Context, list []postgres.KeptLook) ([]receipt.Seen, []error) {
	seen, errs := make([]receipt.Seen, len(list)), make([]error, len(list))
	var wg sync.WaitGroup
	room := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, k := range list {
		if k.Wrong != "" || k.SHA256 == "" {
			continue
		}
		room <- struct{}{}
		wg.Go(func() {
			seen[i], errs[i] = v.look(ctx, k)
			<-room
		})
	}
	wg.Wait()
	return seen, errs
}

// look looks at one picture as the bot does. What breaks a limit is set aside.
func (v *looksAgain) look(ctx context.Context, k postgres.KeptLook) (s receipt.Seen, err error) {
	f, err := v.pictures.Open(k.SHA256)
	if err != nil {
		return s, err
	}
	defer f.Close()
	of := store.File{ID: k.File}
	if s, err = v.inspect(ctx, of, f, false); errors.Is(err, receipt.ErrLarge) {
		if _, err = f.Seek(0, io.SeekStart); err == nil {
			s, err = v.inspect(ctx, of, f, true)
		}
	}
	if aside, _ := k.Is(receipt.Unopened(of).Look); aside && errors.Is(err, receipt.ErrLimit) {
		return receipt.Unopened(of), nil
	}
	return s, err
}

// compare says what was kept of a picture otherwise than it is seen now; "" for nothing.
func (v *looksAgain) compare(ctx context.Context, k postgres.KeptLook, seen receipt.Seen) (what string, err error) {
	if k.Unseen && !receipt.Opened(seen.Look) {
		v.setAside++
		return "", nil
	}
	if k.Unseen {
		return "it came long before the newest root and was not looked at", nil
	}
	if aside, _ := k.Is(receipt.Unopened(store.File{ID: k.File}).Look); aside {
		// That it was set aside may have had another cause than the picture, such as a process that was killed twice.
		if v.setAside++; receipt.Opened(seen.Look) {
			v.opens = append(v.opens, k.File)
		}
		if len(k.Alike) > 0 {
			return "it was not opened, and is marked as like another", nil
		}
		return "", nil
	}
	v.done++
	if empty, _ := k.Is(store.Look{File: k.File}); empty && !receipt.Opened(seen.Look) && len(k.Alike) == 0 {
		v.damaged++ // looked at before damaged pictures were told from those that are converted
		return "", nil
	}
	if same, another := k.Is(seen.Look); !same {
		return another + " not what is seen in it", nil
	}
	c := crowd{Gallery: v.db}
	alike, err := receipt.Alike(ctx, &c, seen)
	if err != nil {
		return "", err
	}
	for _, other := range k.Alike {
		if slices.Contains(alike, other) {
			continue
		}
		fines, err := v.db.Fines(ctx, []store.ID{other})
		if err != nil {
			return "", err
		}
		if max(look.Same(seen.Fine, fines[other]), look.Same(fines[other], seen.Fine)) < look.Alike {
			return fmt.Sprintf("it is marked as like picture %d, and is not", other), nil
		}
	}
	if c.full {
		v.crowded++
		return "", nil
	}
	for _, other := range alike {
		if slices.Contains(k.Alike, other) {
			continue
		}
		if v.unmarked[[2]store.ID{other, k.File}] {
			return fmt.Sprintf("it is like picture %d, and not marked so", other), nil
		}
		v.unmarked[[2]store.ID{k.File, other}] = true
	}
	return "", nil
}

// crowd is a gallery that knows whether a search found so many prints that it may have left some out.
type crowd struct {
	receipt.Gallery
	full bool
}

func (c *crowd) Resembling(ctx context.Context, file store.ID, probes []uint64) ([]store.Look, error) {
	list, err := c.Gallery.Resembling(ctx, file, probes)
	n := 0
	for _, l := range list {
		n += len(l.Prints)
	}
	const own = 10 // more prints than one picture has: they are found and left out
	c.full = n >= postgres.MostOfABand-own
	return list, err
}
