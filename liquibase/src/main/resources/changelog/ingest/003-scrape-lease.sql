--liquibase formatted sql

--changeset auspex:ingest-005-scrape-lease splitStatements:false
--comment: which node scrapes for a tenant, until when, and what it last said about the targets
create table auspex.scrape_lease (
    tenant_id   int         not null primary key references auspex.tenant,
    holder      uuid        not null,
    lease_until timestamptz not null,
    report      text        not null default ''
);
comment on column auspex.scrape_lease.report is 'JSON by which the other nodes answer for the targets';
select auspex.protect_tenant_table('scrape_lease');

create function auspex.scrape_claim(its_holder uuid, lease interval) returns table (tenant_id int, slug text)
    language sql volatile security definer set search_path = auspex, pg_temp as
$$
    with taken as (
        insert into auspex.scrape_lease as l (tenant_id, holder, lease_until)
        select c.tenant_id, its_holder, clock_timestamp() + lease
        from auspex.ingest_config c join auspex.tenant t on t.tenant_id = c.tenant_id
        where c.scrape <> '' and t.status = 'ACTIVE'
        on conflict on constraint scrape_lease_pkey do update set holder = excluded.holder, lease_until = excluded.lease_until
        where l.holder = excluded.holder or l.lease_until < clock_timestamp()
        returning l.tenant_id)
    select t.tenant_id, t.slug from taken join auspex.tenant t on t.tenant_id = taken.tenant_id
$$;
create function auspex.scrape_release(its_holder uuid) returns void
    language sql volatile security definer set search_path = auspex, pg_temp as
$$ delete from auspex.scrape_lease l where l.holder = its_holder $$;

revoke all on function auspex.scrape_claim(uuid, interval) from public;
revoke all on function auspex.scrape_release(uuid) from public;
grant execute on function auspex.scrape_claim(uuid, interval) to ${appRole};
grant execute on function auspex.scrape_release(uuid) to ${appRole};
--rollback drop function auspex.scrape_release(uuid); drop function auspex.scrape_claim(uuid, interval); drop table auspex.scrape_lease;
