-- The words of each petition, for the search on the front page. A projection of the publications: every instance fills
-- it from the event log, and may do so again. The reader petition-search in reader_position tells how far it is.
create table petition_search (
    petition     text     primary key,
    -- The index of the publication, which orders petitions by age.
    global_index bigint   not null,
    -- Title (weight A) and statement (weight B), each in the configuration of the petition's language and as written.
    words        tsvector not null
);

-- Petitions are published seldom and searched often: a search must not scan a list of pending entries.
create index petition_search_words on petition_search using gin (words) with (fastupdate = off);
