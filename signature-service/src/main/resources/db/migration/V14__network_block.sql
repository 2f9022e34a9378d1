-- The keyed hash of the IPv4 /16 or IPv6 /32 in 16 bits, 0 if unknown. It fills the rest of a row's last 8 bytes.
alter table signing_signal add column block smallint not null default 0;
