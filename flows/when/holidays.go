package when

import "pendamping/store"

// holidays are the national ones: of 2026 by the joint decree of three ministers (SKB 3 Menteri), of later years those
// with a fixed day; a programme's rules add others.
var holidays = map[store.Day]bool{
	"2026-01-01": true, // Tahun Baru
	"2026-01-16": true, // Isra Mikraj
	"2026-02-17": true, // Imlek
	"2026-03-19": true, // Nyepi
	"2026-03-21": true, // Idulfitri
	"2026-03-22": true, // Idulfitri
	"2026-04-03": true, // Wafat Yesus Kristus
	"2026-04-05": true, // Paskah
	"2026-05-01": true, // Hari Buruh
	"2026-05-14": true, // Kenaikan Yesus Kristus
	"2026-05-27": true, // Iduladha
	"2026-05-31": true, // Waisak
	"2026-06-01": true, // Hari Lahir Pancasila
	"2026-06-16": true, // Tahun Baru Islam
	"2026-08-17": true, // Hari Kemerdekaan
	"2026-08-25": true, // Maulid Nabi
	"2026-12-25": true, // Natal
}

// fixed are the national holidays that fall on the same day each year.
var fixed = map[string]bool{"01-01": true, "05-01": true, "06-01": true, "08-17": true, "12-25": true}

// Holiday tells whether nobody is reminded on a day.
func Holiday(d store.Day, more []store.Day) bool {
	for _, m := range more {
		if m == d {
			return true
		}
	}
	return holidays[d] || len(d) == len("2026-12-25") && fixed[string(d[5:])]
}
