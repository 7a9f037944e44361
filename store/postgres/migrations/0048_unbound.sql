-- +goose Up

-- Whether the phone of whoever asks for another one was registered when it was asked: else only the invitation is new. Of the changes of
-- before it is taken to have been.
alter table handovers add column unbound boolean not null default false;

-- +goose Down
alter table handovers drop column unbound;
