package postgres_test

import (
	"testing"
	"time"

	"pendamping/store"
)

// A complaint is unread to a coordinator until they open it, also one that is taken up and never closed, and once more
// when another one has closed it since.
func TestUnreadComplaints(t *testing.T) {
	db, _ := open(t)
	day := 24 * time.Hour
	tx := db.Begin(noon, 0)
	g := addGroup(t, tx, "A")
	hadi := store.Person{Key: "hadi", Role: store.Coordinator, Code: "K-2", Name: "Hadi"}
	ok(t, tx.AddPerson(t.Context(), "person.added", &hadi))
	c := store.Complaint{
		Person: g.chair.ID, Recipient: g.recipient.ID, Topic: "pungli", Words: "diminta uang", At: noon,
	}
	ok(t, tx.AddComplaint(t.Context(), "complaint.sent", &c))
	_, err := tx.Commit(t.Context(), 0, nil, nil)
	ok(t, err)
	unread := func(at time.Time, want int, when string) {
		t.Helper()
		list, err := db.Begin(at, 0).UnreadComplaints(t.Context(), hadi, at.Add(-14*day))
		ok(t, err)
		if len(list) != want {
			t.Errorf("%s: %d are unread, want %d", when, len(list), want)
		}
	}
	unread(noon, 1, "sent")
	tx = db.Begin(noon, 0)
	c.State = store.ComplaintTaken
	ok(t, tx.PutComplaint(t.Context(), "complaint.taken", &c))
	_, err = tx.Commit(t.Context(), 0, nil, nil)
	ok(t, err)
	unread(noon.Add(20*day), 1, "taken up by another for twenty days")
	tx = db.Begin(noon.Add(day), 0)
	ok(t, tx.ReadComplaint(t.Context(), c.ID, hadi.ID))
	_, err = tx.Commit(t.Context(), 0, nil, nil)
	ok(t, err)
	unread(noon.Add(day), 0, "opened")
	tx = db.Begin(noon.Add(2*day), 0)
	c.State, c.Closed, c.Closer = store.ComplaintClosed, noon.Add(2*day), g.mentor.ID
	ok(t, tx.PutComplaint(t.Context(), "complaint.closed", &c))
	_, err = tx.Commit(t.Context(), 0, nil, nil)
	ok(t, err)
	unread(noon.Add(3*day), 1, "closed by another since")
	unread(noon.Add(17*day), 0, "closed by another two weeks ago")
	tx = db.Begin(noon.Add(3*day), 0)
	ok(t, tx.ReadComplaint(t.Context(), c.ID, hadi.ID))
	_, err = tx.Commit(t.Context(), 0, nil, nil)
	ok(t, err)
	unread(noon.Add(3*day), 0, "opened once more")
}

// Who opens a person's new invitation does not read what that person complained of before.
func TestPersonalDataOfAnotherPhone(t *testing.T) {
	db, _ := open(t)
	tx := db.Begin(noon, 0)
	g := addGroup(t, tx, "A")
	before := store.Complaint{
		Person: g.chair.ID, Recipient: g.recipient.ID, Topic: "pungli", Words: "diminta uang", At: noon,
	}
	ok(t, tx.AddComplaint(t.Context(), "complaint.sent", &before))
	_, err := tx.Commit(t.Context(), 0, nil, nil)
	ok(t, err)
	see := func(complaints, earlier int) {
		t.Helper()
		d, err := db.Begin(noon.Add(3*time.Hour), 0).PersonalData(t.Context(), g.chair.ID)
		ok(t, err)
		if len(d.Complaints) != complaints || d.Earlier != earlier {
			t.Errorf("%d complaints and %d earlier ones, want %d and %d", len(d.Complaints), d.Earlier, complaints,
				earlier)
		}
	}
	see(1, 0)
	tx = db.Begin(noon.Add(time.Hour), 0)
	i := store.Invite{Person: g.chair.ID, Token: "t", Code: "ABCD2345", Expires: noon.Add(9 * time.Hour)}
	ok(t, tx.AddInvite(t.Context(), "invite.added", &i))
	_, err = tx.Commit(t.Context(), 0, nil, nil)
	ok(t, err)
	see(1, 0)
	tx = db.Begin(noon.Add(2*time.Hour), 0)
	i.Used = noon.Add(2 * time.Hour)
	ok(t, tx.PutInvite(t.Context(), "invite.used", &i))
	after := store.Complaint{
		Person: g.chair.ID, Recipient: g.recipient.ID, Topic: "lain", Words: "x", At: noon.Add(3 * time.Hour),
	}
	ok(t, tx.AddComplaint(t.Context(), "complaint.sent", &after))
	_, err = tx.Commit(t.Context(), 0, nil, nil)
	ok(t, err)
	see(1, 1)
}
