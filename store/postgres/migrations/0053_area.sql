-- +goose Up

-- The field's figures are added up by place, whose upper and lower case are the same.
create index recipients_area on recipients (lower(province), lower(regency));

-- +goose Down
drop index recipients_area;
