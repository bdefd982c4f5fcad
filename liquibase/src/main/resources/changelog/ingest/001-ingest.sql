--liquibase formatted sql

--changeset auspex:ingest-001-reject splitStatements:false
--comment: refused samples by day, protocol and reason, with the latest example of each
create table auspex.ingest_reject (
    tenant_id int         not null references auspex.tenant,
    day       date        not null,
    protocol  text        not null,
    reason    text        not null,
    samples   bigint      not null,
    first_at  timestamptz not null,
    last_at   timestamptz not null,
    series    text        not null,
    detail    text        not null,
    primary key (tenant_id, day, protocol, reason)
);
select auspex.protect_tenant_table('ingest_reject');
--rollback drop table auspex.ingest_reject;

--changeset auspex:ingest-002-config splitStatements:false
--comment: what a tenant has set for its samples; 0 leaves a limit to the node
create table auspex.ingest_config (
    tenant_id          int         not null primary key references auspex.tenant,
    active_series      int         not null default 0 check (active_series >= 0),
    series_per_metric  int         not null default 0 check (series_per_metric >= 0),
    samples_per_second int         not null default 0 check (samples_per_second >= 0),
    otlp_promote       text[]      not null default '{}',
    updated_at         timestamptz not null default now(),
    version            int         not null default 1
);
select auspex.protect_tenant_table('ingest_config');
select auspex.audit_table('ingest_config', 'tenant_id', 'updated_at');
--rollback drop table auspex.ingest_config;

--changeset auspex:ingest-003-cardinality splitStatements:false
--comment: the metrics with the most new series in each ten minutes, and the label to blame
create table auspex.cardinality_stat (
    tenant_id    int         not null references auspex.tenant,
    since        timestamptz not null,
    metric       text        not null,
    created      bigint      not null,
    refused      bigint      not null,
    label        text        not null,
    label_values bigint      not null,
    example      text        not null,
    primary key (tenant_id, since, metric)
);
select auspex.protect_tenant_table('cardinality_stat');
--rollback drop table auspex.cardinality_stat;
