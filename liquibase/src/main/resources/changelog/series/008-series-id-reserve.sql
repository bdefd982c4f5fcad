--liquibase formatted sql

--changeset auspex:series-070-id-reserve splitStatements:false
--comment: a restored snapshot brings ids of its own; new ones begin behind them
create function auspex.series_id_reserve(upto bigint) returns void
    language plpgsql volatile security definer set search_path = auspex, pg_temp as
$$
begin
    if upto is null or upto not between 1 and 2147483646 then
        raise exception 'no series id %', upto using errcode = 'invalid_parameter_value';
    end if;
    if upto > (select last_value from auspex.series_id) then
        perform setval('auspex.series_id', upto);
    end if;
end
$$;
revoke all on function auspex.series_id_reserve(bigint) from public;
grant execute on function auspex.series_id_reserve(bigint) to ${appRole};
--rollback drop function auspex.series_id_reserve(bigint);
