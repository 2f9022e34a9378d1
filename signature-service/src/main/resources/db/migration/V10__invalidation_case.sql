-- Cases: an organiser invalidates many signatures by criteria. The criteria contain no address.
create table invalidation_case (
    id            uuid        primary key,
    petition      text        not null,
    state         text        not null default 'open'
        check (state in ('open', 'running', 'cancelled', 'done', 'undoing', 'undone')),
    criteria      text        not null,
    reason        text        not null,
    public_reason text        not null,
    actor         text        not null,
    created_at    timestamptz not null default now(),
    -- When its signatures were chosen, and its event was recorded.
    opened_at     timestamptz,
    ended_at      timestamptz,
    -- Whether the numbers of a cancelled case are final.
    settled       boolean     not null default false,
    -- The index of the last event to search for signatures, and the index up to which they were searched.
    up_to         bigint      not null,
    searched      bigint      not null default 0,
    matched       bigint      not null default 0,
    verified      bigint      not null default 0,
    done          bigint      not null default 0,
    invalidated   bigint      not null default 0,
    removed       bigint      not null default 0,
    reinstated    bigint      not null default 0,
    restored      bigint      not null default 0
);

create index invalidation_case_petition on invalidation_case (petition, created_at);

-- The signatures of a case, chosen once. The codes are those of
-- org.countersign.signature.domain.signature.CaseDecision.
create table invalidation_case_item (
    case_id   uuid     not null references invalidation_case (id),
    signature uuid     not null,
    outcome   smallint not null default 0,
    primary key (case_id, signature)
);

-- The signatures that wait for the case or for its undoing.
create index invalidation_case_item_waiting on invalidation_case_item (case_id, signature) where outcome = 0;
create index invalidation_case_item_undoable on invalidation_case_item (case_id, signature) where outcome in (0, 1);
