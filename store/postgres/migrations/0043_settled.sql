-- +goose Up

-- What was objected to is settled by somebody who had no hand in it: it stands, or it is taken back.
alter table handovers
	drop constraint handovers_state_check,
	drop constraint handovers_check,
	add constraint handovers_state_check check (state in ('asked', 'done', 'declined', 'objected', 'upheld', 'restored')),
	add constraint handovers_objected_check check ((objected is null) = (state in ('asked', 'done', 'declined')));
