// Package parse understands what people type: amounts, days, quantities and the captions of their photographs.
//
// A parser is a func(text string) []T. No result means that the text was not understood, one that it is clear, and
// several that it can be meant in several ways, the likely one first: people are then asked with buttons, nothing is
// guessed. Amounts in approximate words ("2jtan") are one result that still has to be confirmed; Approximate tells.
//
// Results are values, not judgements: zero, negative amounts and days in the future are returned, so that a flow can
// refuse them with the reason. What lies beyond store.MaxRupiah, store.MaxVolume or the years 2000 to 2099 is not
// understood.
package parse
