// Package parse understands what people type: amounts, days, quantities and the captions of their photographs.
//
// A parser is a func(text string) []T. No result means that the text was not understood, one that it is clear, and
// several that it can be meant in several ways, the likely one first: people are then asked with buttons, nothing is
// guessed. Amounts in approximate words ("2jtan") are one result that still has to be confirmed; Approximate tells.
//
// A caption is read as a whole: each of its numbers gets a role (an amount of something, a quantity, a day, a size,
// what identifies something), and settle decides what the amounts come to. Where a number has no role, or the amounts
// don't agree, no amount is taken: it has several results, or none. The words that give the roles are tables: cues,
// goods, identify, inSizes, markers, wares.
//
// Results are values, not judgements: zero, negative amounts and days in the future are returned, so that a flow can
// refuse them with the reason. What lies beyond store.MaxRupiah, store.MaxVolume or the years 2000 to 2099 is not
// understood.
package parse
