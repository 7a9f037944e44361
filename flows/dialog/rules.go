package dialog

import (
	"strings"

	"pendamping/flows/form"
	"pendamping/flows/parse"
	"pendamping/store"
)

// Rest is the pos of what no plan foresaw.
const Rest = "LAIN"

// Recent are the days that most papers say.
func Recent(today store.Day) []form.Choice[store.Day] {
	return []form.Choice[store.Day]{
		{Value: today, Text: store.Say("day.today")}, {Value: today.Add(-1), Text: store.Say("day.yesterday")},
	}
}

// NotLater refuses a day that has not come.
func NotLater(today store.Day) func(store.Day) *store.Text {
	return func(d store.Day) *store.Text {
		if d <= today {
			return nil
		}
		t := store.Say("receipt.day.future", "Day", string(d))
		return &t
	}
}

// Quantity is a volume with its unit, as people here type it ("1,5 kg"); "" is none.
func Quantity(v store.Volume, unit string) string {
	if v == 0 {
		return ""
	}
	return strings.Replace(v.String(), ".", ",", 1) + " " + unit
}

// Reading reads captions, each text once.
func Reading(today store.Day) func(string) parse.Caption {
	var last string
	var words parse.Caption
	return func(text string) parse.Caption {
		if text != last {
			last, words = text, parse.ReadCaption(today, text)
		}
		return words
	}
}
