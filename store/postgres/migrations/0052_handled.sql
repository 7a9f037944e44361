-- +goose Up

-- A request to erase something may be closed without erasing the person: see store.OutcomeHandled.
alter table data_requests drop constraint data_requests_outcome_check,
	add constraint data_requests_outcome_check check (outcome in ('', 'given', 'corrected', 'erased', 'restricted', 'refused', 'withdrawn', 'handled'));

-- +goose Down
alter table data_requests drop constraint data_requests_outcome_check,
	add constraint data_requests_outcome_check check (outcome in ('', 'given', 'corrected', 'erased', 'restricted', 'refused', 'withdrawn')) not valid;
