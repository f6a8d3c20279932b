"""Works on an account by imaplib and poplib: mailboxes.py ADDRESS PASSWORD IMAP IMAPS POP3 POP3S. Two messages are in the INBOX."""
import imaplib
import poplib
import ssl
import sys
import threading
import time

ADDRESS, PASSWORD = sys.argv[1:3]
IMAP, IMAPS, POP3, POP3S = map(int, sys.argv[3:7])
HOST = "127.0.0.1"
TLS = ssl._create_unverified_context()


def ok(answer):
    assert answer[0] == "OK", answer
    return answer[1]


def same(got, wanted):
    assert got == wanted, "got %r, wanted %r" % (got, wanted)


def imap():
    client = imaplib.IMAP4_SSL(HOST, IMAPS, ssl_context=TLS, timeout=30)
    ok(client.login(ADDRESS, PASSWORD))
    return client


def signs_in_with_starttls():
    client = imaplib.IMAP4(HOST, IMAP, timeout=30)
    client.starttls(TLS)
    try:
        client.login(ADDRESS, "no-" + PASSWORD)
        raise SystemExit("a wrong password was accepted")
    except imaplib.IMAP4.error:
        pass
    ok(client.authenticate("PLAIN", lambda _: b"\0" + ADDRESS.encode() + b"\0" + PASSWORD.encode()))
    client.logout()


def appends_with_flags_and_date():
    client = imap()
    ok(client.append("INBOX", r"(\Seen \Flagged $Work)", imaplib.Time2Internaldate(1_700_000_000), b"Subject: Appended\r\n\r\nhi\r\n"))
    same(ok(client.select("INBOX")), [b"3"])
    uid = ok(client.uid("SEARCH", "SUBJECT", '"Appended"'))[0]
    data = ok(client.uid("FETCH", uid, "(FLAGS INTERNALDATE)"))[0]
    for flag in (rb"\Seen", rb"\Flagged", b"$Work"):
        assert flag in data, data
    same(time.mktime(imaplib.Internaldate2tuple(data)), 1_700_000_000)
    client.logout()


def copies_moves_renames_and_deletes():
    client = imap()
    ok(client.create("Work"))
    ok(client.select("INBOX"))
    uid = ok(client.uid("SEARCH", "SUBJECT", "Appended"))[0]
    ok(client.uid("COPY", uid, "Work"))
    ok(client.uid("MOVE", uid, "Work"))
    same(ok(client.uid("SEARCH", "SUBJECT", "Appended")), [b""])
    same(ok(client.select("Work")), [b"2"])
    ok(client.store("1:*", "+FLAGS", r"(\Deleted)"))
    ok(client.close())
    ok(client.rename("Work", "Works"))
    assert any(b"Works" in line for line in ok(client.list()))
    ok(client.subscribe("Works"))
    assert any(b"Works" in line for line in ok(client.lsub()))
    ok(client.unsubscribe("Works"))
    ok(client.delete("Works"))
    name = '"py &Jjo-!"'
    ok(client.create(name))
    assert any(b"&Jjo-!" in line for line in ok(client.list('""', '"py*"')))
    ok(client.delete(name))
    client.logout()


def searches_in_utf8():
    client = imap()
    ok(client.append("INBOX", None, None, "Subject: =?utf-8?b?R3LDvMOfZS3ml6XmnKw=?=\r\n\r\nhi\r\n".encode()))
    ok(client.select("INBOX"))
    client.literal = "Grüße-日本".encode()
    same(ok(client.uid("SEARCH", "CHARSET", "UTF-8", "SUBJECT"))[0].split()[-1:], ok(client.uid("SEARCH", "UID", "*"))[0].split())
    client.logout()


def idles():
    client, other = imap(), imap()
    ok(client.select("INBOX"))
    client.send(b"i1 IDLE\r\n")
    assert client.readline().startswith(b"+")
    later = threading.Timer(0.3, lambda: ok(other.append("INBOX", None, None, b"Subject: Pushed\r\n\r\nhi\r\n")))
    later.start()
    while b"EXISTS" not in client.readline():
        pass
    client.send(b"DONE\r\n")
    while not client.readline().startswith(b"i1 OK"):
        pass
    later.join()
    other.logout()


def fetches_parts():
    client = imap()
    blob = bytes(range(256)) * 400
    import email.message
    message = email.message.EmailMessage()
    message["Subject"] = "With a file"
    message.set_content("text\n")
    message.add_attachment(blob, maintype="application", subtype="octet-stream", filename="blöb.bin")
    raw = message.as_bytes(policy=message.policy.clone(linesep="\r\n"))
    ok(client.append("INBOX", None, None, raw))
    ok(client.select("INBOX"))
    uid = ok(client.uid("SEARCH", "SUBJECT", '"With a file"'))[0]
    same(ok(client.uid("FETCH", uid, "(BODY.PEEK[])"))[0][1], raw)
    assert b"RFC822.SIZE %d" % len(raw) in ok(client.uid("FETCH", uid, "(RFC822.SIZE)"))[0]
    same(len(ok(client.uid("FETCH", uid, "(BODY.PEEK[2]<0.1000>)"))[0][1]), 1000)
    structure = b"".join(part if isinstance(part, bytes) else b"".join(part) for part in ok(client.uid("FETCH", uid, "(ENVELOPE BODYSTRUCTURE)")))
    for word in (b"With a file", b'"mixed"', b'"base64"'):
        assert word.lower() in structure.lower(), structure
    client.logout()


def works_over_pop3():
    client = poplib.POP3(HOST, POP3, timeout=30)
    assert "STLS" in client.capa()
    client.stls(TLS)
    client.user(ADDRESS)
    client.pass_(PASSWORD)
    count, _ = client.stat()
    same(len(client.list()[1]), count)
    same(len({line.split()[1] for line in client.uidl()[1]}), count)
    assert len(client.top(count, 0)[1]) < len(client.retr(count)[1])
    client.dele(count)
    client.rset()
    same(client.stat()[0], count)
    client.dele(count)
    client.quit()
    client = poplib.POP3_SSL(HOST, POP3S, timeout=30, context=TLS)
    client.user(ADDRESS)
    client.pass_(PASSWORD)
    same(client.stat()[0], count - 1)
    client.quit()


for step in (signs_in_with_starttls, appends_with_flags_and_date, copies_moves_renames_and_deletes, searches_in_utf8, idles, fetches_parts, works_over_pop3):
    print(step.__name__, flush=True)
    step()
print("all done")
