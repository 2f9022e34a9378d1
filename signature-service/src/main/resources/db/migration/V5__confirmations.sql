-- The confirmations (11) of a petition in their order: who was the first to sign it, and who the latest.
create index event_confirmation on event (petition, global_index) where type = 11;
