package main

import (
	"bytes"
	"fmt"

	"pendamping/bot/faketelegram"
	"pendamping/cmd/demo/phones"
	"pendamping/store"
)

// An announcement to more than a thousand needs a second coordinator to agree: the crowd brings one, of the whole
// country.
var second = phones.Person{ID: 1006, Name: "Hadi Santoso", Role: "koordinator pusat",
	Hint: "Agrees to large announcements; type /progres to see the field."}

// firstOfCrowd is the Telegram id of the first of a crowd.
const firstOfCrowd = 20_000_000

// crowd is the roster of so many people of Jawa Tengah in groups of ten, whose money came on that day and who have
// pressed start.
func crowd(people int, day store.Day, telegram *faketelegram.Server) []byte {
	regencies := []string{
		"Kabupaten Sukoharjo", "Kabupaten Boyolali", "Kabupaten Klaten", "Kabupaten Wonogiri", "Kota Surakarta",
	}
	roles := []string{"ketua", "sekretaris", "bendahara"}
	var b bytes.Buffer
	b.WriteString(
		"peran,kode,nama,kelompok,provinsi,kabupaten,desa,tahap,dana,tanggal_cair,pendamping,telegram_id,persetujuan\n")
	fmt.Fprintf(&b, "koordinator,KOOR-PUSAT,%s,,,,,,,,,%d,%s\n", second.Name, second.ID, day)
	for i := range people {
		group := i / 10
		if i%100 == 0 {
			fmt.Fprintf(&b, "pendamping,PD-R%02d,Pendamping Ramai %d,,Jawa Tengah,,,,,,,,\n", i/100, i/100+1)
		}
		role := "anggota"
		if i%10 < len(roles) {
			role = roles[i%10]
		}
		name := fmt.Sprintf("Warga %d", i+1)
		fmt.Fprintf(&b, "%s,RAMAI-%03d,%s,Kelompok Ramai %d,Jawa Tengah,%s,Desa %d,III,20000000,%s,PD-R%02d,%d,%s\n",
			role, group, name, group+1, regencies[group%len(regencies)], group%20+1, day, i/100, firstOfCrowd+i, day)
		telegram.User(int64(firstOfCrowd+i), name).Started()
	}
	return b.Bytes()
}
