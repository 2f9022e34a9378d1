-- The invitation of a mail to somebody who is invited to work for an organisation.
alter table delivery add column invitation uuid;
