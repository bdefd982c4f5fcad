#!/usr/bin/env bash
# A Payara Server domain that runs auspex.ear. Every step may be repeated: what is as it should be is left alone.
#
#   domain.sh start        create the domain when there is none, start it, configure it, deploy the EAR, wait until it is ready
#   domain.sh stop         stop it
#   domain.sh asadmin ...  any command of asadmin against the domain, as its administrator
#
# From the environment:
#   PAYARA_HOME                   the unpacked Payara Server (directory payara6)
#   AUSPEX_SERVER_ADMIN_PASSWORD  password of the console's user admin; at least 8 characters; taken when the domain is created
#   AUSPEX_EAR, AUSPEX_DRIVER     auspex.ear, and the jar of the PostgreSQL driver
#   AUSPEX_LOGGING                the jar that writes the log as JSON (launcher/target/auspex-launcher-*-logging.jar); default: no such log
#   AUSPEX_DATA                   the domain lies in its directory server; default ./data
#   AUSPEX_DB_URL, AUSPEX_DB_{OWNER,APP,BATCH}_{USER,PASSWORD}  as for the bundle
#   AUSPEX_DB_CONNECTIONS         the most connections of each of the application's two pools; default 12
#   AUSPEX_HTTP_ADDRESS, AUSPEX_HTTP_PORT   default 127.0.0.1 and 8080
#   AUSPEX_SERVER_PORTBASE        taken when the domain is created: the console's port is this plus 48; default 4800
#   AUSPEX_HEAP                   largest Java heap; default 512m
#   AUSPEX_LOG_LEVEL              default INFO
#   AUSPEX_START_SECONDS          how long the application may take until it is ready; default 300
set -euo pipefail

: "${PAYARA_HOME:?}" "${AUSPEX_SERVER_ADMIN_PASSWORD:?}"
data=$(realpath -m "${AUSPEX_DATA:-data}")
domains=$data/server
domain=auspex
home=$domains/$domain
portbase=${AUSPEX_SERVER_PORTBASE:-4800}
address=${AUSPEX_HTTP_ADDRESS:-127.0.0.1}
port=${AUSPEX_HTTP_PORT:-8080}
connections=${AUSPEX_DB_CONNECTIONS:-12}

umask 077
[ -d "$data" ] || mkdir -m 711 -p "$data" # PostgreSQL's own user passes through
mkdir -p "$domains"
work=$(mktemp -d "$domains/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
passwords=$work/passwords
printf 'AS_ADMIN_PASSWORD=%s\nAS_ADMIN_NEWPASSWORD=%s\nAS_ADMIN_MASTERPASSWORD=changeit\n' \
  "$AUSPEX_SERVER_ADMIN_PASSWORD" "$AUSPEX_SERVER_ADMIN_PASSWORD" >"$passwords"
[ -z "${JAVA_HOME:-}" ] || export AS_JAVA=$JAVA_HOME
# asadmin keeps the certificates it has met; not in the home of whoever calls this
export AS_EXTRA_JAVA_OPTS="-Duser.home=$domains"

fail() { # fail <status> <message> [<file to show>]
  [ -z "${3:-}" ] || cat "$3" >&2
  echo "domain.sh: $2" >&2
  exit "$1"
}

asadmin() {
  "$PAYARA_HOME/bin/asadmin" --interactive=false --user admin --passwordfile "$passwords" --port $((portbase + 48)) "$@"
}

told() { # told <step> <command>...: shows what the command says only when it fails
  local step=$1
  shift
  "$@" >"$work/said" 2>&1 || fail 70 "$step failed" "$work/said"
}

all() { # all <file>: the commands of a file in one asadmin; it goes on after a failure and does not tell by its status
  told "configuring" asadmin multimode --file "$1"
  if grep -E '^Command [-a-z]+ failed|^remote failure' "$work/said" >&2; then fail 70 "configuring failed" "$work/said"; fi
}

is_running() {
  asadmin list-domains --domaindir "$domains" >"$work/domains" 2>/dev/null || return 1
  grep -q "^$domain running" "$work/domains"
}

create() {
  [ ! -f "$home/config/domain.xml" ] || return 0
  echo "  creating the domain"
  told "creating the domain" asadmin create-domain --domaindir "$domains" --portbase "$portbase" --savelogin=false --usemasterpassword=false "$domain"
}

# Before the domain is started: files that a running server reads only once.
install() {
  local jar
  for jar in "$home"/lib/postgresql-*.jar; do
    [ "$jar" = "$home/lib/$(basename "$AUSPEX_DRIVER")" ] || rm -f "$jar"
  done
  cp -u "$AUSPEX_DRIVER" "$home/lib/"
  local file=$home/config/logging.properties
  [ -f "$file.stock" ] || cp "$file" "$file.stock"
  {
    cat "$file.stock"
    echo "# what follows is written by domain.sh at each start"
    echo "com.sun.enterprise.server.logging.GFFileHandler.maxHistoryFiles=5"
    if [ -n "${AUSPEX_LOGGING:-}" ]; then
      cp -u "$AUSPEX_LOGGING" "$home/lib/auspex-logging.jar"
      mkdir -m 750 -p "$data/logs"
      echo "handlers=io.auspex.launcher.LogFile"
      echo "io.auspex.launcher.LogFile.path=$data/logs/auspex.log"
      echo "io.auspex.launcher.LogFile.bytes=20000000"
      echo "io.auspex.launcher.LogFile.files=10"
    fi
    echo ".level=${AUSPEX_LOG_LEVEL:-INFO}"
    echo "liquibase.level=WARNING"
    echo "org.eclipse.persistence.level=WARNING"
    echo "org.eclipse.persistence.default.useParentHandlers=false" # warns that the persistence unit has no entity, which is so on purpose
    echo "jakarta.enterprise.resource.webcontainer.faces.level=WARNING"
  } >"$work/logging.properties"
  cmp -s "$work/logging.properties" "$file" || cp "$work/logging.properties" "$file"
}

boot() {
  echo "  starting the domain"
  told "starting the domain" asadmin start-domain --domaindir "$domains" "$domain"
}

pool() { # pool <name> <login> <attribute=value>...: the commands for what is not yet as it should be
  local name=$1 login=$2 attribute path=resources.jdbc-connection-pool.$1
  shift 2
  if ! grep -q "^$path.name=" "$work/resources"; then
    # the domain resolves the values itself, so that no password is stored in it
    echo "create-jdbc-connection-pool --datasourceclassname org.postgresql.ds.PGSimpleDataSource --restype javax.sql.DataSource" \
      "--property url=\${MPCONFIG=auspex.db.url}:user=\${MPCONFIG=auspex.db.$login.user}:password=\${MPCONFIG=auspex.db.$login.password} $name"
  fi
  if ! grep -q "^resources.jdbc-resource.jdbc/$name.jndi-name=" "$work/resources"; then
    echo "create-jdbc-resource --connectionpoolid $name jdbc/$name"
  fi
  # why: DomainConfiguration.java, which sets the same for Payara Micro; how to validate is said before that it shall be
  for attribute in "$@" connection-validation-method=custom-validation \
    validation-classname=org.glassfish.api.jdbc.validation.JDBC40ConnectionValidation is-connection-validation-required=true \
    validate-atmost-once-period-in-seconds=1 wrap-jdbc-objects=false; do
    grep -qxF "$path.$attribute" "$work/resources" || echo "set $path.$attribute"
  done
}

configure() {
  local config=configs.config.server-config heap=-Xmx${AUSPEX_HEAP:-512m} old
  local protocols=$config.network-config.protocols.protocol listeners=$config.network-config.network-listeners.network-listener
  echo "  configuring"
  told "reading the configuration" asadmin get '*'
  cp "$work/said" "$work/resources"
  {
    cat <<SETTINGS
set $listeners.admin-listener.address=127.0.0.1
set $listeners.http-listener-1.address=$address
set $listeners.http-listener-1.port=$port
set $listeners.http-listener-2.enabled=false
set $protocols.http-listener-1.http.max-connections=-1
set $protocols.http-listener-1.http.xpowered-by=false
set $protocols.http-listener-1.http.server-header=false
set $config.thread-pools.thread-pool.http-thread-pool.min-thread-pool-size=2
set $config.thread-pools.thread-pool.http-thread-pool.max-thread-pool-size=200
set $config.iiop-service.iiop-listener.orb-listener-1.enabled=false
set $config.iiop-service.iiop-listener.SSL.enabled=false
set $config.iiop-service.iiop-listener.SSL_MUTUALAUTH.enabled=false
set $config.admin-service.jmx-connector.system.enabled=false
set $config.admin-service.das-config.autodeploy-enabled=false
set $config.jms-service.type=DISABLED
set resources.jdbc-connection-pool.__TimerPool.property.URL=jdbc:h2:\${com.sun.aas.instanceRoot}/lib/databases/ejbtimer
set $config.hazelcast-config-specific-configuration.enabled=false
set $config.phone-home-runtime-configuration.enabled=false
SETTINGS
    pool auspex app steady-pool-size=1 "max-pool-size=$connections" idle-timeout-in-seconds=300
    pool auspexDirect app steady-pool-size=1 "max-pool-size=$connections" idle-timeout-in-seconds=300 non-transactional-connections=true
    pool auspexOwner owner steady-pool-size=0 max-pool-size=2 idle-timeout-in-seconds=60 non-transactional-connections=true
    pool auspexBatch batch steady-pool-size=0 max-pool-size=6 idle-timeout-in-seconds=300
    echo "set-batch-runtime-configuration --datasourcelookupname jdbc/auspexBatch --schemaname auspex_batch --executorservicelookupname concurrent/__defaultManagedExecutorService"
    if ! grep -qF -- "$heap" "$work/resources"; then
      for old in $(grep -oE -- '-Xmx[0-9]+[kmgKMG]?' "$work/resources" | sort -u); do echo "delete-jvm-options $old"; done
      echo "create-jvm-options $heap"
    fi
    [ -z "${AUSPEX_LOGGING:-}" ] || echo "set $config.java-config.classpath-suffix=\${com.sun.aas.instanceRoot}/lib/auspex-logging.jar"
    grep -q '^secure-admin.enabled=true' "$work/resources" || echo enable-secure-admin # the console by TLS, with the domain's own certificate
    echo "set $protocols.sec-admin-listener.http.xpowered-by=false"
    echo "set $protocols.sec-admin-listener.http.server-header=false"
  } >"$work/commands"
  all "$work/commands"
  told "asking for the domain's state" asadmin _get-restart-required
  grep -q '^true' "$work/said" || return 0
  halt
  boot
}

halt() {
  told "stopping the domain" asadmin stop-domain --domaindir "$domains" "$domain"
}

deploy() {
  local sum
  sum=$(sha256sum <"$AUSPEX_EAR")
  told "asking for applications" asadmin list-applications
  if grep -q '^auspex ' "$work/said" && [ "$sum" = "$(cat "$domains/deployed" 2>/dev/null)" ] && [ "$(health)" != 404 ]; then
    return
  fi
  echo "  deploying $AUSPEX_EAR"
  rm -f "$domains/deployed"
  told "deploying" asadmin deploy --force --name auspex "$AUSPEX_EAR"
  echo "$sum" >"$domains/deployed"
}

health() { # prints the status of /health/ready; no program that may be missing is needed
  local target=$address status=""
  case $target in 0.0.0.0 | ::) target=127.0.0.1 ;; esac
  {
    exec 3<>"/dev/tcp/$target/$port" || return 0
    printf 'GET /health/ready HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$target" >&3
    read -r -t 20 _ status _ <&3 || true
    exec 3>&-
  } 2>/dev/null
  echo "$status"
}

await_ready() {
  local end=$((SECONDS + ${AUSPEX_START_SECONDS:-300}))
  until [ "$(health)" = 200 ]; do
    [ $SECONDS -lt $end ] || fail 70 "the application is not ready; $home/logs/server.log has the story"
    sleep 0.5
  done
}

start() {
  : "${AUSPEX_EAR:?}" "${AUSPEX_DRIVER:?}" "${AUSPEX_DB_URL:?}" "${AUSPEX_DB_OWNER_PASSWORD:?}" "${AUSPEX_DB_APP_PASSWORD:?}" "${AUSPEX_DB_BATCH_PASSWORD:?}"
  export AUSPEX_DB_OWNER_USER=${AUSPEX_DB_OWNER_USER:-auspex_owner} AUSPEX_DB_APP_USER=${AUSPEX_DB_APP_USER:-auspex_app} AUSPEX_DB_BATCH_USER=${AUSPEX_DB_BATCH_USER:-auspex_batch}
  export AUSPEX_DATA=$data
  create
  if ! is_running; then
    install
    boot
  fi
  configure
  deploy
  await_ready
  echo "Ready after $SECONDS s."
  echo "  Portal   http://$address:$port/"
  echo "  Console  https://127.0.0.1:$((portbase + 48))/ as admin"
}

case "${1:-}" in
  start) start ;;
  stop) if is_running; then halt; fi ;;
  asadmin) asadmin "${@:2}" ;;
  *) sed -n '2,6p' "$0" >&2; exit 64 ;;
esac
