-- +goose Up

-- When the sender heard that a picture whose bytes never came here must come again. It is no part of the record.
alter table files add asked timestamptz;

-- +goose Down
alter table files drop asked;
