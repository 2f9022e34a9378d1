-- Confirmations (code 11) of a petition in log order, for the first and the newest named signers.
create index event_confirmation on event (petition, global_index) where type = 11;
