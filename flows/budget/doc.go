// Package budget shows the plan (RAB) and what is left of the money, and decides changes to the plan.
package budget
