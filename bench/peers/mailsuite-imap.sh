#!/bin/sh
# MailSuite in the foreground for a benchmark of IMAP servers: mailsuite-imap.sh DIR PORT
# IMAP on 127.0.0.1:PORT, all data below DIR, any user and any password; as many sessions of one user as the benchmark opens.
# Nothing of it is a cache that can be deleted: its cold start is an empty page cache.
# MAILSUITE is the published program, by default artifacts/publish/mailsuite of this repository.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1/mail"   # where the harness looks for caches of others
export MAILSUITE_Imap__Port="$2" MAILSUITE_Imap__MaxSessionsPerAccount=2000
export MAILSUITE_Smtp__Port=0 MAILSUITE_Pop3__Port=off MAILSUITE_Web__Port=0
exec "${MAILSUITE:-$here/../../artifacts/publish/mailsuite}" dev --data "$1/data" --log-level "${LOG_LEVEL:-Warning}"
