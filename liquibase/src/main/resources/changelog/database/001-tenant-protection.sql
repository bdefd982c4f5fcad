--liquibase formatted sql

--changeset auspex:database-001-tenant-protection splitStatements:false
--comment: one call protects a tenant table: forced row level security, isolation policy, grants to the application role
create function auspex.protect_tenant_table(table_name text) returns void language plpgsql as $$
begin
    execute format('alter table auspex.%I enable row level security', table_name);
    execute format('alter table auspex.%I force row level security', table_name);
    -- nullif: after a transaction-local setting ends, the session reads '' instead of null
    execute format(
        'create policy tenant_isolation on auspex.%I to ${appRole}
             using (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::int)
             with check (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::int)', table_name);
    -- the owner migrates and owns the narrow security definer functions; the application never connects as owner
    execute format('create policy owner_maintenance on auspex.%I to ${ownerRole} using (true) with check (true)', table_name);
    execute format('grant select, insert, update, delete on auspex.%I to ${appRole}', table_name);
end
$$;
revoke all on function auspex.protect_tenant_table(text) from public;
grant usage on schema auspex to ${appRole};
--rollback drop function auspex.protect_tenant_table(text);
