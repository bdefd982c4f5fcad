--liquibase formatted sql

--changeset auspex:audit-001-log splitStatements:false
--comment: what was done, by whom; append-only, a hash chain per tenant (ADR 012)
create table auspex.audit_log (
    tenant_id   int not null references auspex.tenant,
    seq         bigint not null,
    at          timestamptz not null,
    -- stable ids, never names: user:7, key:3, system, db:<role> for direct SQL
    actor       text not null,
    action      text not null,
    object_type text not null,
    object_id   text not null,
    change      jsonb not null,
    correlation text not null,
    reason      text not null,
    hash        bytea not null,
    primary key (tenant_id, seq)
);
select auspex.protect_tenant_table('audit_log');
revoke insert, update, delete on auspex.audit_log from ${appRole};

create table auspex.audit_head (
    tenant_id int primary key references auspex.tenant,
    seq       bigint not null,
    hash      bytea not null
);
select auspex.protect_tenant_table('audit_head');
revoke insert, update, delete on auspex.audit_head from ${appRole};

create function auspex.audit_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log is append-only';
end
$$;
create trigger append_only before update or delete or truncate on auspex.audit_log
    for each statement execute function auspex.audit_refuse();

-- each part with its length before it, so that no two entries have the same text
create function auspex.audit_text(parts text[]) returns text language sql immutable as
$$ select string_agg(length(p) || ':' || p, '' order by n) from unnest(parts) with ordinality as t(p, n) $$;

create function auspex.audit_append(tenant int, action text, object_type text, object_id text, change jsonb) returns void
    language plpgsql security definer set search_path = auspex, pg_temp as $$
declare
    previous auspex.audit_head;
    happened timestamptz := clock_timestamp();
    actor text := coalesce(nullif(current_setting('app.actor', true), ''), 'db:' || session_user);
    correlation text := coalesce(current_setting('app.correlation', true), '');
    reason text := coalesce(current_setting('app.reason', true), '');
    next_hash bytea;
begin
    insert into auspex.audit_head values (tenant, 0, '') on conflict do nothing;
    select * into previous from auspex.audit_head h where h.tenant_id = tenant for update;
    next_hash := sha256(previous.hash || convert_to(auspex.audit_text(array[
        tenant::text, (previous.seq + 1)::text, (extract(epoch from happened) * 1000000)::bigint::text,
        actor, action, object_type, object_id, change::text, correlation, reason]), 'UTF8'));
    insert into auspex.audit_log
        values (tenant, previous.seq + 1, happened, actor, action, object_type, object_id, change, correlation, reason, next_hash);
    update auspex.audit_head h set seq = previous.seq + 1, hash = next_hash where h.tenant_id = tenant;
end
$$;

-- for what is not a change of a row; goes to the bound tenant only
create function auspex.audit_event(action text, object_type text, object_id text, change jsonb) returns void
    language sql security definer set search_path = auspex, pg_temp as
$$ select auspex.audit_append(nullif(current_setting('app.tenant_id', true), '')::int, action, object_type, object_id, change) $$;

-- arguments: key column, ignored columns, masked columns (the latter two comma-separated)
create function auspex.audit_row() returns trigger language plpgsql security definer set search_path = auspex, pg_temp as $$
declare
    ignored text[] := string_to_array(tg_argv[1], ',') || array['tenant_id', 'version'];
    masked text[] := string_to_array(tg_argv[2], ',');
    before jsonb := case when tg_op = 'INSERT' then '{}' else to_jsonb(old) end;
    after jsonb := case when tg_op = 'DELETE' then '{}' else to_jsonb(new) end;
    row_now jsonb := case when tg_op = 'DELETE' then before else after end;
    changes jsonb;
begin
    select coalesce(jsonb_object_agg(k, case
               when k = any (masked) then to_jsonb('***'::text)
               when tg_op = 'UPDATE' then jsonb_build_array(before -> k, after -> k)
               else row_now -> k end), '{}')
      into changes
      from (select distinct jsonb_object_keys(before || after) as k) keys
     where not k = any (ignored) and before -> k is distinct from after -> k and not (tg_op <> 'UPDATE' and row_now -> k = 'null');
    if changes <> '{}' then
        perform auspex.audit_append((row_now ->> 'tenant_id')::int, lower(tg_op), tg_table_name, row_now ->> tg_argv[0], changes);
    end if;
    return null;
end
$$;

revoke all on function auspex.audit_text(text[]) from public;
revoke all on function auspex.audit_append(int, text, text, text, jsonb) from public;
revoke all on function auspex.audit_row() from public;
revoke all on function auspex.audit_event(text, text, text, jsonb) from public;
grant execute on function auspex.audit_event(text, text, text, jsonb) to ${appRole};
--rollback drop function auspex.audit_row(); drop function auspex.audit_event(text, text, text, jsonb); drop function auspex.audit_append(int, text, text, text, jsonb); drop function auspex.audit_text(text[]); drop table auspex.audit_head; drop table auspex.audit_log; drop function auspex.audit_refuse();

--changeset auspex:audit-002-audit-table splitStatements:false
--comment: one call makes the changes of a table part of the trail; ignored columns are bookkeeping, masked ones personal or secret
create function auspex.audit_table(table_name text, key_column text, ignored text default '', masked text default '') returns void
    language plpgsql as $$
begin
    execute format('create trigger audited after insert or update or delete on auspex.%I for each row execute function auspex.audit_row(%L, %L, %L)',
        table_name, key_column, ignored, masked);
end
$$;
revoke all on function auspex.audit_table(text, text, text, text) from public;
--rollback drop function auspex.audit_table(text, text, text, text);

--changeset auspex:audit-003-identity splitStatements:false
select auspex.audit_table('tenant', 'tenant_id');
select auspex.audit_table('app_user', 'user_id', 'failed_at,last_login_at', 'password_hash,display_name,email');
select auspex.audit_table('role_assignment', 'user_id');
select auspex.audit_table('api_key', 'key_id', 'last_used_at', 'key_hash');
select auspex.audit_table('token_session', 'session_id', 'refresh_hash,refreshed_at');
--rollback drop trigger audited on auspex.tenant; drop trigger audited on auspex.app_user; drop trigger audited on auspex.role_assignment; drop trigger audited on auspex.api_key; drop trigger audited on auspex.token_session;
