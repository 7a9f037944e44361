package parse_test

import (
	"fmt"

	"pendamping/flows/parse"
	"pendamping/store"
)

// One value is clear, several are asked about with buttons, and none was not understood.
func ExampleRupiah() {
	for _, text := range []string{"Rp1.500.000", "1,5jt", "dua ratus lima puluh ribu", "3 x 15.000", "150", "mahal"} {
		fmt.Println(text, parse.Rupiah(text))
	}
	// Output:
	// Rp1.500.000 [1500000]
	// 1,5jt [1500000]
	// dua ratus lima puluh ribu [250000]
	// 3 x 15.000 [45000]
	// 150 [150000 150]
	// mahal []
}

// An approximate amount has its value, and is confirmed all the same.
func ExampleApproximate() {
	fmt.Println(parse.Rupiah("sekitar 500rb"), parse.Approximate("sekitar 500rb"), parse.Approximate("500rb"))
	// Output: [500000] true false
}

// Days are read on a day: here on Monday, 23 November 2026.
func ExampleDate() {
	day := parse.Date("2026-11-23")
	for _, text := range []string{"kemarin", "tgl 12", "12/11/26", "jumat", "minggu lalu", "31 Februari"} {
		fmt.Println(text, day(text))
	}
	// Output:
	// kemarin [2026-11-22]
	// tgl 12 [2026-11-12]
	// 12/11/26 [2026-11-12]
	// jumat [2026-11-20]
	// minggu lalu [2026-11-22 2026-11-16]
	// 31 Februari []
}

func ExampleVolume() {
	for _, q := range parse.Volume("2,5 kg") {
		fmt.Println(q.Volume, q.Unit)
	}
	// Output: 2.5 kg
}

func ExampleReadCaption() {
	c := parse.ReadCaption(store.Day("2026-11-23"), "semen 3 sak 195rb TB Jaya, kemarin")
	fmt.Println(c.Amount, c.Day, c.Seller)
	fmt.Println(c.Item, c.Volume, c.Unit)
	// Output:
	// [195000] [2026-11-22] TB Jaya
	// semen 3 sak
}
