--liquibase formatted sql

--changeset auspex:series-001-series splitStatements:false
--comment: the label sets of all series; the record from which the index in memory is built
create sequence auspex.series_id as bigint;
create table auspex.series (
    tenant_id  int         not null references auspex.tenant,
    series_id  bigint      not null check (series_id between 1 and 2147483646),
    h1         bigint      not null,
    h2         bigint      not null,
    metric     text        not null,
    labels     json        not null,
    segment    bigint      not null,
    slot       smallint    not null,
    created_at timestamptz not null default now(),
    last_seen  date        not null default current_date,
    primary key (tenant_id, series_id),
    unique (tenant_id, h1, h2)
);
comment on column auspex.series.h1 is 'with h2: 128 bit hash of the label set, see docs/format/series.md';
comment on column auspex.series.segment is 'series of one segment are packed together; the id of its first series';
select auspex.protect_tenant_table('series');
grant usage on sequence auspex.series_id to ${appRole};
--rollback drop table auspex.series; drop sequence auspex.series_id;

--changeset auspex:series-002-metric-metadata splitStatements:false
--comment: type, help and unit of metrics as their senders describe them
create table auspex.metric_metadata (
    tenant_id  int         not null references auspex.tenant,
    metric     text        not null,
    type       text        not null,
    help       text        not null default '',
    unit       text        not null default '',
    updated_at timestamptz not null default now(),
    primary key (tenant_id, metric)
);
select auspex.protect_tenant_table('metric_metadata');
--rollback drop table auspex.metric_metadata;

--changeset auspex:series-003-retention-policy splitStatements:false
--comment: how long a tenant keeps samples, where it differs from the default
create table auspex.retention_policy (
    tenant_id  int         not null references auspex.tenant,
    tier       text        not null check (tier in ('raw', '1m', '5m', '1h', '1d')),
    days       int         not null check (days between 1 and 3650),
    updated_at timestamptz not null default now(),
    version    int         not null default 0,
    primary key (tenant_id, tier)
);
select auspex.protect_tenant_table('retention_policy');
--rollback drop table auspex.retention_policy;
