-- +goose Up

-- The hash of a personal value is of its salt and then the value, so a longer salt could take in the value's first bytes. Every salt that was
-- ever written has 16. A row that has not is for verify to name, and stops no start: hence not valid.
alter table personal add constraint personal_salt_check check (length(salt) = 16) not valid;

-- +goose Down
alter table personal drop constraint personal_salt_check;
