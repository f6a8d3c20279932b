#!/bin/sh
# MailSuite in the foreground for a benchmark of mail servers: mailsuite.sh DIR PORT [MODE]
# SMTP on 127.0.0.1:PORT, all data below DIR. MODE maildir (the default): any address is a mailbox here, with IMAP on PORT+1 and any password.
# MODE relay: all mail goes to 127.0.0.1:$SINK, with the settings of a server; clients of this machine may relay.
# MAILSUITE is the published program, by default artifacts/publish/mailsuite of this repository.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
directory=$1 port=$2 mode=${3:-maildir}
program=${MAILSUITE:-$here/../../artifacts/publish/mailsuite}
export MAILSUITE_Smtp__Port="$port" MAILSUITE_Web__Port=0
if [ "$mode" = relay ]; then
    cat > "$directory/relay.json" <<JSON
{
  "HostName": "mx.mailsuite.test",
  "DataDirectory": "$directory/data",
  "Smtp": { "Addresses": ["127.0.0.1"] },
  "Submission": { "Port": "off" },
  "SubmissionTls": { "Port": "off" },
  "Imap": { "Port": "off" },
  "ImapTls": { "Port": "off" },
  "Pop3": { "Port": "off" },
  "Pop3Tls": { "Port": "off" },
  "Mta": { "RelayNetworks": ["127.0.0.0/8"] },
  "Relay": { "Smarthost": { "Hosts": ["127.0.0.1:$SINK"] } },
}
JSON
    exec "$program" serve --config "$directory/relay.json" --log-level "${LOG_LEVEL:-Information}"
fi
export MAILSUITE_Imap__Port=$((port + 1)) MAILSUITE_Pop3__Port=off
exec "$program" dev --data "$directory/data" --log-level "${LOG_LEVEL:-Information}"
