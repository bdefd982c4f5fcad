--liquibase formatted sql

--changeset auspex:ingest-004-relabel-and-scrape splitStatements:false
--comment: rules for labels, what is fetched, and which parameters of Influx writes become labels, as their tenant wrote them
alter table auspex.ingest_config
    add column influx_promote text[] not null default '{}',
    add column relabel        text   not null default '',
    add column scrape         text   not null default '';
--rollback alter table auspex.ingest_config drop column influx_promote, drop column relabel, drop column scrape;
