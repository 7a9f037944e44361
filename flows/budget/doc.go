// Package budget is the plan (RAB), its changes and who decides them, and what is left of the money.
package budget
