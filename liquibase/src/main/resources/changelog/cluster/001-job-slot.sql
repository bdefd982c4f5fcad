--liquibase formatted sql

--changeset auspex:cluster-001-job-slot splitStatements:false
--comment: which slots of which timed job were taken, so that each runs once in a cluster; belongs to no tenant
create table auspex.job_slot (
    job      text        not null,
    slot     text        not null,
    node     text        not null,
    taken_at timestamptz not null,
    primary key (job, slot)
);
grant select, insert, delete on auspex.job_slot to ${appRole};
--rollback drop table auspex.job_slot;
