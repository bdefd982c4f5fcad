--liquibase formatted sql

--changeset auspex:promql-003-query-advice splitStatements:false
--comment: hints that were given about queries, and what a dry run showed of each
create table auspex.query_advice (
    tenant_id      int              not null references auspex.tenant,
    fingerprint    bigint           not null,
    kind           text             not null check (kind in ('instant', 'range')),
    hint           text             not null,
    number         smallint         not null,
    query          text             not null,
    advice         text             not null,
    gain           double precision not null check (gain between 0 and 1),
    check_query    text             not null,
    first_at       timestamptz      not null,
    last_at        timestamptz      not null,
    times          int              not null default 1,
    checked_at     timestamptz,
    actual_samples bigint,
    actual_series  int,
    actual_seconds double precision,
    check_samples  bigint,
    check_series   int,
    check_seconds  double precision,
    primary key (tenant_id, fingerprint, kind, hint, number)
);
comment on column auspex.query_advice.number is 'of the hints of one kind about one query';
comment on column auspex.query_advice.gain is 'share of the cost that is expected to go';
comment on column auspex.query_advice.check_series is 'series in the result of the check; of the query itself in actual_series';
create index query_advice_recent on auspex.query_advice (tenant_id, last_at desc);
select auspex.protect_tenant_table('query_advice');
--rollback drop table auspex.query_advice;
