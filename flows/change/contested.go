package change

import (
	"context"

	"pendamping/flows/dialog"
	"pendamping/store"
)

// Contested says why a change can't be asked for or made just now: somebody objected to one that brought the same
// person, or that gave the same office, and nobody has settled it. Asked again it would overrule the objection unheard.
// nil where nothing stands in the way.
func Contested(ctx context.Context, tx store.Tx, h store.Handover) (*store.Text, error) {
	if h.Kind != store.PhoneLost && h.Kind != store.OfficerMoves {
		return nil, nil
	}
	list, err := tx.HandoversIn(ctx, store.HandoverObjected, "", "") // a mentor's may be of any of their groups
	if err != nil {
		return nil, err
	}
	for _, o := range list {
		person := dialog.Comes(h) != 0 && dialog.Comes(o) == dialog.Comes(h)
		office := h.Kind == store.OfficerMoves && o.Kind == h.Kind && o.Recipient == h.Recipient && o.Role == h.Role
		if !person && !office {
			continue
		}
		changes, err := tx.HandoversOf(ctx, o.Recipient)
		if err != nil {
			return nil, err
		}
		if dialog.Overtaken(changes, o) {
			continue
		}
		of, err := tx.Recipient(ctx, o.Recipient)
		if err != nil {
			return nil, err
		}
		p, err := dialog.Author(ctx, tx, dialog.Comes(o))
		if err != nil {
			return nil, err
		}
		list, err := Settlers(ctx, tx, of, o)
		who := WhoSettles(list)
		why := store.Say("handover.contested", "Kind", Kind(o), "Name", p.Name, "Role", string(o.Role),
			"Who", who.ID, "Chair", who.Data["Chair"], "Names", who.Data["Names"])
		return &why, err
	}
	return nil, nil
}
