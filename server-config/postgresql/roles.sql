-- Roles and schemas of Auspex. Run as a superuser (or a role with CREATEROLE that owns the database), connected to
-- the database that Auspex shall use; may be run again at any time.
--
--   createdb --encoding=UTF8 auspex
--   psql auspex -v owner_password=... -v app_password=... -v batch_password=... -f roles.sql
--
-- The embedded PostgreSQL runs the same statements at each start.

select set_config('auspex.owner_password', :'owner_password', false),
       set_config('auspex.app_password', :'app_password', false),
       set_config('auspex.batch_password', :'batch_password', false);

do $$
declare
    role_name text;
begin
    foreach role_name in array array['auspex_owner', 'auspex_app', 'auspex_batch'] loop
        if not exists (select from pg_roles where rolname = role_name) then
            execute format('create role %I', role_name);
        end if;
        execute format('alter role %I login nosuperuser nocreatedb nocreaterole nobypassrls noreplication password %L',
                       role_name, current_setting('auspex.' || substr(role_name, 8) || '_password'));
    end loop;
    execute format('revoke all on database %I from public', current_database());
    execute format('grant connect on database %I to auspex_owner, auspex_app, auspex_batch', current_database());
    if not exists (select from pg_namespace where nspname = 'auspex') then
        create schema auspex;
        alter schema auspex owner to auspex_owner;
    end if;
    if not exists (select from pg_namespace where nspname = 'auspex_batch') then
        create schema auspex_batch;
        alter schema auspex_batch owner to auspex_batch;
    end if;
end
$$;

revoke create on schema public from public;
alter role auspex_owner set search_path = auspex;
alter role auspex_app set search_path = auspex;
alter role auspex_batch set search_path = auspex_batch;

reset auspex.owner_password;
reset auspex.app_password;
reset auspex.batch_password;
