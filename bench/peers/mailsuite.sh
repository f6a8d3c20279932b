#!/bin/sh
# MailSuite in the foreground for a benchmark: mailsuite.sh DIR PORT. SMTP on 127.0.0.1:PORT for user1 … user$USERS@bench.test, everything below DIR.
# On PORT+1 a counter answers LOGIN and STATUS of IMAP from the mailboxes' own counters, for a harness that counts deliveries so.
# MAILSUITE names the published program; see bench/README.md.
