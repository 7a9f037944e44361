package records

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"pendamping/store/media"
	"pendamping/store/postgres"
)

// sampled is how many of the oldest and of the newest files are looked for in a folder without a mark.
const sampled = 10

// CheckFolder reports by its error, which says what to do, that a folder is not the one with the database's
// photographs. Where the database knows files, the folder has its mark or, without a mark, at least half of a sample of
// them: one that an older program made, or a copy.
func CheckFolder(ctx context.Context, db *postgres.DB, dir *media.Dir) error {
	_, _, err := marks(ctx, db, dir)
	return err
}

// marks does what CheckFolder says, and returns the database's mark and the folder's, "" where there is none yet.
func marks(ctx context.Context, db *postgres.DB, dir *media.Dir) (wants, has string, err error) {
	belongs, err := db.Installation(ctx)
	if err != nil {
		return "", "", err
	}
	wants = belongs.Media
	if has, err = dir.Mark(); err != nil || has != "" && has == wants {
		return wants, has, err
	}
	files, err := db.SampleFiles(ctx, sampled)
	if err != nil || len(files) == 0 {
		return wants, has, err
	}
	if has != "" && wants != "" {
		return wants, has, errors.New("this folder belongs to another database than DATABASE_URL; " +
			"give the folder that has this one's photographs")
	}
	found := 0
	for _, hash := range files {
		there, err := dir.Has(hash)
		if err != nil {
			return wants, has, err
		}
		if there {
			found++
		}
	}
	if 2*found < len(files) {
		return wants, has, fmt.Errorf("of %d files that the database knows %d are in this folder; "+
			"give the one that has them, or see that its disk is mounted", len(files), found)
	}
	return wants, has, nil
}

// MarkFolder checks a folder and, where all is well, gives it and the database the same mark. Its error is that of
// CheckFolder, or says that a mark can't be kept.
func MarkFolder(ctx context.Context, db *postgres.DB, dir *media.Dir) error {
	wants, has, err := marks(ctx, db, dir)
	if err == nil && has == "" {
		has, err = dir.SetMark(wants)
	}
	if err == nil && has != wants {
		err = db.SetMedia(ctx, has)
	}
	return err
}

// BotID returns Telegram's id of the bot that a token belongs to, 0 where the token doesn't say.
func BotID(token string) int64 {
	before, _, _ := strings.Cut(token, ":")
	id, err := strconv.ParseInt(before, 10, 64)
	if err != nil {
		return 0
	}
	return id
}

// CheckBot reports by its error, which says what to do, that a token does not belong to the bot that this database has
// worked for. Another bot has other chats, and its updates have numbers that may look as if they had been handled.
func CheckBot(ctx context.Context, db *postgres.DB, token string) error {
	belongs, err := db.Installation(ctx)
	if id := BotID(token); err == nil && belongs.Bot != 0 && id != 0 && id != belongs.Bot {
		err = fmt.Errorf("this token is that of bot %d, and the database is that of bot %d: "+
			"give that bot's token, or an empty database (to move to this bot for good: update installation set bot = 0)",
			id, belongs.Bot)
	}
	return err
}
