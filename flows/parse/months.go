package parse

import "time"

// months are the names and short forms in use, old spellings among them.
var months = map[string]time.Month{
	"januari": 1, "jan": 1, "january": 1, "februari": 2, "feb": 2, "pebruari": 2, "peb": 2, "febuari": 2, "pebuari": 2,
	"february": 2,
	"maret":    3, "mar": 3, "mrt": 3, "march": 3, "april": 4, "apr": 4, "mei": 5, "may": 5, "juni": 6, "jun": 6,
	"june": 6,
	"juli": 7, "jul": 7, "july": 7, "agustus": 8, "agt": 8, "agu": 8, "ags": 8, "agust": 8, "agts": 8, "aug": 8,
	"august":    8,
	"september": 9, "sep": 9, "sept": 9, "oktober": 10, "okt": 10, "oct": 10, "october": 10,
	"november": 11, "nov": 11, "nop": 11, "nopember": 11, "novemb": 11, "desember": 12, "des": 12, "dec": 12,
	"december": 12, "desembr": 12,
}

// romans stand for months between separators only: 12/XI/2026.
var romans = map[string]time.Month{
	"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10, "xi": 11, "xii": 12,
}

var weekdays = map[string]time.Weekday{
	"minggu": 0, "mgg": 0, "ahad": 0, "senin": 1, "senen": 1, "snn": 1, "selasa": 2, "slasa": 2, "sls": 2, "rabu": 3,
	"rebo":  3,
	"kamis": 4, "kemis": 4, "kms": 4, "jumat": 5, "jum'at": 5, "jum’at": 5, "jum`at": 5, "jumaat": 5, "sabtu": 6,
	"saptu": 6, "sbt": 6,
}
