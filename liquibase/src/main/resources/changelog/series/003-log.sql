--liquibase formatted sql

--changeset auspex:series-020-ingest-log splitStatements:false
--comment: the durable log: a ring of tables, each emptied as a whole once its samples stand in packs
do $$
declare
    slot int;
begin
    for slot in 0..3 loop
        -- no foreign key: one look-up per row would cost more than the row, and series, which the rows name, have it
        -- no autovacuum: rows are only ever inserted and truncated
        execute format('create table auspex.ingest_log_%s (
            tenant_id int      not null,
            seq       bigint   not null,
            stream    int      not null,
            part      smallint not null,
            samples   int      not null,
            payload   bytea    not null,
            primary key (tenant_id, seq, stream, part)
        ) with (autovacuum_enabled = false)', slot);
        -- rows stay below a page, so that none is moved out of line
        execute format('alter table auspex.ingest_log_%s alter column payload set storage plain', slot);
        perform auspex.protect_tenant_table('ingest_log_' || slot);
        execute format('revoke update, delete on auspex.ingest_log_%s from ${appRole}', slot);
    end loop;
end
$$;
--rollback drop table auspex.ingest_log_0; drop table auspex.ingest_log_1; drop table auspex.ingest_log_2; drop table auspex.ingest_log_3;

--changeset auspex:series-021-ingest-checkpoint splitStatements:false
--comment: up to where the log of each stream stands in packs; of all tenants together
create table auspex.ingest_checkpoint (
    stream     int         primary key,
    upto_seq   bigint      not null,
    generation bigint      not null,
    written_at timestamptz not null default now()
);
grant select, insert, update on auspex.ingest_checkpoint to ${appRole};
--rollback drop table auspex.ingest_checkpoint;

--changeset auspex:series-022-log-functions splitStatements:false
--comment: what looks at the log of all tenants at once: figures for recovery, and the truncation of a covered table
create function auspex.ingest_log_state() returns table (slot int, rows bigint, first_seq bigint, last_seq bigint, bytes bigint)
    language plpgsql stable security definer set search_path = auspex, pg_temp as
$$
begin
    for slot in 0..3 loop
        return query execute format(
            'select %s, count(*), min(seq), max(seq), pg_total_relation_size(''auspex.ingest_log_%s'') from auspex.ingest_log_%s',
            slot, slot, slot);
    end loop;
end
$$;

create function auspex.ingest_log_truncate(slot int) returns boolean
    language plpgsql volatile security definer set search_path = auspex, pg_temp as
$$
declare
    uncovered boolean;
begin
    if slot is null or slot not between 0 and 3 then
        raise exception 'no log table %', slot using errcode = 'invalid_parameter_value';
    end if;
    perform set_config('lock_timeout', '2s', true);
    execute format('lock table auspex.ingest_log_%s in access exclusive mode', slot);
    execute format('select exists (select from auspex.ingest_log_%s l
        where not exists (select from auspex.ingest_checkpoint c where c.stream = l.stream and c.upto_seq >= l.seq))', slot)
        into uncovered;
    if uncovered then
        return false;
    end if;
    execute format('truncate auspex.ingest_log_%s', slot);
    return true;
end
$$;

revoke all on function auspex.ingest_log_state() from public;
revoke all on function auspex.ingest_log_truncate(int) from public;
grant execute on function auspex.ingest_log_state() to ${appRole};
grant execute on function auspex.ingest_log_truncate(int) to ${appRole};
--rollback drop function auspex.ingest_log_state(); drop function auspex.ingest_log_truncate(int);
