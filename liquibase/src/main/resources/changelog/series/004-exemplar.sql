--liquibase formatted sql

--changeset auspex:series-030-exemplar splitStatements:false
--comment: exemplars, of each tenant the latest so many
create table auspex.exemplar (
    tenant_id   int              not null references auspex.tenant,
    series_id   bigint           not null,
    ts          bigint           not null,
    labels      text             not null,
    value       double precision not null,
    exemplar_id bigint           generated always as identity,
    primary key (tenant_id, series_id, ts, labels)
);
comment on column auspex.exemplar.ts is 'Unix milliseconds';
comment on column auspex.exemplar.labels is 'JSON object of the exemplar''s own labels, names sorted';
comment on column auspex.exemplar.exemplar_id is 'order of arrival: the oldest go first when there are too many';
create index exemplar_arrival on auspex.exemplar (tenant_id, exemplar_id);
select auspex.protect_tenant_table('exemplar');
revoke update on auspex.exemplar from ${appRole};
--rollback drop table auspex.exemplar;
