#!/usr/bin/env bash
# A Payara Server domain that runs auspex.ear. Every step may be repeated: what is as it should be is left alone.
#
#   domain.sh start     create the domain when there is none, start it, configure it, deploy the EAR
#   domain.sh stop      stop it
#   domain.sh asadmin ...  any command of asadmin against the domain, as its administrator
#
# From the environment:
#   PAYARA_HOME                   the unpacked Payara Server 6.2025.9 (directory payara6)
#   AUSPEX_SERVER_ADMIN_PASSWORD  password of the console's user admin; at least 8 characters
#   AUSPEX_EAR, AUSPEX_DRIVER     auspex.ear, and the jar of the PostgreSQL driver
#   AUSPEX_DATA                   the domain lies in its directory server; default ./data
#   AUSPEX_DB_URL, AUSPEX_DB_{OWNER,APP,BATCH}_{USER,PASSWORD}  as for the bundle
#   AUSPEX_HTTP_ADDRESS, AUSPEX_HTTP_PORT   default 127.0.0.1 and 8080
#   AUSPEX_SERVER_PORTBASE        the domain's other ports count from here; default 4800, so the console is at 4848
#   AUSPEX_HEAP                   largest Java heap; default 512m
set -euo pipefail

: "${PAYARA_HOME:?}" "${AUSPEX_SERVER_ADMIN_PASSWORD:?}"
data=$(realpath -m "${AUSPEX_DATA:-data}")
domains=$data/server
domain=auspex
portbase=${AUSPEX_SERVER_PORTBASE:-4800}
http=configs.config.server-config.network-config

umask 077
mkdir -p "$domains"
passwords=$(mktemp "$domains/passwords.XXXXXX")
trap 'rm -f "$passwords"' EXIT
printf 'AS_ADMIN_PASSWORD=%s\nAS_ADMIN_MASTERPASSWORD=changeit\n' "$AUSPEX_SERVER_ADMIN_PASSWORD" >"$passwords"
[ -z "${JAVA_HOME:-}" ] || export AS_JAVA=$JAVA_HOME

asadmin() {
  "$PAYARA_HOME/bin/asadmin" --interactive=false --user admin --passwordfile "$passwords" --port $((portbase + 48)) "$@"
}

is_running() { asadmin list-domains --domaindir "$domains" 2>/dev/null | grep -q "^$domain running"; }

has() { # has <list command> <name>
  asadmin "$1" 2>/dev/null | grep -qx "$2"
}

create() {
  [ -d "$domains/$domain" ] && return
  echo "  creating the domain"
  asadmin create-domain --domaindir "$domains" --portbase "$portbase" --savelogin=false --usemasterpassword=false "$domain" >"$domains/create.log" 2>&1 ||
    { cat "$domains/create.log" >&2; exit 70; }
}

configure() {
  # one command line each; set answers the same when nothing changes
  asadmin set \
    "$http.network-listeners.network-listener.admin-listener.address=127.0.0.1" \
    "$http.network-listeners.network-listener.http-listener-1.address=${AUSPEX_HTTP_ADDRESS:-127.0.0.1}" \
    "$http.network-listeners.network-listener.http-listener-1.port=${AUSPEX_HTTP_PORT:-8080}" \
    "$http.network-listeners.network-listener.http-listener-2.enabled=false" \
    "$http.protocols.protocol.http-listener-1.http.max-connections=-1" \
    "configs.config.server-config.hazelcast-config-specific-configuration.enabled=false" \
    "configs.config.server-config.phone-home-runtime-configuration.enabled=false" >/dev/null
  has list-jdbc-connection-pools batch ||
    # shellcheck disable=SC2016 # the domain resolves these itself, so that no password is stored in it
    asadmin create-jdbc-connection-pool --datasourceclassname org.postgresql.ds.PGSimpleDataSource --restype javax.sql.DataSource \
      --steadypoolsize 0 --maxpoolsize 6 \
      --property 'url=${ENV=AUSPEX_DB_URL}:user=${ENV=AUSPEX_DB_BATCH_USER}:password=${ENV=AUSPEX_DB_BATCH_PASSWORD}' batch >/dev/null
  has list-jdbc-resources jdbc/batch || asadmin create-jdbc-resource --connectionpoolid batch jdbc/batch >/dev/null
  asadmin set-batch-runtime-configuration --datasourcelookupname jdbc/batch --schemaname auspex_batch --executorservicelookupname concurrent/__defaultManagedExecutorService >/dev/null
}

start() {
  : "${AUSPEX_EAR:?}" "${AUSPEX_DRIVER:?}" "${AUSPEX_DB_URL:?}" "${AUSPEX_DB_OWNER_PASSWORD:?}" "${AUSPEX_DB_APP_PASSWORD:?}" "${AUSPEX_DB_BATCH_PASSWORD:?}"
  export AUSPEX_DB_OWNER_USER=${AUSPEX_DB_OWNER_USER:-auspex_owner} AUSPEX_DB_APP_USER=${AUSPEX_DB_APP_USER:-auspex_app} AUSPEX_DB_BATCH_USER=${AUSPEX_DB_BATCH_USER:-auspex_batch}
  export AUSPEX_DATA=$data
  create
  cp -u "$AUSPEX_DRIVER" "$domains/$domain/lib/"
  if ! is_running; then
    echo "  starting the domain"
    asadmin start-domain --domaindir "$domains" "$domain" >"$domains/start.log" 2>&1 || { cat "$domains/start.log" >&2; exit 70; }
  fi
  echo "  configuring"
  configure
  echo "  deploying $AUSPEX_EAR"
  asadmin deploy --force --name auspex "$AUSPEX_EAR"
  echo "Ready."
  echo "  Portal   http://${AUSPEX_HTTP_ADDRESS:-127.0.0.1}:${AUSPEX_HTTP_PORT:-8080}/"
  echo "  Console  http://127.0.0.1:$((portbase + 48))/ as admin"
}

stop() {
  if is_running; then asadmin stop-domain --domaindir "$domains" "$domain"; fi
}

case "${1:-}" in
  start) start ;;
  stop) stop ;;
  asadmin) asadmin "${@:2}" ;;
  *) sed -n '2,6p' "$0" >&2; exit 64 ;;
esac
