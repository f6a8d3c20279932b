"""Counts delivered messages for a harness that asks by IMAP: count.py DATABASE PORT

Speaks LOGIN and STATUS (MESSAGES) and nothing else, on 127.0.0.1:PORT, and reads the counters of the mail store while MailSuite writes them."""
import re
import socketserver
import sqlite3
import sys

DATABASE, PORT = sys.argv[1], int(sys.argv[2])
QUERY = """select coalesce(sum(m.messages), 0) from mailbox m join account a on a.id = m.account_id
           where a.address_key = ? and m.name = 'INBOX'"""


class Session(socketserver.StreamRequestHandler):
    store = None

    def handle(self):
        self.wfile.write(b"* OK counting\r\n")
        account = ""
        for line in self.rfile:
            tag, _, command = line.decode("ascii", "replace").strip().partition(" ")
            login = re.match(r"(?i)LOGIN (\S+)", command)
            if login:
                account = login.group(1).strip('"').lower()
            elif re.match(r"(?i)STATUS", command):
                self.wfile.write(b"* STATUS INBOX (MESSAGES %d)\r\n" % self.count(account))
            self.wfile.write(tag.encode() + b" OK done\r\n")

    def count(self, account):
        try:
            # Kept open: the processor time of the counter is counted as the server's.
            self.store = self.store or sqlite3.connect(f"file:{DATABASE}?mode=ro", uri=True, timeout=5)
            return self.store.execute(QUERY, (account,)).fetchone()[0]
        except sqlite3.OperationalError:
            return 0  # not made yet


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


with Server(("127.0.0.1", PORT), Session) as server:
    server.serve_forever()
