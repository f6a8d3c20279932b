namespace MailSuite.Mda.Tests.Imap.Fuzz;

/// <summary>Valid dialogues and the words they are made of; who adds a command adds it here. A character is an octet.</summary>
internal static class ImapCorpus
{
    public const string SignIn = "s LOGIN fuzz@example.org secret\r\n";
    public const string Select = SignIn + "t SELECT INBOX\r\n";

    public static readonly string[] Dialogues =
    [
        "a CAPABILITY\r\nb NOOP\r\nc ID (\"name\" \"x\" \"version\" NIL)\r\nd LOGOUT\r\n",
        "a LOGIN {16+}\r\nfuzz@example.org {3}\r\nabc\r\nb LOGIN \"a\\\"b\" \"c\\\\d\"\r\n",
        "a AUTHENTICATE PLAIN AGZ1enpAZXhhbXBsZS5vcmcAeA==\r\nb AUTHENTICATE LOGIN\r\n*\r\nc AUTHENTICATE SCRAM-SHA-256\r\nbiwsbj1hLHI9Yg==\r\nYz1iaXdzLHI9eA==\r\n",
        "a ENABLE IMAP4rev2 CONDSTORE QRESYNC UTF8=ACCEPT UIDONLY\r\nb UNAUTHENTICATE\r\nc STARTTLS\r\n",
        "a IDLE\r\nDONE\r\nb IDLE\r\nx\r\n",
        "a SELECT INBOX (CONDSTORE)\r\nb EXAMINE INBOX\r\nc SELECT \"Sent\" (QRESYNC (1 2 1:3 (1,3 1,3)))\r\nd CLOSE\r\ne UNSELECT\r\nf CHECK\r\n",
        "a FETCH 1:* (FLAGS UID INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE)\r\nb UID FETCH 1,3:5,* BODY.PEEK[HEADER.FIELDS (From \"To\" {7+}\r\nSubject)]<0.20>\r\nc FETCH 1 BODY[1.2.MIME]\r\nd FETCH 1:2 (FLAGS) (CHANGEDSINCE 1 VANISHED)\r\n",
        "a STORE 1:2 +FLAGS.SILENT (\\Seen \\Deleted $x)\r\nb UID STORE 1 (UNCHANGEDSINCE 1) FLAGS \\Flagged\r\nc EXPUNGE\r\nd UID EXPUNGE 1:3\r\n",
        "a COPY 1:2 Sent\r\nb MOVE 1 \"Trash\"\r\nc UID COPY * {4+}\r\nSent\r\nd UID MOVE 1:* Nope\r\n",
        "a LIST \"\" \"*\"\r\nb LIST (SUBSCRIBED REMOTE) \"\" (\"INBOX\" \"%/%\") RETURN (CHILDREN STATUS (MESSAGES UNSEEN) SPECIAL-USE)\r\nc LSUB \"\" %\r\nd NAMESPACE\r\ne STATUS INBOX (MESSAGES UIDNEXT HIGHESTMODSEQ SIZE DELETED)\r\n",
        "a CREATE \"Entw&APw-rfe/x\"\r\nb RENAME a b\r\nc DELETE b\r\nd SUBSCRIBE INBOX\r\ne UNSUBSCRIBE INBOX\r\nf CREATE x (USE (\\Sent))\r\n",
        "a SETACL INBOX bob@example.org +lrs\r\nb GETACL INBOX\r\nc MYRIGHTS INBOX\r\nd LISTRIGHTS INBOX x\r\ne GETQUOTAROOT INBOX\r\nf GETMETADATA (DEPTH infinity MAXSIZE 100) INBOX (/private/comment)\r\ng SETMETADATA INBOX (/private/comment {3+}\r\nabc)\r\n",
        "a APPEND INBOX (\\Seen) \"24-Nov-2026 12:00:00 +0100\" {12+}\r\nSubject: x\r\n\r\nb APPEND INBOX ~{3+}\r\na\0b\r\nc APPEND {5}\r\nINBOX {3}\r\nabc\r\nd APPEND INBOX CATENATE (TEXT {3+}\r\nabc URL \"/INBOX/;UID=1\")\r\ne UID REPLACE 1 INBOX {3+}\r\nabc\r\n",
        "a SEARCH RETURN (MIN MAX COUNT ALL SAVE) OR SUBJECT x NOT (FROM \"y\" BEFORE 1-Jan-2026)\r\nb UID SEARCH CHARSET UTF-8 TEXT {2+}\r\nab\r\nc SORT (REVERSE DATE SUBJECT) UTF-8 ALL\r\nd UID THREAD REFERENCES UTF-8 UNSEEN\r\ne SEARCH $\r\nf ESEARCH IN (personal) ALL\r\n",
        "a NOTIFY SET STATUS (selected (MessageNew (UID FLAGS) MessageExpunge FlagChange)) (subtree (\"a\" b) (MessageNew MessageExpunge)) (personal (MailboxName SubscriptionChange))\r\nb NOTIFY NONE\r\n",
        "a COMPRESS DEFLATE\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "",
    ];

    public static readonly string[] Words =
    [
        "\r\n", "\n", "\r", " ", "  ", "(", ")", "((", "))", "\"", "\\", "\"\"", "{", "}", "{0}\r\n", "{1+}\r\n", "{5}\r\n", "{99999999999999999999+}\r\n", "{2000000+}\r\n", "~{3+}\r\n", "NIL", "*", "%", "$", "1", "0", "4294967295", "4294967296",
        "18446744073709551616", "1:*", "*:*", "1,2,3", "-1", "[", "]", "<0.1>", "BODY[", "BODY.PEEK[1.1.1.1.HEADER]", "BINARY[1]", "UID ", "UID FETCH ", "FETCH ", "STORE ", "SEARCH ", "a1 ", "DONE\r\n", "INBOX", "\\Seen", "\\", "&", "&-", "&AAA-",
        "\xc3\xbc", "\xff", "\0", "\x7f", "\t", "+", "+FLAGS ", "OR ", "NOT ", "(FLAGS)", "CHARSET ", "RETURN (", "01-Jan-2026", "\" 1-Jan-2026 00:00:00 +0000\"", "ENABLE QRESYNC\r\n", "SELECT INBOX\r\n", "LOGOUT\r\n", "LOGIN a b\r\n",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    ];

    public static readonly string[] Values =
    [
        "INBOX", "\"a b\"", "{3+}\r\nabc", "~{3+}\r\na\0b", "{0}\r\n", "NIL", "1:3,5,*:7", "$", "4294967295", "9223372036854775807", "\\Seen", "(\\Seen \\Flagged $x)", "\\Seen x y", "1-Jan-2026", "\"29-Feb-2024\"", "\" 1-Jan-2026 23:59:60 -1200\"", "\"\\\"\\\\\"",
        "&U,BTFw-/&ZeVnLIqe-", "(FLAGS UID BODY[HEADER.FIELDS (a b)])", "",
    ];
}
