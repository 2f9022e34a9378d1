create index milestone_newest on milestone (global_index);
