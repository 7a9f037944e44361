-- +goose Up

-- The search for likeness reads a thousand prints of each band: side by side in the index, not each at its own place of the table.
drop index prints_band0, prints_band1, prints_band2, prints_band3;
create index prints_band0 on prints ((print & 65535)) include (file, ord, print, shape);
create index prints_band1 on prints ((print >> 16 & 65535)) include (file, ord, print, shape);
create index prints_band2 on prints ((print >> 32 & 65535)) include (file, ord, print, shape);
create index prints_band3 on prints ((print >> 48 & 65535)) include (file, ord, print, shape);

-- +goose Down
drop index prints_band0, prints_band1, prints_band2, prints_band3;
create index prints_band0 on prints ((print & 65535));
create index prints_band1 on prints ((print >> 16 & 65535));
create index prints_band2 on prints ((print >> 32 & 65535));
create index prints_band3 on prints ((print >> 48 & 65535));
