#!/bin/sh
# MailSuite in the foreground for a benchmark of mail servers: mailsuite.sh DIR PORT [MODE]
# SMTP on 127.0.0.1:PORT for any address, all data below DIR. On PORT+1 a counter answers LOGIN and STATUS as an IMAP server does, from the
# store's own counters, for a harness that counts deliveries so (MailSuite itself has no IMAP yet).
# MAILSUITE is the published program, by default artifacts/publish/mailsuite of this repository.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
directory=$1 port=$2
program=${MAILSUITE:-$here/../../artifacts/publish/mailsuite}
python3 "$here/count.py" "$directory/data/mda.db" $((port + 1)) &
MAILSUITE_Smtp__Port=$port MAILSUITE_Web__Port=0 exec "$program" dev --data "$directory/data" --log-level "${LOG_LEVEL:-Information}"
