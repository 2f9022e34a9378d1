-- The ids of the topics that the positions and the outbox are about. A topic that is created again has another id.
create table topic_identity (
    topic text primary key,
    id    text not null
);
