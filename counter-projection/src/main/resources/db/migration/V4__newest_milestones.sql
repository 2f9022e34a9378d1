create index milestone_newest on milestone (public_position);
