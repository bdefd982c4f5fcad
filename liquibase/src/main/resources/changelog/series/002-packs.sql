--liquibase formatted sql

--changeset auspex:series-010-perf-metrics splitStatements:false
--comment: packs of compressed samples, one partition per UTC day of their first sample
create table auspex.perf_metrics (
    tenant_id  int      not null references auspex.tenant,
    segment    bigint   not null,
    t_start    bigint   not null,
    generation bigint   not null,
    t_end      bigint   not null,
    series     smallint not null,
    samples    int      not null,
    data       bytea    not null,
    check (t_start <= t_end),
    primary key (tenant_id, segment, t_start, generation)
) partition by range (t_start);
comment on column auspex.perf_metrics.t_start is 'Unix milliseconds of the first sample';
comment on column auspex.perf_metrics.generation is 'the flush that wrote the pack: late samples come as further packs';
alter table auspex.perf_metrics alter column data set storage external;
select auspex.protect_tenant_table('perf_metrics');
revoke update on auspex.perf_metrics from ${appRole};
--rollback drop table auspex.perf_metrics;

--changeset auspex:series-011-partition-functions splitStatements:false
--comment: the application is not the owner: it asks these functions for the partitions of a day
create function auspex.perf_metrics_create_day(day date) returns boolean
    language plpgsql volatile security definer set search_path = auspex, pg_temp as
$$
declare
    name  text   := 'perf_metrics_p' || to_char(day, 'YYYYMMDD');
    first bigint := extract(epoch from day)::bigint * 1000;
begin
    if day is null or day < date '1970-01-01' or day > current_date + 2 then
        raise exception 'a partition for % would be outside of what may be stored', day using errcode = 'invalid_parameter_value';
    end if;
    if to_regclass('auspex.' || name) is not null then
        return false;
    end if;
    perform pg_advisory_xact_lock(1869968493, 1);
    if to_regclass('auspex.' || name) is not null then
        return false;
    end if;
    -- attaching locks the parent less than creating in place: queries and flushes go on
    execute format('create table auspex.%I (like auspex.perf_metrics including all)', name);
    execute format('alter table auspex.%I alter column data set storage external', name);
    execute format('alter table auspex.perf_metrics attach partition auspex.%I for values from (%s) to (%s)',
        name, first, first + 86400000);
    return true;
end
$$;

create function auspex.perf_metrics_drop_before(cutoff date, default_days int) returns setof text
    language plpgsql volatile security definer set search_path = auspex, pg_temp as
$$
declare
    longest int;
    part    text;
begin
    select greatest(coalesce(max(p.days), 0), default_days) into longest from auspex.retention_policy p where p.tier = 'raw';
    if cutoff is null or cutoff > current_date - longest then
        raise exception 'samples of the last % days must be kept, refusing to drop those before %', longest, cutoff
            using errcode = 'invalid_parameter_value';
    end if;
    perform set_config('lock_timeout', '5s', true);
    for part in
        select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'auspex.perf_metrics'::regclass and c.relname < 'perf_metrics_p' || to_char(cutoff, 'YYYYMMDD')
        order by 1
    loop
        execute format('drop table auspex.%I', part);
        return next part;
    end loop;
end
$$;

revoke all on function auspex.perf_metrics_create_day(date) from public;
revoke all on function auspex.perf_metrics_drop_before(date, int) from public;
grant execute on function auspex.perf_metrics_create_day(date) to ${appRole};
grant execute on function auspex.perf_metrics_drop_before(date, int) to ${appRole};
--rollback drop function auspex.perf_metrics_create_day(date); drop function auspex.perf_metrics_drop_before(date, int);
