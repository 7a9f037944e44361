-- +goose Up

-- A message whose picture is exchanged is known by its number.
create index files_message on files (by, message) where message <> 0;

-- +goose Down
drop index files_message;
