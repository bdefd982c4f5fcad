--liquibase formatted sql

--changeset auspex:series-040-pack-level splitStatements:false
--comment: packs of a flush and packs of a whole day lie apart, so that the former can be emptied at once when all are merged
alter table auspex.perf_metrics add column level smallint not null default 0 check (level in (0, 1));
comment on column auspex.perf_metrics.level is '0: written by a flush; 1: merged from all packs of its day';
comment on column auspex.perf_metrics.t_start is 'Unix milliseconds before the first sample: a day has its right end and not its left';
alter table auspex.perf_metrics drop constraint perf_metrics_pkey;
alter table auspex.perf_metrics add primary key (tenant_id, segment, t_start, generation, level);
--rollback alter table auspex.perf_metrics drop constraint perf_metrics_pkey; alter table auspex.perf_metrics drop column level; alter table auspex.perf_metrics add primary key (tenant_id, segment, t_start, generation);

--changeset auspex:series-041-roll-ups splitStatements:false
--comment: aggregates of each segment and UTC day, one table for each width of buckets; a day a partition for the fine ones, a month for the others
do $$
declare
    tier text;
begin
    foreach tier in array array['1m', '5m', '1h', '1d'] loop
        execute format('create table auspex.perf_metrics_%s (
            tenant_id  int      not null references auspex.tenant,
            segment    bigint   not null,
            t_start    bigint   not null check (t_start %% 86400000 = 0),
            histograms boolean  not null,
            data       bytea    not null,
            primary key (tenant_id, segment, t_start)
        ) partition by range (t_start)', tier);
        execute format('comment on column auspex.perf_metrics_%s.t_start is ''Unix milliseconds of the begin of the day''', tier);
        execute format('comment on column auspex.perf_metrics_%s.histograms is ''whether the segment had native histograms, which are not rolled up''', tier);
        execute format('alter table auspex.perf_metrics_%s alter column data set storage external', tier);
        perform auspex.protect_tenant_table('perf_metrics_' || tier);
    end loop;
end
$$;
--rollback drop table auspex.perf_metrics_1m; drop table auspex.perf_metrics_5m; drop table auspex.perf_metrics_1h; drop table auspex.perf_metrics_1d;

--changeset auspex:series-042-retention-classes splitStatements:false
--comment: how long a tenant keeps each tier, by classes of metrics; the class default has all metrics that no other class claims. No rollback: classes have no place in the table that was before, a backup has it
alter table auspex.retention_policy rename to retention_policy_by_tier;
alter table auspex.retention_policy_by_tier drop constraint retention_policy_pkey;
create table auspex.retention_policy (
    tenant_id  int         not null references auspex.tenant,
    class      text        not null check (class <> ''),
    position   int         not null,
    metrics    text        not null,
    days_raw   int         not null check (days_raw between 1 and 3650),
    days_1m    int         not null check (days_1m between 1 and 3650),
    days_5m    int         not null check (days_5m between 1 and 3650),
    days_1h    int         not null check (days_1h between 1 and 3650),
    days_1d    int         not null check (days_1d between 1 and 3650),
    version    int         not null default 1,
    updated_at timestamptz not null default now(),
    primary key (tenant_id, class)
);
comment on column auspex.retention_policy.position is 'the first class that matches a metric has it';
comment on column auspex.retention_policy.metrics is 'RE2 pattern of whole metric names';
comment on column auspex.retention_policy.version is 'of the policy as a whole';
select auspex.protect_tenant_table('retention_policy');
insert into auspex.retention_policy (tenant_id, class, position, metrics, days_raw, days_1m, days_5m, days_1h, days_1d)
    select tenant_id, 'default', 0, '.*',
        coalesce(max(days) filter (where tier = 'raw'), 15), coalesce(max(days) filter (where tier = '1m'), 30),
        coalesce(max(days) filter (where tier = '5m'), 90), coalesce(max(days) filter (where tier = '1h'), 365),
        coalesce(max(days) filter (where tier = '1d'), 365)
    from auspex.retention_policy_by_tier group by tenant_id;
drop table auspex.retention_policy_by_tier;
--rollback empty

--changeset auspex:series-043-tier-functions splitStatements:false
--comment: partitions of packs and roll-ups, which the application does not own
create or replace function auspex.perf_metrics_create_day(day date) returns boolean
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
    execute format('create table auspex.%I (like auspex.perf_metrics including defaults including constraints including storage)
        partition by list (level)', name);
    execute format('create table auspex.%I partition of auspex.%I for values in (0)', name || '_0', name);
    execute format('create table auspex.%I partition of auspex.%I for values in (1)', name || '_1', name);
    execute format('alter table auspex.%I alter column data set storage external', name || '_0');
    execute format('alter table auspex.%I alter column data set storage external', name || '_1');
    execute format('alter table auspex.perf_metrics attach partition auspex.%I for values from (%s) to (%s)',
        name, first, first + 86400000);
    return true;
end
$$;

create function auspex.perf_metrics_create_tier(tier text, day date) returns boolean
    language plpgsql volatile security definer set search_path = auspex, pg_temp as
$$
declare
    parent text := 'perf_metrics_' || tier;
    monthly boolean := tier in ('1h', '1d');
    first_day date := case when monthly then date_trunc('month', day)::date else day end;
    next_day  date := case when monthly then (first_day + interval '1 month')::date else day + 1 end;
    name text := parent || '_p' || to_char(first_day, case when monthly then 'YYYYMM' else 'YYYYMMDD' end);
begin
    if tier is null or tier not in ('1m', '5m', '1h', '1d') then
        raise exception 'no tier %', tier using errcode = 'invalid_parameter_value';
    end if;
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
    execute format('create table auspex.%I (like auspex.%I including all)', name, parent);
    execute format('alter table auspex.%I attach partition auspex.%I for values from (%s) to (%s)', parent, name,
        extract(epoch from first_day)::bigint * 1000, extract(epoch from next_day)::bigint * 1000);
    return true;
end
$$;

create function auspex.perf_metrics_settle(day date) returns boolean
    language plpgsql volatile security definer set search_path = auspex, pg_temp as
$$
declare
    name text := 'perf_metrics_p' || to_char(day, 'YYYYMMDD') || '_0';
    used boolean;
begin
    if to_regclass('auspex.' || name) is null or pg_relation_size(('auspex.' || name)::regclass) = 0 then
        return false;
    end if;
    perform set_config('lock_timeout', '2s', true);
    execute format('lock table auspex.%I in access exclusive mode', name);
    execute format('select exists (select from auspex.%I)', name) into used;
    if used then
        return false;
    end if;
    execute format('truncate auspex.%I', name);
    return true;
end
$$;

drop function auspex.perf_metrics_drop_before(date, int);
create function auspex.perf_metrics_drop_due(tier text, default_days int) returns setof text
    language plpgsql volatile security definer set search_path = auspex, pg_temp as
$$
declare
    parent  text := case when tier = 'raw' then 'perf_metrics' else 'perf_metrics_' || tier end;
    longest int;
    cutoff  date;
    part    text;
    past    date;
begin
    if tier is null or tier not in ('raw', '1m', '5m', '1h', '1d') or default_days is null or default_days < 1 then
        raise exception 'no tier % of % days', tier, default_days using errcode = 'invalid_parameter_value';
    end if;
    execute format('select greatest(coalesce(max(p.days_%s), 0), $1) from auspex.retention_policy p', tier)
        into longest using default_days;
    cutoff := (now() at time zone 'UTC')::date - longest;
    perform set_config('lock_timeout', '5s', true);
    for part in
        select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = ('auspex.' || parent)::regclass order by 1
    loop
        past := case when tier in ('1h', '1d') then to_date(right(part, 6), 'YYYYMM') + interval '1 month'
            else to_date(right(part, 8), 'YYYYMMDD') + 1 end;
        if past <= cutoff then
            execute format('drop table auspex.%I', part);
            return next part;
        end if;
    end loop;
end
$$;

revoke all on function auspex.perf_metrics_create_tier(text, date) from public;
revoke all on function auspex.perf_metrics_settle(date) from public;
revoke all on function auspex.perf_metrics_drop_due(text, int) from public;
grant execute on function auspex.perf_metrics_create_tier(text, date) to ${appRole};
grant execute on function auspex.perf_metrics_settle(date) to ${appRole};
grant execute on function auspex.perf_metrics_drop_due(text, int) to ${appRole};
--rollback drop function auspex.perf_metrics_create_tier(text, date); drop function auspex.perf_metrics_settle(date); drop function auspex.perf_metrics_drop_due(text, int);

--changeset auspex:series-044-retention-audit splitStatements:false
select auspex.audit_table('retention_policy', 'class', 'updated_at');
--rollback drop trigger audited on auspex.retention_policy;
