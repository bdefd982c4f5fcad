--liquibase formatted sql

--changeset auspex:promql-001-query-log splitStatements:false
--comment: what queries cost, summed up by expression and hour
create table auspex.query_log (
    tenant_id   int              not null references auspex.tenant,
    hour        timestamptz      not null,
    fingerprint bigint           not null,
    kind        text             not null check (kind in ('instant', 'range')),
    query       text             not null,
    executions  bigint           not null,
    failures    bigint           not null,
    seconds     double precision not null,
    max_seconds double precision not null,
    samples     bigint           not null,
    max_series  int              not null,
    cost        double precision not null,
    primary key (tenant_id, hour, fingerprint, kind)
);
comment on column auspex.query_log.fingerprint is 'hash of the expression as the printer writes it';
comment on column auspex.query_log.cost is 'touched samples and series by their weight, summed over executions';
create index query_log_dearest on auspex.query_log (tenant_id, samples desc);
select auspex.protect_tenant_table('query_log');
--rollback drop table auspex.query_log;
