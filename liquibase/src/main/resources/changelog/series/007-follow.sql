--liquibase formatted sql

--changeset auspex:series-060-log-by-stream splitStatements:false
--comment: nodes read each other's part of the log by stream and number; the key by tenant gives way to it, since each row pays for each index
do $$
declare
    slot int;
begin
    for slot in 0..3 loop
        execute format('alter table auspex.ingest_log_%s drop constraint ingest_log_%s_pkey', slot, slot);
        -- a stable default: rows that are there are not rewritten
        execute format('alter table auspex.ingest_log_%s add column written_at timestamptz not null default now()', slot);
        execute format('create index ingest_log_%s_follow on auspex.ingest_log_%s (stream, seq, part)', slot, slot);
    end loop;
end
$$;
--rollback alter table auspex.ingest_log_0 drop column written_at; drop index auspex.ingest_log_0_follow; alter table auspex.ingest_log_0 add primary key (tenant_id, seq, stream, part);
--rollback alter table auspex.ingest_log_1 drop column written_at; drop index auspex.ingest_log_1_follow; alter table auspex.ingest_log_1 add primary key (tenant_id, seq, stream, part);
--rollback alter table auspex.ingest_log_2 drop column written_at; drop index auspex.ingest_log_2_follow; alter table auspex.ingest_log_2 add primary key (tenant_id, seq, stream, part);
--rollback alter table auspex.ingest_log_3 drop column written_at; drop index auspex.ingest_log_3_follow; alter table auspex.ingest_log_3 add primary key (tenant_id, seq, stream, part);

--changeset auspex:series-061-streams splitStatements:false
--comment: a stream is what one connection writes; what moves checkpoints asks for the lease in the same transaction
create sequence auspex.ingest_stream as int start 100;
grant usage on sequence auspex.ingest_stream to ${appRole};
alter table auspex.ingest_checkpoint add column node_id bigint not null default 0;
alter table auspex.ingest_checkpoint add column from_seq bigint not null default 0;
comment on column auspex.ingest_checkpoint.from_seq is 'less than each number of the stream';
comment on column auspex.ingest_checkpoint.node_id is 'who writes or wrote the stream; 0: a server before there were several';
insert into auspex.ingest_checkpoint (stream, upto_seq, generation)
    select l.stream, 0, 0 from (select stream from auspex.ingest_log_0 union select stream from auspex.ingest_log_1
        union select stream from auspex.ingest_log_2 union select stream from auspex.ingest_log_3) l
    on conflict do nothing;
revoke update on auspex.ingest_checkpoint from ${appRole};

create table auspex.ingest_flush (
    the_one   boolean primary key default true check (the_one),
    announced bigint  not null,
    tight     boolean not null,
    written   bigint  not null,
    emptied   bigint  not null
);
comment on column auspex.ingest_flush.announced is 'the latest flush that was begun; also says, modulo four, which table of the log is written to';
comment on column auspex.ingest_flush.tight is 'whether nothing of it shall stay in memory';
comment on column auspex.ingest_flush.written is 'the latest flush whose packs are there';
comment on column auspex.ingest_flush.emptied is 'rows that this flush covers may be gone';
insert into auspex.ingest_flush (announced, tight, written, emptied)
    select n, false, n, n from (select coalesce(max(generation), 0) as n from auspex.ingest_checkpoint) latest;
grant select on auspex.ingest_flush to ${appRole};

create function auspex.ingest_announce(epoch bigint, is_tight boolean) returns bigint
    language plpgsql volatile security definer set search_path = auspex, pg_temp as
$$
declare
    flush bigint;
begin
    perform auspex.lease_require('flush', epoch);
    update auspex.ingest_flush f set announced = f.announced + 1, tight = is_tight returning f.announced into flush;
    return flush;
end
$$;

create function auspex.ingest_checkpoint_move(epoch bigint, flush bigint, streams int[], seqs bigint[]) returns void
    language plpgsql volatile security definer set search_path = auspex, pg_temp as
$$
begin
    perform auspex.lease_require('flush', epoch);
    update auspex.ingest_checkpoint c set upto_seq = greatest(c.upto_seq, u.seq), generation = flush, written_at = now()
        from unnest(streams, seqs) as u (stream, seq) where c.stream = u.stream;
    update auspex.ingest_flush f set written = flush;
end
$$;

create function auspex.ingest_emptying(epoch bigint, flush bigint) returns void
    language plpgsql volatile security definer set search_path = auspex, pg_temp as
$$
begin
    perform auspex.lease_require('flush', epoch);
    update auspex.ingest_flush f set emptied = flush;
end
$$;

create function auspex.ingest_forget_streams(epoch bigint, lock_class int) returns int
    language plpgsql volatile security definer set search_path = auspex, pg_temp set enable_seqscan = off as
$$
declare
    ended  int;
    gone   int := 0;
begin
    perform auspex.lease_require('flush', epoch);
    for ended in select c.stream from auspex.ingest_checkpoint c order by c.stream loop
        -- the connection that writes a stream holds this lock
        if pg_try_advisory_xact_lock(lock_class, ended)
            and not exists (select from auspex.ingest_log_0 l where l.stream = ended)
            and not exists (select from auspex.ingest_log_1 l where l.stream = ended)
            and not exists (select from auspex.ingest_log_2 l where l.stream = ended)
            and not exists (select from auspex.ingest_log_3 l where l.stream = ended) then
            delete from auspex.ingest_checkpoint c where c.stream = ended;
            gone := gone + 1;
        end if;
    end loop;
    return gone;
end
$$;

create function auspex.ingest_log_news(streams int[], seen bigint[], most int)
    returns table (slot int, stream int, seq bigint, tenant_id int, age_millis double precision)
    language plpgsql stable security definer set search_path = auspex, pg_temp set enable_seqscan = off as
$$
begin
    return query
        select n.slot, n.stream, n.seq, n.tenant_id,
            (extract(epoch from clock_timestamp() - n.written_at) * 1000)::double precision
        from unnest(streams, seen) as s (stream, seq) cross join lateral (
            (select 0 as slot, l.stream, l.seq, l.tenant_id, l.written_at from auspex.ingest_log_0 l
                where l.stream = s.stream and l.seq > s.seq and l.part = 0 order by l.stream, l.seq limit most)
            union all
            (select 1, l.stream, l.seq, l.tenant_id, l.written_at from auspex.ingest_log_1 l
                where l.stream = s.stream and l.seq > s.seq and l.part = 0 order by l.stream, l.seq limit most)
            union all
            (select 2, l.stream, l.seq, l.tenant_id, l.written_at from auspex.ingest_log_2 l
                where l.stream = s.stream and l.seq > s.seq and l.part = 0 order by l.stream, l.seq limit most)
            union all
            (select 3, l.stream, l.seq, l.tenant_id, l.written_at from auspex.ingest_log_3 l
                where l.stream = s.stream and l.seq > s.seq and l.part = 0 order by l.stream, l.seq limit most)
        ) n
        order by n.seq, n.stream limit most;
end
$$;
comment on function auspex.ingest_log_news is 'what nodes have not read yet, and whose it is; the rows themselves are read as their tenant, under its policy';

revoke all on function auspex.ingest_announce(bigint, boolean) from public;
revoke all on function auspex.ingest_checkpoint_move(bigint, bigint, int[], bigint[]) from public;
revoke all on function auspex.ingest_emptying(bigint, bigint) from public;
revoke all on function auspex.ingest_forget_streams(bigint, int) from public;
revoke all on function auspex.ingest_log_news(int[], bigint[], int) from public;
grant execute on function auspex.ingest_announce(bigint, boolean) to ${appRole};
grant execute on function auspex.ingest_checkpoint_move(bigint, bigint, int[], bigint[]) to ${appRole};
grant execute on function auspex.ingest_emptying(bigint, bigint) to ${appRole};
grant execute on function auspex.ingest_forget_streams(bigint, int) to ${appRole};
grant execute on function auspex.ingest_log_news(int[], bigint[], int) to ${appRole};
--rollback drop function auspex.ingest_log_news(int[], bigint[], int); drop function auspex.ingest_forget_streams(bigint, int); drop function auspex.ingest_emptying(bigint, bigint); drop function auspex.ingest_checkpoint_move(bigint, bigint, int[], bigint[]); drop function auspex.ingest_announce(bigint, boolean); drop table auspex.ingest_flush; grant update on auspex.ingest_checkpoint to ${appRole}; alter table auspex.ingest_checkpoint drop column node_id; alter table auspex.ingest_checkpoint drop column from_seq; drop sequence auspex.ingest_stream;

--changeset auspex:series-062-deletions-hidden splitStatements:false
--comment: which deletions are hidden, of all tenants: every node hides them, and asks as their tenant what they are
create index deletion_request_hidden on auspex.deletion_request (tenant_id, request_id) where state = 'hidden';
alter table auspex.deletion_request add column erasing bigint;
comment on column auspex.deletion_request.erasing is 'the epoch of the node that erases it at this moment; senders of its series have to wait';
drop trigger audited on auspex.deletion_request;
select auspex.audit_table('deletion_request', 'request_id', 'series_ids,certificate,erased_samples,erasing', 'selectors');
create function auspex.deletion_request_hidden() returns table (tenant_id int, request_id bigint, erasing boolean)
    language sql stable security definer set search_path = auspex, pg_temp as
$$
    select d.tenant_id, d.request_id, d.erasing is not null and d.erasing = (select l.epoch from auspex.lease l where l.name = 'flush')
    from auspex.deletion_request d where d.state = 'hidden'
$$;
revoke all on function auspex.deletion_request_hidden() from public;
grant execute on function auspex.deletion_request_hidden() to ${appRole};
--rollback drop function auspex.deletion_request_hidden(); drop trigger audited on auspex.deletion_request; select auspex.audit_table('deletion_request', 'request_id', 'series_ids,certificate,erased_samples', 'selectors'); alter table auspex.deletion_request drop column erasing; drop index auspex.deletion_request_hidden;
