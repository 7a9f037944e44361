package look

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"pendamping/flows/picture"
	"pendamping/flows/sandbox"
)

// Jobs are what children of this process do: one looks at a picture, the other reads its words.
func Jobs() sandbox.Jobs { return sandbox.Jobs{"look": lookJob, "read": readJob} }

// limits of a look. The small memory is enough for a photograph of 40 megapixels, the large one for a progressive JPEG
// of 25.
var limits = sandbox.Limits{
	Memory: 64 << 20, Most: MaxMemory, CPU: 5 * time.Second, Wall: 60 * time.Second, Output: 1 << 20,
}

// maxBytes of a picture that is looked at; Telegram gives bots no more than 20 MB (Bot API, getFile).
const maxBytes = 21 << 20

// answer is what a child says: a Look, or why there is none.
type answer struct {
	Look    Look
	Refused string // "none": picture.ErrNone; "damaged": picture.ErrDamaged; "large": picture.ErrTooLarge
}

func lookJob(c sandbox.Call) error {
	var a answer
	img, err := picture.Decode(c.In[0], c.Memory, c.Most)
	switch {
	case errors.Is(err, picture.ErrDamaged):
		a.Refused = "damaged"
	case errors.Is(err, picture.ErrNone):
		a.Refused = "none"
	case errors.Is(err, picture.ErrTooLarge):
		a.Refused = "large"
	case err != nil:
		return err
	default:
		a.Look = glance(img)
	}
	return json.NewEncoder(c.Out).Encode(a)
}

// In returns what looks at a picture in a child process. A large look has the memory for big pictures, and one of them
// goes on at a time. The errors are those of At, sandbox.ErrLarge for a small look at a picture that needs a large one,
// and those of sandbox.Run.
func In(box *sandbox.Box) func(ctx context.Context, r io.Reader, large bool) (Look, error) {
	return func(ctx context.Context, r io.Reader, large bool) (Look, error) {
		f, done, err := sandbox.File(r, maxBytes)
		if err != nil {
			return Look{}, err
		}
		defer done()
		l := limits
		if l.Large = large; large {
			l.CPU *= 4
		}
		out, err := box.Run(ctx, "look", l, nil, f)
		if err != nil {
			return Look{}, err
		}
		var a answer
		if err := json.Unmarshal(out, &a); err != nil {
			return Look{}, fmt.Errorf("look: the child's answer: %w", err)
		}
		switch a.Refused {
		case "none":
			return Look{}, picture.ErrNone
		case "damaged":
			return Look{}, picture.ErrDamaged
		case "large":
			return Look{}, picture.ErrTooLarge
		}
		return a.Look, nil
	}
}
