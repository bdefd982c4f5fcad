--liquibase formatted sql

--changeset auspex:promql-002-query-log-cancelled
--comment: executions that ended since nobody waited for them any more
alter table auspex.query_log add column cancelled bigint not null default 0;
--rollback alter table auspex.query_log drop column cancelled;
